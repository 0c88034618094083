package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/cascade"
)

// inDoubt is the n-th case with a confidence that asks for review.
func inDoubt(n int, confidence float64) triage.Case {
	c := simple(n)
	c.Assessment.Confidence, c.Assessment.NeedsReview = confidence, true
	return c
}

func opinion(id triage.ComplaintID, typ string, verdict cascade.Verdict) cascade.Opinion {
	return cascade.Opinion{
		Case: id, Model: "m1", At: start.Add(time.Hour), Ours: "billing", Type: typ, Verdict: verdict, Calls: 2, Tokens: 150, Cost: 0.25,
	}
}

func caseIDs(cases []triage.Case) []triage.ComplaintID {
	var ids []triage.ComplaintID
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	return ids
}

var opinionTests = map[string]func(*testing.T, Store){
	"doubtful cases are the latest that nobody has judged": func(t *testing.T, s Store) {
		accept(t, s, inDoubt(0, 0.3), inDoubt(1, 0.3), inDoubt(2, 0.55), simple(3), inDoubt(4, 0.3), inDoubt(5, 0.3), inDoubt(6, 0.3))
		label(t, s, "c0004", "network", "billing")
		check(t, s.PutOpinion(t.Context(), opinion("c0005", "", cascade.VerdictNone), nil))
		got, err := s.Doubtful(t.Context(), "m1", 0.5, 10)
		check(t, err)
		equal(t, "in doubt", caseIDs(got), []triage.ComplaintID{"c0006", "c0001", "c0000"})
		got, err = s.Doubtful(t.Context(), "m1", 0.5, 2)
		check(t, err)
		equal(t, "the latest", caseIDs(got), []triage.ComplaintID{"c0006", "c0001"})
		got, err = s.Doubtful(t.Context(), "m2", 0.5, 10)
		check(t, err)
		equal(t, "of another model", len(got), 4)
	},
	"an opinion that is applied changes the case": applyOpinion,
	"an opinion that is shown keeps the type": func(t *testing.T, s Store) {
		accept(t, s, inDoubt(0, 0.3))
		a := inDoubt(0, 0.3).Assessment
		a.Alternatives = []nlp.Alternative{{Type: "network", Source: "llm"}}
		check(t, s.PutOpinion(t.Context(), opinion("c0000", "network", cascade.VerdictDiffers), &a))
		got, err := s.Case(t.Context(), "c0000")
		check(t, err)
		equal(t, "type", got.Assessment.Type, "billing")
		equal(t, "alternatives", got.Assessment.Alternatives, a.Alternatives)
		equal(t, "review", got.Assessment.NeedsReview, true)
	},
	"a person's label stands": func(t *testing.T, s Store) {
		accept(t, s, inDoubt(0, 0.3))
		label(t, s, "c0000", "service", "billing")
		a := inDoubt(0, 0.3).Assessment
		a.Type = "network"
		code(t, s.PutOpinion(t.Context(), opinion("c0000", "network", cascade.VerdictDiffers), &a), triage.CodeConflict)
		code(t, s.PutOpinion(t.Context(), opinion("nobody", "network", cascade.VerdictDiffers), &a), triage.CodeNotFound)
		got, err := s.Case(t.Context(), "c0000")
		check(t, err)
		equal(t, "types", []string{got.Type, got.Assessment.Type}, []string{"service", "billing"})
		n, err := s.OpinionCounts(t.Context(), "m1")
		check(t, err)
		equal(t, "opinions", len(n.Verdicts), 0)
	},
	"opinions are counted against what people say later": func(t *testing.T, s Store) {
		accept(t, s, inDoubt(0, 0.3), inDoubt(1, 0.3), inDoubt(2, 0.3), inDoubt(3, 0.3), inDoubt(4, 0.3))
		check(t, s.PutOpinion(t.Context(), opinion("c0000", "network", cascade.VerdictDiffers), nil))
		check(t, s.PutOpinion(t.Context(), opinion("c0001", "network", cascade.VerdictDiffers), nil))
		check(t, s.PutOpinion(t.Context(), opinion("c0002", "billing", cascade.VerdictAgrees), nil))
		check(t, s.PutOpinion(t.Context(), opinion("c0003", "", cascade.VerdictNone), nil))
		check(t, s.PutOpinion(t.Context(), opinion("c0004", "network", cascade.VerdictDiffers), nil))
		label(t, s, "c0000", "network", "billing")
		label(t, s, "c0001", "billing", "billing")
		label(t, s, "c0002", "billing", "billing")
		label(t, s, "c0003", "billing", "billing")
		got, err := s.OpinionCounts(t.Context(), "m1")
		check(t, err)
		equal(t, "counts", got, cascade.Counts{
			Verdicts: map[cascade.Verdict]int{cascade.VerdictDiffers: 3, cascade.VerdictAgrees: 1, cascade.VerdictNone: 1},
			Calls:    10, Tokens: 750, Cost: 1.25, Decided: 3, Right: 2, OursRight: 2, Won: 1, Lost: 1,
		})
		none, err := s.OpinionCounts(t.Context(), "m2")
		check(t, err)
		equal(t, "counts of another model", none, cascade.Counts{})
	},
}

func applyOpinion(t *testing.T, s Store) {
	accept(t, s, inDoubt(0, 0.3))
	before, err := s.LastChange(t.Context())
	check(t, err)
	a := inDoubt(0, 0.3).Assessment
	a.Type, a.Subtype, a.Department = "network", "network.slow", "网络部"
	a.SLA.ResolveBy = start.Add(4 * time.Hour)
	o := opinion("c0000", "network", cascade.VerdictDiffers)
	o.Applied = true
	check(t, s.PutOpinion(t.Context(), o, &a))
	check(t, s.PutOpinion(t.Context(), o, &a))
	got, err := s.Case(t.Context(), "c0000")
	check(t, err)
	equal(t, "assessment", got.Assessment, a)
	equal(t, "label", got.Type, "")
	equal(t, "department", got.Work.Department, "网络部")
	after, err := s.LastChange(t.Context())
	check(t, err)
	equal(t, "changes", after-before, int64(1))
	page, err := s.Queue(t.Context(), triage.QueueFilter{Type: "network", Limit: 10})
	check(t, err)
	equal(t, "found by its new type", caseIDs(page.Cases), []triage.ComplaintID{"c0000"})
	trail, err := s.Trail(t.Context(), "case:c0000")
	check(t, err)
	equal(t, "the last entry", trail[len(trail)-1], triage.AuditEntry{
		At: o.At, Actor: "system", Action: "opinion", Object: "case:c0000",
		Detail: `{"model":"m1","ours":"billing","type":"network","verdict":"differs"}`,
	})
}
