package triage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
)

func TestSubmit(t *testing.T) {
	t.Parallel()
	t.Run("a case is stored before it is indexed and searched", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		r, err := d.Submit(t.Context(), triage.Complaint{ID: "c1", Text: "宽带断了"}, 3)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"assess", "store", "index c1", "search"}, d.calls); diff != "" {
			t.Errorf("another order (-want +got)\n%s", diff)
		}
		if c := r.Case; r.Duplicate || c.Seq != 1 || c.Status != triage.StatusReceived || !c.ReceivedAt.Equal(noon) || !c.At.Equal(noon) {
			t.Errorf("got %+v, want case 1, new, received now", r)
		}
	})
	t.Run("what the store refuses is not indexed", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.accept = func([]triage.Case) error { return triage.Errorf(triage.CodeUnavailable, "disk full") }
		_, err := d.Submit(t.Context(), complaint("c1", "宽带断了"), 3)
		wantCode(t, err, triage.CodeUnavailable)
		if diff := cmp.Diff([]string{"assess", "store"}, d.calls); diff != "" {
			t.Errorf("another course (-want +got)\n%s", diff)
		}
	})
	t.Run("an id submitted again returns the stored case unchanged", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.submit(t, complaint("c1", "宽带断了"))
		r, err := d.Submit(t.Context(), complaint("c1", "另一段话"), 0)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Duplicate || r.Case.Seq != 1 || r.Case.Text != "宽带断了" || len(d.cases) != 1 {
			t.Errorf("got %+v of %d cases, want the first as a duplicate", r, len(d.cases))
		}
	})
	t.Run("of one id twice in a batch the first is stored", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		got := d.submit(t, complaint("c1", "宽带断了"), complaint("c2", "多收费"), complaint("c1", "第二次"))
		if got[0].Duplicate || got[1].Duplicate || !got[2].Duplicate {
			t.Errorf("got duplicates %v %v %v, want the third alone", got[0].Duplicate, got[1].Duplicate, got[2].Duplicate)
		}
		if got[2].Case.Text != "宽带断了" || got[2].Case.Seq != 1 {
			t.Errorf("the duplicate shows %q as case %d, want the stored one", got[2].Case.Text, got[2].Case.Seq)
		}
	})
	t.Run("one bad complaint stores nothing of its batch", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		_, err := d.SubmitAll(t.Context(), []triage.Complaint{complaint("c1", "宽带断了"), complaint("c2", "")})
		wantCode(t, err, triage.CodeInvalid)
		if len(d.calls) != 0 {
			t.Errorf("did %v, want nothing", d.calls)
		}
	})
	t.Run("no complaints are no work", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		if got := d.submit(t); len(got) != 0 {
			t.Errorf("got %v, want nothing", got)
		}
	})
	t.Run("a large batch keeps its order", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		batch := make([]triage.Complaint, 500)
		for i := range batch {
			batch[i] = triage.Complaint{ID: triage.ComplaintID(fmt.Sprint(i)), Text: "宽带断了"}
		}
		for i, r := range d.submit(t, batch...) {
			if r.Case.Seq != int64(i+1) || r.Case.ID != batch[i].ID || r.Case.Assessment.ID != batch[i].ID {
				t.Fatalf("receipt %d is of case %d, %s", i, r.Case.Seq, r.Case.ID)
			}
		}
	})
}

func TestSubmitHistory(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(c *triage.Complaint)
		want   triage.Status
	}{
		"nothing known":     {func(*triage.Complaint) {}, triage.StatusReceived},
		"a type of people":  {func(c *triage.Complaint) { c.Type = "billing" }, triage.StatusAcknowledged},
		"a resolution":      {func(c *triage.Complaint) { c.Resolution = "已修复" }, triage.StatusClosed},
		"a time of closing": {func(c *triage.Complaint) { c.ClosedAt = noon.Add(time.Hour) }, triage.StatusClosed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := complaint("c1", "宽带断了")
			test.change(&c)
			if got := newDesk(t).submit(t, c)[0].Case.Status; got != test.want {
				t.Errorf("got status %s, want %s", got, test.want)
			}
		})
	}
}

func TestAssess(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	c := triage.Complaint{ID: "c1", Text: "多收费"}
	var at time.Time
	judge := d.assess
	d.assess = func(c *triage.Complaint) triage.Assessment { at = c.At; return judge(c) }
	a, err := d.Assess(t.Context(), c, 0)
	if err != nil || a.Type != "billing" {
		t.Errorf("got %q and %v, want billing", a.Type, err)
	}
	if !at.Equal(noon) {
		t.Errorf("assessed as of %v, want now", at)
	}
	if diff := cmp.Diff([]string{"assess"}, d.calls); diff != "" {
		t.Errorf("assessing did more (-want +got)\n%s", diff)
	}
	_, err = d.Assess(t.Context(), triage.Complaint{ID: "c1"}, 0)
	wantCode(t, err, triage.CodeInvalid)
}
