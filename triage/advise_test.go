package triage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qianyi-dev/qianyi/triage"
)

// past adds a closed case of another customer, and makes the index find it.
func (d *desk) past(id, resolution string, likeness float64, satisfaction *float64, closed time.Time) {
	c := triage.Case{Complaint: triage.Complaint{
		ID: triage.ComplaintID(id), Text: "宽带断了", At: closed.Add(-day), ClosedAt: closed,
		Resolution: resolution, Satisfaction: satisfaction, Type: "network",
	}}
	d.cases = append(d.cases, c)
	before := d.similar
	d.similar = func(q triage.SimilarQuery) ([]triage.Hit, error) {
		hits, err := before(q)
		return append(hits, triage.Hit{ID: c.ID, Score: likeness}), err
	}
}

// advice returns the suggestions for a complaint about the network.
func (d *desk) advice(t *testing.T) []triage.Suggestion {
	t.Helper()
	a, err := d.Assess(t.Context(), complaint("new", "宽带断了"), 3)
	if err != nil {
		t.Fatal(err)
	}
	return a.Suggestions
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	yesterday := noon.Add(-day)
	for name, test := range map[string]struct {
		history func(d *desk)
		want    []string // sources, best first
	}{
		"one happy customer does not beat ten content ones": {
			func(d *desk) {
				d.past("lucky", "送一个月会员", 0.8, score(100), yesterday)
				for i := range 10 {
					d.past(fmt.Sprint("many", i), "派师傅上门更换光猫", 0.8, score(90), yesterday)
				}
			},
			[]string{"case:many0", "case:lucky"},
		},
		"the likelier case comes first": {
			func(d *desk) {
				d.past("far", "甲方案", 0.3, score(90), yesterday)
				d.past("near", "乙方案", 0.9, score(90), yesterday)
			},
			[]string{"case:near", "case:far"},
		},
		"the later case comes first": {
			func(d *desk) {
				d.past("old", "甲方案", 0.8, score(90), noon.Add(-3*365*day))
				d.past("new1", "乙方案", 0.8, score(90), yesterday)
			},
			[]string{"case:new1", "case:old"},
		},
		"what made customers angry comes after what nobody was asked about": {
			func(d *desk) {
				d.past("angry", "甲方案", 0.8, score(5), yesterday)
				d.past("unasked", "乙方案", 0.8, nil, yesterday)
			},
			[]string{"case:unasked", "case:angry"},
		},
		"a case without a resolution suggests nothing": {
			func(d *desk) { d.past("open", "", 0.9, nil, yesterday) },
			[]string{"pack:test"},
		},
		"no more than three are shown": {
			func(d *desk) {
				for i := range 5 {
					d.past(fmt.Sprint("p", i), fmt.Sprint("方案", i), 0.9-float64(i)/10, nil, yesterday)
				}
			},
			[]string{"case:p0", "case:p1", "case:p2"},
		},
		"a solution of the sub-type comes before one of the type": {
			func(d *desk) {
				d.solutions = func(string, string) ([]triage.Solution, error) {
					return []triage.Solution{{ID: "wide", Type: "network", Text: "甲方案"}, {ID: "close", Type: "network", Subtype: "network.outage", Text: "乙方案"}}, nil
				}
			},
			[]string{"solution:close", "solution:wide"},
		},
		"a case almost the same comes before a standard solution": {
			func(d *desk) {
				d.past("same", "派师傅上门更换光猫", 0.95, score(95), yesterday)
				d.solutions = func(string, string) ([]triage.Solution, error) {
					return []triage.Solution{{ID: "s1", Subtype: "network.outage", Text: "按规范处理"}}, nil
				}
			},
			[]string{"case:same", "solution:s1"},
		},
		"nothing known leaves the note of the pack": {func(*desk) {}, []string{"pack:test"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			test.history(d)
			var got []string
			for _, s := range d.advice(t) {
				got = append(got, s.Source)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("other suggestions (-want +got)\n%s", diff)
			}
		})
	}
}

// withoutBounds leaves the bounds of satisfaction to the tests of Outcome.
var withoutBounds = cmpopts.IgnoreFields(triage.Suggestion{}, "SatisfactionLow", "SatisfactionHigh")

