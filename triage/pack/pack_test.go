package pack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage/pack"
)

func TestPacksInTheProgram(t *testing.T) {
	t.Parallel()
	codes := pack.Codes("")
	if diff := cmp.Diff([]string{"citizen", "general", "telecom"}, codes); diff != "" {
		t.Errorf("other packs (-want +got)\n%s", diff)
	}
	for _, code := range codes {
		p, err := pack.Load("", code)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, typ := range p.Infos() {
			if typ.NameEN == "" || len(typ.Notes) == 0 {
				t.Errorf("%s: %s has no English name or no note", code, typ.Code)
			}
			for _, sub := range typ.Subtypes {
				if sub.Name == "" || sub.NameEN == "" {
					t.Errorf("%s: %s lacks a name", code, sub.Code)
				}
			}
		}
		for _, typ := range p.Types {
			words := len(typ.Words)
			for _, sub := range typ.Subtypes {
				words += len(sub.Words)
			}
			if words < 10 {
				t.Errorf("%s: %s has %d words; it cannot work without labels", code, typ.Code, words)
			}
		}
	}
}

// badPacks says what the error about each file of testdata/bad must name.
var badPacks = map[string][]string{
	"unknown-key":       {"departmnet", ".yaml:6: "},
	"unknown-top-key":   {"dictionery", ".yaml:8: "},
	"duplicate-code":    {`code "a" is used twice`},
	"duplicate-name":    {"a and b", "甲"},
	"heavy-word":        {"a", "words", "坏", "3.5"},
	"weightless-word":   {"a", "words", "坏"},
	"nan-word":          {"a", "words", "坏", "NaN"},
	"no-department":     {"b", "department", "missing"},
	"no-name":           {"b", "name", "missing"},
	"no-code":           {"types", "no code"},
	"one-type":          {"two types"},
	"bad-duration":      {"2 hours", "24h"},
	"negative-duration": {"-2h"},
	"no-limit":          {"sla", "required"},
	"bad-level":         {`"urgent"`, "critical"},
	"bad-review":        {"review_below", "1.5"},
	"another-code":      {`"telecom"`, `"another-code"`},
	"stray-subtype":     {"b.x", `"a."`},
	"deep-subtype":      {"a.x", "no sub-types"},
	"dotted-type":       {"a.x", "dot"},
	"unknown-general":   {"a", "general", "quality.colour"},
	"claimed-twice":     {"quality.fault", "both a and b"},
	"subtype-general":   {"a.x", "general"},
	"broken-yaml":       {".yaml:6: "},
	"empty":             {"empty"},
}

func TestBadPacks(t *testing.T) {
	t.Parallel()
	for code, want := range badPacks {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			_, err := pack.Load("testdata/bad", code)
			if err == nil {
				t.Fatal("it was accepted")
			}
			for _, part := range append(want, code+".yaml") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error does not name %s: %v", part, err)
				}
			}
		})
	}
	for _, code := range pack.Codes("testdata/bad") {
		if _, known := badPacks[code]; !known && code != "citizen" && code != "general" && code != "telecom" {
			t.Errorf("testdata/bad/%s.yaml has no test", code)
		}
	}
}

func TestOverride(t *testing.T) {
	t.Parallel()
	p, err := pack.Load("testdata/override", "telecom")
	if err != nil || p.Name != "自定义电信" {
		t.Errorf("got %v and %v, want the pack of the folder", p, err)
	}
	p, err = pack.Load("testdata/override", "citizen")
	if err != nil || p.Name != "政务民生" {
		t.Errorf("got %v and %v, want the pack of the program where the folder has none", p, err)
	}
}

func TestUnknownPack(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", ".", "bank", "../override/telecom", "packs/general"} {
		_, err := pack.Load("testdata/override", code)
		if err == nil {
			t.Errorf("%q: it was found", code)
		} else if code == "bank" && !strings.Contains(err.Error(), "citizen, general, telecom") {
			t.Errorf("the error does not list the packs there are: %v", err)
		}
	}
}
