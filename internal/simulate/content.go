package simulate

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/qianyi-dev/qianyi/internal/corpus"
)

//go:embed data
var files embed.FS

// content is what people wrote: the company, the kinds of incidents, the ways
// of speaking. A value in braces is a slot, [a|b] is a choice.
type content struct {
	Surnames   []string
	GivenNames []string `yaml:"given_names"`
	Regions    []struct {
		Name  string
		Share float64
	}
	Industries []industry
	// Slots are lists that every text may draw from.
	Slots map[string][]string
	Own   voice
	// Record is how an agent writes down what a customer said.
	Record voice
	Copied []string
	Serial struct{ Subjects, Messages []string }

	kinds  map[string]*kind
	corpus []corpus.Item
}

// industry is a line of business: the written texts that fit it and its
// templated work orders.
type industry struct {
	Name   string
	Corpus []string
	Orders []struct{ Type, Text string }
}

// voice holds the parts of a text around its core.
type voice struct {
	Openings, Details, Demands, Closings []string
}

// kind is a sort of incident and the ordinary life around it.
type kind struct {
	Kind     string
	Industry string
	Type     string
	Name     string
	// Exposure is the mark of the incident; Also a second one that an affected
	// customer carries as well. Extra is added to planted records.
	Exposure mark
	Also     *mark
	Extra    map[string]string
	// Regions is the number of regions an incident is bound to, 0 for none.
	Regions int
	// Fresh names the slots whose value no ordinary record has.
	Fresh []string
	// Slots name an incident and keep their values; Words vary from text to
	// text.
	Slots, Words      map[string][]string
	Product, Campaign string
	Ordinary          []ordinary
	Own, Record       []string
	Demands           []string
}

type mark struct {
	Kind  string
	Key   string
	Attrs map[string]string
}

// ordinary is a stream of unremarkable records: Rate is the mean per customer
// in 90 days; without Kind and Key it is of those of the mark.
type ordinary struct {
	Rate      float64
	Kind, Key string
	Attrs     map[string]string
}

// library returns the embedded content. That it can be read is a property of the
// binary, proved by the tests; a binary without it cannot do anything.
var library = sync.OnceValue(func() *content {
	c, err := readContent()
	if err != nil {
		panic(fmt.Sprintf("simulate: embedded data: %v", err))
	}
	return c
})

func readContent() (*content, error) {
	c := &content{kinds: map[string]*kind{}}
	for _, name := range []string{"data/company.yaml", "data/voice.yaml", "data/orders.yaml"} {
		if err := readYAML(name, c); err != nil {
			return nil, err
		}
	}
	names, err := fs.Glob(files, "data/kinds/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		var kinds []kind
		if err := readYAML(name, &kinds); err != nil {
			return nil, err
		}
		for i := range kinds {
			c.kinds[kinds[i].Kind] = &kinds[i]
		}
	}
	c.corpus, err = corpus.Read()
	return c, err
}

func readYAML(name string, into any) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Kinds lists the kinds of incidents a scenario can have.
func Kinds() []string { return sortedKeys(library().kinds) }

func (c *content) industryNames() []string {
	var names []string
	for _, i := range c.Industries {
		names = append(names, i.Name)
	}
	return names
}

func (c *content) regionNames() []string {
	var names []string
	for _, r := range c.Regions {
		names = append(names, r.Name)
	}
	return names
}

// types lists the types of background complaints, which a promotion can raise.
func (c *content) types() []string {
	found := map[string]bool{}
	for _, i := range c.Industries {
		for _, o := range i.Orders {
			found[o.Type] = true
		}
	}
	return sortedKeys(found)
}

// kindsOf returns the kinds of the industries in the order of their names.
func (c *content) kindsOf(industries []string) []*kind {
	var list []*kind
	for _, k := range c.kinds {
		if slices.Contains(industries, k.Industry) {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b *kind) int { return cmp.Compare(a.Kind, b.Kind) })
	return list
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
