package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/learn"
)

// learningPorts are what learning and second opinions need of a store.
type learningPorts interface {
	learn.LabelStore
	learn.ModelStore
	learn.WatchStore
	cascade.Store
}

// label has a person give a case a type.
func label(t *testing.T, s Store, id triage.ComplaintID, typ, suggested string) {
	t.Helper()
	check(t, s.Confirm(t.Context(), triage.Label{Complaint: id, Type: typ, Suggested: suggested, By: "li", At: start}))
}

// learned is a model in use with all its fields.
func learned() learn.Model {
	return learn.Model{
		Pack: "telecom", At: start, By: "system", State: learn.StateActive,
		Card:    nlp.Card{Name: "telecom", Tokenizer: "t1", Examples: 80, Figures: []nlp.Figures{{Task: "type", Accuracy: 0.8}}},
		Through: 90, SHA256: "ab12", Size: 4, UsedFrom: start,
		Trial: learn.Trial{Trained: 80, Old: evidence.ShareOf(70, 100), New: evidence.ShareOf(85, 100), Won: 20, Lost: 5, P: 0.002, Decision: learn.DecisionBetter},
		Curve: []learn.Point{{PerType: 10, Trained: 80, Accuracy: evidence.ShareOf(15, 20)}},
	}
}

var learnTests = map[string]func(*testing.T, Store){
	"samples are the latest labels in the order of the first": func(t *testing.T, s Store) {
		titled := simple(2)
		titled.Title, titled.CustomerID = "标题", "K-1"
		accept(t, s, simple(0), simple(1), titled)
		label(t, s, "c0001", "network", "billing")
		label(t, s, "c0002", "service", "billing")
		label(t, s, "c0001", "fee", "billing")
		got, err := s.Samples(t.Context(), 10)
		check(t, err)
		equal(t, "samples", got, []learn.Sample{
			{Case: "c0001", Text: "话费多扣了", Type: "fee", First: 1, Last: 3},
			{Case: "c0002", Customer: "K-1", Text: "标题\n话费多扣了", Type: "service", First: 2, Last: 2},
		})
		got, err = s.Samples(t.Context(), 1)
		check(t, err)
		equal(t, "the newest", got, []learn.Sample{{Case: "c0001", Text: "话费多扣了", Type: "fee", First: 1, Last: 3}})
	},
	"a part is given once": func(t *testing.T, s Store) {
		accept(t, s, simple(0), simple(1))
		label(t, s, "c0000", "network", "")
		label(t, s, "c0001", "network", "")
		check(t, s.Place(t.Context(), map[triage.ComplaintID]learn.Part{"c0000": learn.PartTest}, start))
		check(t, s.Place(t.Context(), map[triage.ComplaintID]learn.Part{"c0000": learn.PartTrain, "c0001": learn.PartTrain}, start))
		got, err := s.Samples(t.Context(), 10)
		check(t, err)
		equal(t, "parts", []learn.Part{got[0].Part, got[1].Part}, []learn.Part{learn.PartTest, learn.PartTrain})
	},
	"a better model replaces the one in use":    replaceModel,
	"a model that was not better keeps no file": candidateModel,
	"rolling back": rollBackModel,
	"judged cases are what was shown and decided": judgedCases,
	"arrivals are drawn evenly": func(t *testing.T, s Store) {
		cases := many(40)
		for i := range cases {
			cases[i].Assessment.Confidence, cases[i].Assessment.NeedsReview = 0.5, i%2 == 0
		}
		accept(t, s, cases...)
		got, err := s.ArrivalsSince(t.Context(), simple(20).ReceivedAt, 100)
		check(t, err)
		equal(t, "arrivals since", len(got), 20)
		equal(t, "the first", got[0], learn.Arrival{At: simple(20).ReceivedAt, Text: "话费多扣了", Type: "billing", Confidence: 0.5, NeedsReview: true})
		got, err = s.ArrivalsSince(t.Context(), start, 10)
		check(t, err)
		equal(t, "a draw", len(got), 10)
	},
	"a report replaces the one before": func(t *testing.T, s Store) {
		_, err := s.Report(t.Context(), "telecom")
		code(t, err, triage.CodeNotFound)
		r := learn.Report{At: start, Pack: "telecom", Labels: 3, Types: map[string]int{"fee": 3}, Unseen: evidence.ShareOf(2, 3)}
		check(t, s.PutReport(t.Context(), r))
		r.Labels, r.Weeks = 4, []learn.Week{{From: start, Cases: 7, Sure: 5}}
		check(t, s.PutReport(t.Context(), r))
		got, err := s.Report(t.Context(), "telecom")
		check(t, err)
		equal(t, "report", got, r)
	},
}

