package fact_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Answers are those of the rows as they are, and nobody can change them for
// others.
func TestAnswersFollowTheRows(t *testing.T) {
	t.Parallel()
	b := surveyed(t, 3, 40)
	f := fact.Filter{}.With(fact.Type, "billing")
	ask := func() []any {
		return []any{
			b.Survey(f), b.SurveyBy(f, fact.Owner), b.Counts(f, fact.Type, fact.Owner), b.Customers(f), b.Stays(f, fact.Owner),
		}
	}
	before := ask()
	b.SurveyBy(f, fact.Owner)[0].Cases = -1
	b.Counts(f, fact.Type, fact.Owner)[1][0].Cases = -1
	if diff := cmp.Diff(before, ask()); diff != "" {
		t.Errorf("the same rows (-first +second):\n%s", diff)
	}
	rows := []fact.Row{{Seq: 1, Day: 20001, Customer: 3, Respond: 7, Verify: fact.None, Resolve: fact.None, Satisfaction: fact.None}}
	rows[0].Values[fact.Type] = "billing"
	for day := range fact.Day(3) {
		b.Put(20000+day, nil)
	}
	b.Put(20001, rows)
	if s := b.Survey(f); s.Cases != 1 || s.Clocks[fact.Respond].Median != 7 || b.Customers(f) != 1 || len(b.SurveyBy(f, fact.Owner)) != 1 {
		t.Errorf("after all rows were replaced by one: got %+v", s)
	}
}

// The tally of one clock, of several, and of a value alone is what sorting says.
func TestTimesByGroups(t *testing.T) {
	t.Parallel()
	b := surveyed(t, 40, 300)
	for _, g := range b.SurveyBy(fact.Filter{}, fact.Owner) {
		f := fact.Filter{}.With(fact.Owner, g.Value)
		for k := range fact.Clocks {
			name := fmt.Sprint(g.Value, " ", k)
			if diff := cmp.Diff(b.Times(f, k), g.Clocks[k].Times); diff != "" {
				t.Errorf("%s (-sorted +tallied):\n%s", name, diff)
			}
			if s, late := b.Timing(f, k); s != g.Clocks[k] || late != g.Late[k] {
				t.Errorf("%s: alone %+v, %d late; among others %+v, %d late", name, s, late, g.Clocks[k], g.Late[k])
			}
		}
	}
}
