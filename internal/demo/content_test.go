package demo_test

import (
	"regexp"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// TestCodesAreThoseOfThePack keeps the wordings in step with the general pack:
// the service refuses a confirmation with an unknown code.
func TestCodesAreThoseOfThePack(t *testing.T) {
	t.Parallel()
	p, err := pack.Load("", "general")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, typ := range p.Infos() {
		for _, sub := range typ.Subtypes {
			known[typ.Code+"/"+sub.Code] = true
		}
	}
	m, _ := first(t)
	for _, l := range m.labels {
		if !known[l.Type+"/"+l.Subtype] {
			t.Errorf("label %s/%s is not in the pack", l.Type, l.Subtype)
		}
	}
	perSubtype := map[string]int{}
	for _, s := range m.solutions {
		if !known[s.Type+"/"+s.Subtype] {
			t.Errorf("solution %s: %s/%s is not in the pack", s.ID, s.Type, s.Subtype)
		}
		perSubtype[s.Type+"/"+s.Subtype]++
	}
	for code := range known {
		if perSubtype[code] < 4 {
			t.Errorf("%s has %d solutions, want at least 4", code, perSubtype[code])
		}
	}
}

func TestSolutionsAreDistinct(t *testing.T) {
	t.Parallel()
	m, _ := first(t)
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, s := range m.solutions {
		if ids[s.ID] || texts[s.Text] || s.Title == "" || s.Text == "" {
			t.Errorf("solution %s repeats another or is empty", s.ID)
		}
		ids[s.ID], texts[s.Text] = true, true
	}
}

func TestNoPlaceholderIsLeft(t *testing.T) {
	t.Parallel()
	m, _ := first(t)
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	for _, c := range m.complaints {
		if placeholder.MatchString(c.Text) {
			t.Errorf("%s still has a placeholder: %s", c.ID, c.Text)
		}
	}
}

func TestPhonesInTextsAreTheCustomersOwn(t *testing.T) {
	t.Parallel()
	m, _ := first(t)
	phone := map[triage.CustomerID]string{}
	for _, c := range m.customers {
		phone[c.ID] = c.Phone.Reveal()
	}
	number := regexp.MustCompile(`1380013\d{4}`)
	found := 0
	for _, c := range m.complaints {
		for _, n := range number.FindAllString(c.Text, -1) {
			found++
			if n != phone[c.CustomerID] {
				t.Errorf("%s names a number that is not its customer's", c.ID)
			}
		}
	}
	if found == 0 {
		t.Error("no text names a number: the console has nothing to mask")
	}
}