func TestSuggestionsOfTheSameWording(t *testing.T) {
	t.Parallel()
	t.Run("are one, with their support and mean satisfaction", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.past("a", "派师傅上门", 0.8, score(80), noon)
		d.past("b", "派师傅上门", 0.6, score(100), noon)
		d.past("c", "派師傅上門", 0.5, nil, noon)
		want := []triage.Suggestion{{Text: "派师傅上门", Source: "case:a", Support: 3, Satisfaction: score(90)}}
		if diff := cmp.Diff(want, d.advice(t), withoutBounds); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	t.Run("as a standard solution take its name", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.past("a", "派师傅上门", 0.8, score(80), noon)
		d.past("b", "减免当月费用", 0.4, nil, noon)
		d.solutions = func(string, string) ([]triage.Solution, error) {
			return []triage.Solution{
				{ID: "s1", Text: "派师傅上门", Uses: 12, Satisfaction: score(70)},
				{ID: "s2", Text: "减免当月费用", Uses: 4, Satisfaction: score(60)},
			}, nil
		}
		want := []triage.Suggestion{
			{Text: "派师傅上门", Source: "solution:s1", Support: 12, Satisfaction: score(80)},
			{Text: "减免当月费用", Source: "solution:s2", Support: 4, Satisfaction: score(60)},
		}
		if diff := cmp.Diff(want, d.advice(t), withoutBounds); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestSuggestionsSayHowSureTheyAre(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.past("asked", "派师傅上门", 0.8, score(90), noon)
	d.past("unasked", "减免当月费用", 0.4, nil, noon)
	d.solutions = func(string, string) ([]triage.Solution, error) {
		return []triage.Solution{{ID: "s1", Text: "换新光猫", Version: 3, Uses: 40, Scores: 20, Satisfaction: score(90)}}, nil
	}
	bounds := map[string]float64{}
	for _, s := range d.advice(t) {
		if s.SatisfactionLow == nil {
			continue
		}
		bounds[s.Source] = *s.SatisfactionHigh - *s.SatisfactionLow
		if s.Source == "solution:s1" && s.Version != 3 {
			t.Errorf("got version %d, want 3", s.Version)
		}
	}
	if len(bounds) != 2 || bounds["case:asked"] <= bounds["solution:s1"] {
		t.Errorf("got intervals of the width %v, want a wider one for one score than for twenty and none without", bounds)
	}
}

func TestPackNote(t *testing.T) {
	t.Parallel()
	for subtype, want := range map[string]string{
		"network.outage": "先派单维修。",
		"network.slow":   "先排查群障。", // has no note of its own
		"":               "先排查群障。",
	} {
		d := newDesk(t)
		d.assess = func(c *triage.Complaint) triage.Assessment {
			return triage.Assessment{ID: c.ID, Type: "network", Subtype: subtype}
		}
		if got := d.advice(t); len(got) != 1 || got[0].Text != want {
			t.Errorf("sub-type %q: got %v, want %q", subtype, got, want)
		}
	}
	d := newDesk(t)
	d.assess = func(*triage.Complaint) triage.Assessment { return triage.Assessment{} }
	if got := d.advice(t); got == nil || len(got) != 0 {
		t.Errorf("without a type: got %v, want an empty list", got)
	}
}

func TestSimilarQuery(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var asked triage.SimilarQuery
	d.similar = func(q triage.SimilarQuery) ([]triage.Hit, error) { asked = q; return nil, nil }
	d.advice(t)
	if asked.Exclude != "new" || asked.Text != "宽带断了" || asked.Limit < 3 {
		t.Errorf("asked %+v, want neighbours of the complaint but not itself", asked)
	}
	// Past cases carry the code of a type or, as many sources write it, its name.
	want := map[string]float64{"network": 0.9, "网络质量": 0.9}
	if diff := cmp.Diff(want, asked.TypeWeights); diff != "" {
		t.Errorf("other type weights (-want +got)\n%s", diff)
	}
}

func TestSimilarIsCutToWhatWasAsked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i := range 6 {
		d.past(fmt.Sprint("p", i), "方案", 0.9-float64(i)/10, score(float64(i)), noon)
	}
	r, err := d.Submit(t.Context(), complaint("new", "宽带断了"), 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []triage.SimilarCase{
		{ID: "p0", Score: 0.9, Type: "network", Resolution: "方案", Satisfaction: score(0)},
		{ID: "p1", Score: 0.8, Type: "network", Resolution: "方案", Satisfaction: score(1)},
	}
	if diff := cmp.Diff(want, r.Case.Assessment.Similar, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("other neighbours (-want +got)\n%s", diff)
	}
	if got := r.Case.Assessment.Suggestions; len(got) != 1 || got[0].Support != 6 {
		t.Errorf("got %v, want one suggestion with the support of all six", got)
	}
	if stored := d.cases[len(d.cases)-1]; len(stored.Assessment.Similar) != 0 {
		t.Error("neighbours were stored; they change with history")
	}
}

func TestAdviceWithoutHelp(t *testing.T) {
	t.Parallel()
	t.Run("a failing index is logged and intake goes on", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.similar = func(triage.SimilarQuery) ([]triage.Hit, error) {
			return nil, triage.Errorf(triage.CodeUnavailable, "index damaged")
		}
		r, err := d.Submit(t.Context(), complaint("c1", "宽带断了"), 3)
		if err != nil || len(d.cases) != 1 {
			t.Fatalf("got %v with %d cases, want one", err, len(d.cases))
		}
		if s := r.Case.Assessment.Similar; s == nil || len(s) != 0 {
			t.Errorf("got %v, want an empty list", s)
		}
		log := d.log.String()
		if !strings.Contains(log, "index damaged") || !strings.Contains(log, "complaint_id=c1") || strings.Contains(log, "宽带") {
			t.Errorf("logged %q, want the cause and the id, not the text", log)
		}
	})
	t.Run("failing solutions are logged", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.solutions = func(string, string) ([]triage.Solution, error) { return nil, errors.New("locked") }
		if got := d.advice(t); len(got) != 1 || !strings.Contains(d.log.String(), "locked") {
			t.Errorf("got %v and the log %q, want the note and the cause", got, d.log)
		}
	})
	t.Run("no index at all", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.deps.Similar, d.deps.Index = nil, nil
		r, err := triage.New(d.deps).Submit(t.Context(), complaint("c1", "宽带断了"), 3)
		if err != nil || len(r.Case.Assessment.Suggestions) != 1 || d.log.Len() != 0 {
			t.Errorf("got %v, %v and the log %q, want the note of the pack", r.Case.Assessment.Suggestions, err, d.log)
		}
	})
	t.Run("a hit that the store does not have is left out", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.past("p1", "方案", 0.5, nil, noon)
		found := d.similar
		d.similar = func(q triage.SimilarQuery) ([]triage.Hit, error) {
			hits, err := found(q)
			return append([]triage.Hit{{ID: "gone", Score: 0.9}}, hits...), err
		}
		a, err := d.Assess(t.Context(), complaint("c1", "宽带断了"), 3)
		if err != nil || len(a.Similar) != 1 || a.Similar[0].Score != 0.5 {
			t.Errorf("got %v and %v, want p1 with its own score", a.Similar, err)
		}
	})
}
