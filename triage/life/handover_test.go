package life_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// whole answers everything that the case of a test does not.
func whole() map[string]string {
	return map[string]string{"product": "家庭宽带 500M", "checked": "线路正常", "promised": "unknown: 热线未记录"}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	names := func(needs []life.Need) (list []string) {
		for _, n := range needs {
			list = append(list, n.Key)
		}
		return list
	}
	bare := triage.Case{Complaint: triage.Complaint{ID: "c1"}}
	known := complaint("c2")
	known.Product = "宽带"
	known.Work.VerifiedAt = monday
	inText := triage.Case{Assessment: triage.Assessment{Demand: nlp.DemandNone, Entities: []nlp.Entity{{Kind: nlp.EntityPhone}, {Kind: nlp.EntityOrder}}}}
	for name, test := range map[string]struct {
		c     triage.Case
		facts map[string]string
		want  []string
	}{
		"a bare case":              {bare, nil, []string{"contact", "demand", "product", "checked", "promised", "task", "due"}},
		"what the case knows":      {known, nil, []string{"promised", "task", "due"}},
		"what its text says":       {inText, nil, []string{"demand", "checked", "promised", "task", "due"}},
		"blanks answer nothing":    {known, map[string]string{"promised": " ", "task": "查线路", "due": "2026-03-03 12:00"}, []string{"promised"}},
		"unknown without a reason": {known, map[string]string{"promised": "unknown: ", "product": "Unknown:", "task": "查", "due": "x"}, []string{"product", "promised"}},
		"unknown with a reason":    {bare, map[string]string{"contact": "unknown: 匿名", "demand": "修", "product": "宽带", "checked": "无", "promised": "无", "task": "查", "due": "x"}, nil},
	} {
		if diff := cmp.Diff(test.want, names(life.Missing(&test.c, test.facts))); diff != "" {
			t.Errorf("%s: others are missing (-want +got)\n%s", name, diff)
		}
	}
}

func TestHandOverAndBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	if _, err := h.Assign(t.Context(), "c1", "li", "", "li", 0); err != nil {
		t.Fatal(err)
	}
	order := life.HandOver{Case: "c1", Department: "维修部", Task: "上门检修", Due: at(0, 13, 0), By: "li", Facts: whole()}
	c, err := h.HandOver(t.Context(), order)
	if err != nil || c.Work.Department != "维修部" || c.Work.Owner != "" || !c.Work.DueAt.Equal(at(0, 13, 0)) {
		t.Fatalf("got %+v and %v, want it with 维修部 until the time given", c.Work, err)
	}
	want := map[string]string{
		"contact": "K-1 13800138000", "demand": "fix", "type": "network", "product": "家庭宽带 500M", "checked": "线路正常",
		"promised": "unknown: 热线未记录", "task": "上门检修", "due": "2026-03-02T05:00:00Z",
	}
	if diff := cmp.Diff(want, h.hands[0].Facts); diff != "" {
		t.Errorf("another record was handed over (-want +got)\n%s", diff)
	}
	_, err = h.HandOver(t.Context(), order)
	wantCode(t, err, triage.CodeConflict, "")

	_, err = h.Return(t.Context(), "c1", " ", "zhao", 0)
	wantCode(t, err, triage.CodeInvalid, "reason")
	c, err = h.Return(t.Context(), "c1", "不是线路问题", "zhao", 0)
	if err != nil || c.Work.Department != "网络部" || c.Work.Owner != "li" || !c.Work.DueAt.Equal(at(0, 14, 0)) {
		t.Fatalf("got %+v and %v, want it back with li, due as the clocks say", c.Work, err)
	}
	if got := h.hands[0]; got.State != life.HandOverReturned || got.Reason != "不是线路问题" || got.AnsweredBy != "zhao" || !maps.Equal(got.Facts, want) {
		t.Errorf("got %+v, want the returned one with its whole record", got)
	}

	order.Facts = whole()
	if _, err = h.HandOver(t.Context(), order); err != nil {
		t.Fatal(err)
	}
	c, err = h.Accept(t.Context(), "c1", "zhao", 0)
	if err != nil || c.Work.Owner != "zhao" || c.Work.Department != "维修部" || h.hands[1].State != life.HandOverAccepted {
		t.Errorf("got %+v and %v, want it zhao's", c.Work, err)
	}
	_, err = h.Accept(t.Context(), "c1", "qian", 0)
	wantCode(t, err, triage.CodeConflict, "")
	if len(h.steps["c1"]) != 5 || len(h.audit) != 5 {
		t.Errorf("got %d steps and %d audit entries, want one for each of five acts", len(h.steps["c1"]), len(h.audit))
	}
}

func TestHandOversThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*life.HandOver)
		field  string
	}{
		"without a department":       {func(o *life.HandOver) { o.Department = "" }, "department"},
		"without what was checked":   {func(o *life.HandOver) { delete(o.Facts, "checked") }, "facts.checked"},
		"without what was promised":  {func(o *life.HandOver) { o.Facts["promised"] = "" }, "facts.promised"},
		"without a task":             {func(o *life.HandOver) { o.Task = " " }, "facts.task"},
		"with a strange fact":        {func(o *life.HandOver) { o.Facts["weather"] = "晴" }, "facts"},
		"unknown without any reason": {func(o *life.HandOver) { o.Facts["checked"] = "unknown:" }, "facts.checked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, complaint("c1"))
			order := life.HandOver{Case: "c1", Department: "维修部", Task: "上门检修", Due: at(1, 12, 0), By: "li", Facts: whole()}
			test.change(&order)
			_, err := h.HandOver(t.Context(), order)
			wantCode(t, err, triage.CodeInvalid, test.field)
			if len(h.hands)+len(h.steps) > 0 {
				t.Error("a refused hand-over left traces")
			}
		})
	}
}
