// Package pack holds what the service knows of an industry before it has seen
// a single label: its types and sub-types, the words that speak for them, the
// departments, time limits and handling notes; and it joins a pack with
// trained models into an analyser.
package pack

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/qianyi-dev/qianyi/triage"
)

//go:embed packs/*.yaml
var embedded embed.FS

// Pack is one industry. It is read from YAML and does not change.
type Pack struct {
	Code   string `yaml:"code"`
	Name   string `yaml:"name"`
	NameEN string `yaml:"name_en"`
	// ReviewBelow is the confidence under which a person should look.
	ReviewBelow float64 `yaml:"review_below"`
	SLA         Limits  `yaml:"sla"`
	// Urgency caps the limits of urgent cases, by level.
	Urgency map[string]Limits `yaml:"urgency"`
	// Dictionary lists domain words that are to be cut as one.
	Dictionary []string `yaml:"dictionary"`
	Products   []string `yaml:"products"`
	Campaigns  []string `yaml:"campaigns"`
	Types      []Type   `yaml:"types"`

	// meaning maps sub-types of the shipped general pack to types of this one;
	// nil for that pack itself.
	meaning map[string]string
	// embedded is true for a pack of the binary.
	embedded bool
}

// Limits are the time limits of a case, from the complaint on. Zero means: as
// the surrounding level says.
type Limits struct {
	Respond Duration `yaml:"respond"`
	Verify  Duration `yaml:"verify"`
	Resolve Duration `yaml:"resolve"`
}

// Type is one type or sub-type of complaint.
type Type struct {
	Code       string `yaml:"code"`
	Name       string `yaml:"name"`
	NameEN     string `yaml:"name_en"`
	Department string `yaml:"department"`
	SLA        Limits `yaml:"sla"`
	// General names the types or sub-types of the general pack that mean this
	// type; through them a pack without labels uses the shipped model.
	General []string `yaml:"general"`
	// Words speak for the type: 3 nearly decisive, 1 a hint, negative against.
	Words map[string]float64 `yaml:"words"`
	// Notes are handling advice, one action each.
	Notes    []string `yaml:"notes"`
	Subtypes []Type   `yaml:"subtypes"`
}

// Duration is a time limit written like "24h" or "30m".
type Duration time.Duration

// UnmarshalYAML reads the text form; negative limits are refused.
func (d *Duration) UnmarshalYAML(b []byte) error {
	text := strings.Trim(strings.TrimSpace(string(b)), `"'`)
	v, err := time.ParseDuration(text)
	if err != nil || v < 0 {
		return fmt.Errorf("%q is not a time limit; write it like 24h or 30m", text)
	}
	*d = Duration(v)
	return nil
}

// Load reads the pack with the given code: DIR/CODE.yaml when dir is not empty
// and has it, else the one in the binary. An error names the file and what is
// at fault: the line and key of a slip in writing, the type of one in sense.
func Load(dir, code string) (*Pack, error) {
	if code != filepath.Base(code) || code == "." || code == "" {
		return nil, fmt.Errorf("pack %q: a pack is named by its code, such as general", code)
	}
	file, b, inBinary, err := find(dir, code)
	if err != nil {
		return nil, err
	}
	p, err := read(file, b)
	if err != nil {
		return nil, err
	}
	p.embedded = inBinary
	if p.Code != code {
		return nil, fmt.Errorf("pack %s: code: is %q; it must be %q like the file", file, p.Code, code)
	}
	if err := p.relate(); err != nil {
		return nil, fmt.Errorf("pack %s: %w", file, err)
	}
	return p, nil
}

// find returns the file of a pack and its content.
func find(dir, code string) (file string, content []byte, inBinary bool, err error) {
	name := code + ".yaml"
	if dir != "" {
		file = filepath.Join(dir, name)
		b, err := os.ReadFile(file)
		if err == nil {
			return file, b, false, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", nil, false, fmt.Errorf("pack %s: %w", code, err)
		}
	}
	b, err := embedded.ReadFile(path.Join("packs", name))
	if err != nil {
		return "", nil, false, fmt.Errorf("pack %q is unknown; there are %s", code, strings.Join(Codes(dir), ", "))
	}
	return name, b, true, nil
}

// Codes lists the packs of the binary and of dir, sorted.
func Codes(dir string) []string {
	var codes []string
	files, _ := fs.Glob(embedded, "packs/*.yaml") // the pattern is constant and right
	if dir != "" {
		more, _ := filepath.Glob(filepath.Join(dir, "*.yaml"))
		files = append(files, more...)
	}
	for _, f := range files {
		codes = append(codes, strings.TrimSuffix(filepath.Base(f), ".yaml"))
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// read decodes and checks a pack by itself.
func read(file string, b []byte) (*Pack, error) {
	var p Pack
	err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&p)
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("pack %s: the file is empty", file)
	}
	if err != nil {
		return nil, yamlError(file, err)
	}
	if err := p.validate(); err != nil {
		return nil, fmt.Errorf("pack %s: %w", file, err)
	}
	return &p, nil
}

// yamlError puts file and line before the decoder's reason, which comes with an
// excerpt of many lines otherwise.
func yamlError(file string, err error) error {
	if y, ok := errors.AsType[yaml.Error](err); ok && y.GetToken() != nil {
		return fmt.Errorf("pack %s:%d: %s", file, y.GetToken().Position.Line, y.GetMessage())
	}
	return fmt.Errorf("pack %s: %w", file, err)
}

// Infos returns the types in the order of the file.
func (p *Pack) Infos() []triage.TypeInfo { return infos(p.Types) }

func infos(types []Type) []triage.TypeInfo {
	list := make([]triage.TypeInfo, len(types))
	for i, t := range types {
		list[i] = triage.TypeInfo{
			Code: t.Code, Name: t.Name, NameEN: t.NameEN, Department: t.Department, Notes: t.Notes,
			Subtypes: infos(t.Subtypes),
		}
	}
	return list
}
