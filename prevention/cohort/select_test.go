package cohort_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

// twelve customers P0 to P11 paid by x, one after the other each day; the even
// ones failed, and the last four also bought z.
func twelve() cohort.Sources {
	var exposures []triage.Exposure
	var customers []triage.Customer
	for i := range 12 {
		id := triage.CustomerID(fmt.Sprintf("P%d", i))
		customers = append(customers, triage.Customer{ID: id, Region: []string{"N", "S"}[i/6], OptedOut: i == 4})
		exposures = append(exposures, triage.Exposure{CustomerID: id, Kind: "pay", Key: "x", At: worldDay(float64(i)), Attrs: map[string]any{"failed": i%2 == 0, "n": float64(i % 3)}})
		if i >= 8 {
			exposures = append(exposures, triage.Exposure{CustomerID: id, Kind: "buy", Key: "z", At: worldDay(20)})
		}
	}
	m := cohort.NewMemory(exposures, customers)
	return cohort.Sources{Exposures: m, Customers: m}
}

func failed() prevention.Condition {
	return prevention.Condition{Kind: "pay", Key: "x", Attrs: map[string]string{"failed": "true"}}
}

func TestSelectCountsWhoMatches(t *testing.T) {
	t.Parallel()
	span := failed()
	span.From, span.To = worldDay(2), worldDay(8)
	for _, c := range []struct {
		name string
		rule prevention.Rule
		now  float64
		want int
	}{
		{"an attribute", prevention.Rule{Conditions: []prevention.Condition{failed()}}, 30, 6},
		{"numbers are compared as text", prevention.Rule{Conditions: []prevention.Condition{{Kind: "pay", Key: "x", Attrs: map[string]string{"n": "2"}}}}, 30, 4},
		{"any key", prevention.Rule{Conditions: []prevention.Condition{{Kind: "buy"}}}, 30, 4},
		{"from counts, to does not", prevention.Rule{Conditions: []prevention.Condition{span}}, 30, 3},
		{"nothing after now", prevention.Rule{Conditions: []prevention.Condition{failed()}}, 5, 3},
		{"regions", prevention.Rule{Conditions: []prevention.Condition{failed()}, Regions: []string{"S"}}, 30, 3},
		{"two exposures", prevention.Rule{Conditions: []prevention.Condition{failed(), {Kind: "buy", Key: "z"}}}, 30, 2},
		{"an attribute that none has", prevention.Rule{Conditions: []prevention.Condition{{Kind: "pay", Key: "x", Attrs: map[string]string{"no": ""}}}}, 30, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := cohort.Select(t.Context(), twelve(), c.rule, cohort.Exclusions{}, worldDay(c.now))
			if err != nil || got.Matched != c.want {
				t.Errorf("got %d, %v, want %d", got.Matched, err, c.want)
			}
		})
	}
}

func only(names ...triage.CustomerID) func(context.Context, []triage.CustomerID) (map[triage.CustomerID]bool, error) {
	return func(context.Context, []triage.CustomerID) (map[triage.CustomerID]bool, error) {
		m := map[triage.CustomerID]bool{}
		for _, n := range names {
			m[n] = true
		}
		return m, nil
	}
}

// P0 has every reason to be left out and counts under the first.
func TestSelectCountsEachOnce(t *testing.T) {
	t.Parallel()
	ex := cohort.Exclusions{
		Complained: map[triage.CustomerID]time.Time{"P0": worldDay(1), "P1": worldDay(2)},
		Told:       only("P0", "P2"),
		OptedOut: func(_ context.Context, customers []triage.Customer) (map[triage.CustomerID]bool, error) {
			for _, c := range customers {
				if c.ID == "" || c.Region == "" {
					t.Errorf("asked about %+v: not the entry of the customer file", c)
				}
			}
			return map[triage.CustomerID]bool{"P0": true, "P6": true}, nil
		},
		Contacted: only("P0", "P2", "P4", "P8"),
	}
	got, err := cohort.Select(t.Context(), twelve(), prevention.Rule{Conditions: []prevention.Condition{failed()}}, ex, worldDay(30))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(prevention.Excluded{Complained: 1, Told: 1, OptedOut: 2, Contacted: 1}, got.Excluded); diff != "" {
		t.Errorf("excluded (-want +got):\n%s", diff)
	}
	if len(got.Customers) != 1 || got.Customers[0].Customer != "P10" || !got.Customers[0].Exposed.Equal(worldDay(10)) {
		t.Errorf("got %+v, want P10 alone", got.Customers)
	}
	if got.Matched != 6 || got.Explained != 1 || got.Known != 2 || got.Words == "" {
		t.Errorf("matched %d, explained %d of %d, words %q", got.Matched, got.Explained, got.Known, got.Words)
	}
}

func TestSelectPassesErrorsOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	ex := cohort.Exclusions{Told: func(context.Context, []triage.CustomerID) (map[triage.CustomerID]bool, error) { return nil, broken }}
	_, err := cohort.Select(t.Context(), twelve(), prevention.Rule{Conditions: []prevention.Condition{failed()}}, ex, worldDay(30))
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := cohort.Select(t.Context(), twelve(), prevention.Rule{}, cohort.Exclusions{}, worldDay(30)); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("the zero rule: got %v", err)
	}
}

// Who lives where complaints come from is likelier affected than who does not,
// and who was exposed before anybody who complained less likely still.
func TestSelectScores(t *testing.T) {
	t.Parallel()
	w := newWorld(9)
	for i, c := range w.some(600, anybody) {
		w.add(c.ID, "odd", "thing", float64(i)/10, nil)
	}
	ex := cohort.Exclusions{Complained: map[triage.CustomerID]time.Time{}}
	regions := map[triage.CustomerID]string{}
	for _, c := range w.customers {
		regions[c.ID] = c.Region
	}
	for _, e := range w.exposures {
		if e.Kind == "odd" && regions[e.CustomerID] == "R0" && e.At.After(worldDay(30)) && len(ex.Complained) < 20 {
			ex.Complained[e.CustomerID] = e.At.Add(time.Hour)
		}
	}
	rule := prevention.Rule{Conditions: []prevention.Condition{{Kind: "odd", Key: "thing"}}}
	got, err := cohort.Select(t.Context(), w.sources(), rule, ex, w.now)
	if err != nil {
		t.Fatal(err)
	}
	sum, count := map[string]float64{}, map[string]float64{}
	last := 1.0
	for _, c := range got.Customers {
		group := "elsewhere"
		switch {
		case c.Exposed.Before(worldDay(10)):
			group = "early"
		case regions[c.Customer] == "R0":
			group = "there"
		}
		sum[group] += c.Score
		count[group]++
		if c.Score > last || c.Score < 0 {
			t.Fatalf("score %f after %f", c.Score, last)
		}
		last = c.Score
	}
	there, elsewhere, early := sum["there"]/count["there"], sum["elsewhere"]/count["elsewhere"], sum["early"]/count["early"]
	if !(there > elsewhere && elsewhere > early) {
		t.Errorf("mean scores: there %.3f, elsewhere %.3f, early %.3f", there, elsewhere, early)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 100)
	for _, c := range []struct{ json, field string }{
		{`{"conditions":[{"kind":"pay","key":"x"}]}`, ""},
		{`{"conditions":[{"kind":"pay","key":""}],"regions":["N"]}`, ""},
		{`{}`, "conditions"},
		{`{"conditions":[{"kind":" ","key":"x"}]}`, "conditions[0].kind"},
		{`{"conditions":[{"kind":"pay","key":"x"},{"kind":"buy","key":"` + long + `"}]}`, "conditions[1].key"},
		{`{"conditions":[{"kind":"pay","key":"x","attrs":{"a":"` + long + `"}}]}`, "conditions[0].attrs.a"},
		{`{"conditions":[{"kind":"pay","key":"x","from":"2027-03-02T00:00:00Z","to":"2027-03-02T00:00:00Z"}]}`, "conditions[0].to"},
		{`{"conditions":[{"kind":"pay","key":"x"}],"regions":["N",""]}`, "regions[1]"},
	} {
		var rule prevention.Rule
		if err := json.Unmarshal([]byte(c.json), &rule); err != nil {
			t.Fatal(err)
		}
		err := cohort.Validate(rule)
		got := ""
		if e, ok := errors.AsType[*triage.Error](err); ok {
			got = e.Field
		}
		if got != c.field || (err == nil) != (c.field == "") {
			t.Errorf("%s: got %v, want the field %q", c.json, err, c.field)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 4, 7, 16, 0, 0, 0, time.UTC)
	span := failed()
	span.From, span.To = from, from.Add(36*time.Hour)
	for _, c := range []struct {
		rule prevention.Rule
		want string
	}{
		{prevention.Rule{}, ""},
		{prevention.Rule{Conditions: []prevention.Condition{{Kind: "visit"}}}, "到访"},
		{prevention.Rule{Conditions: []prevention.Condition{span}, Regions: []string{"甲", "乙", "丙"}}, "2026年4月8日至2026年4月9日 12:00，pay“x”（failed为 true）；且客户在甲、乙或丙"},
		{prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "x", From: from}, {Kind: "purchase", Key: "y"}}}, "2026年4月8日起，支付“x”；并且购买“y”"},
	} {
		if got := cohort.Words(c.rule); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