func replaceModel(t *testing.T, s Store) {
	_, err := s.ActiveModel(t.Context(), "telecom")
	code(t, err, triage.CodeNotFound)
	first, err := s.AddModel(t.Context(), learned(), []byte("one\x00"))
	check(t, err)
	second, err := s.AddModel(t.Context(), learned(), []byte("two"))
	check(t, err)
	other := learned()
	other.Pack = "general"
	_, err = s.AddModel(t.Context(), other, []byte("three"))
	check(t, err)
	active, err := s.ActiveModel(t.Context(), "telecom")
	check(t, err)
	want := learned()
	want.ID = second
	equal(t, "the model in use", active, want)
	list, err := s.Models(t.Context(), "telecom", 10)
	check(t, err)
	retired := learned()
	retired.ID, retired.State = first, learn.StateRetired
	equal(t, "models", list, []learn.Model{want, retired})
	content, err := s.ModelFile(t.Context(), first)
	check(t, err)
	equal(t, "file", content, []byte("one\x00"))
	trail, err := s.Trail(t.Context(), fmt.Sprintf("model:%d", first))
	check(t, err)
	equal(t, "trail", trail, []triage.AuditEntry{{
		At: start, Actor: "system", Action: "model.learn", Object: fmt.Sprintf("model:%d", first), Detail: `{"decision":"better","state":"active"}`,
	}})
}

func candidateModel(t *testing.T, s Store) {
	active, err := s.AddModel(t.Context(), learned(), []byte("one"))
	check(t, err)
	m := learned()
	m.State, m.SHA256, m.Size, m.UsedFrom = learn.StateCandidate, "", 0, time.Time{}
	m.Trial.Decision = learn.DecisionChance
	id, err := s.AddModel(t.Context(), m, nil)
	check(t, err)
	_, err = s.ModelFile(t.Context(), id)
	code(t, err, triage.CodeNotFound)
	got, err := s.ActiveModel(t.Context(), "telecom")
	check(t, err)
	equal(t, "the model in use", got.ID, active)
	code(t, s.Activate(t.Context(), learn.Activation{ID: id, Pack: "telecom", By: "li", At: start}), triage.CodeConflict)
}

func rollBackModel(t *testing.T, s Store) {
	first, err := s.AddModel(t.Context(), learned(), []byte("one"))
	check(t, err)
	second, err := s.AddModel(t.Context(), learned(), []byte("two"))
	check(t, err)
	to := func(id int64) error {
		return s.Activate(t.Context(), learn.Activation{ID: id, Pack: "telecom", By: "li", At: start.Add(time.Hour)})
	}
	check(t, to(first))
	active, err := s.ActiveModel(t.Context(), "telecom")
	check(t, err)
	equal(t, "the model in use", active.ID, first)
	list, err := s.Models(t.Context(), "telecom", 10)
	check(t, err)
	equal(t, "what became of the other", list[0].State, learn.StateRolledBack)
	code(t, to(first), triage.CodeConflict)
	check(t, to(second))
	check(t, to(0))
	_, err = s.ActiveModel(t.Context(), "telecom")
	code(t, err, triage.CodeNotFound)
	code(t, to(0), triage.CodeConflict)
	code(t, to(99), triage.CodeNotFound)
	code(t, s.Activate(t.Context(), learn.Activation{ID: first, Pack: "general", By: "li", At: start}), triage.CodeInvalid)
	trail, err := s.Trail(t.Context(), "model:0")
	check(t, err)
	if len(trail) != 1 || trail[0].Actor != "li" || trail[0].Action != "model.rollback" {
		t.Errorf("the trail of the shipped model is %+v", trail)
	}
}

func judgedCases(t *testing.T, s Store) {
	accept(t, s, simple(0), simple(1), simple(2))
	label(t, s, "c0001", "network", "billing")
	label(t, s, "c0001", "fee", "network")
	label(t, s, "c0002", "billing", "billing")
	got, err := s.JudgedSince(t.Context(), simple(1).ReceivedAt)
	check(t, err)
	equal(t, "judged", got, []learn.Judged{
		{At: simple(1).ReceivedAt, Suggested: "billing", Type: "fee"},
		{At: simple(2).ReceivedAt, Suggested: "billing", Type: "billing"},
	})
	got, err = s.JudgedSince(t.Context(), simple(2).ReceivedAt)
	check(t, err)
	equal(t, "judged later", len(got), 1)
}
