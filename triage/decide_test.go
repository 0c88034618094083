package triage_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
)

func TestConfirm(t *testing.T) {
	t.Parallel()
	t.Run("a correction is stored as a label beside the suggestion", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.submit(t, complaint("c1", "多收费"))
		d.calls = nil
		c, err := d.Confirm(t.Context(), "c1", "network", "network.slow", "li")
		if err != nil {
			t.Fatal(err)
		}
		want := []triage.Label{{Complaint: "c1", Type: "network", Subtype: "network.slow", Suggested: "billing", By: "li", At: noon}}
		if diff := cmp.Diff(want, d.labels); diff != "" {
			t.Errorf("another label (-want +got)\n%s", diff)
		}
		if c.FinalType() != "network" || c.Assessment.Type != "billing" || c.Status != triage.StatusReceived {
			t.Errorf("got %s of %s, %s, want the corrected case, still received", c.FinalType(), c.Assessment.Type, c.Status)
		}
		if diff := cmp.Diff([]string{"confirm", "index c1"}, d.calls); diff != "" {
			t.Errorf("another course (-want +got)\n%s", diff)
		}
	})
	for name, test := range map[string]struct {
		id           triage.ComplaintID
		typ, subtype string
		code         triage.Code
		field        string
	}{
		"an unknown type":                 {"c1", "weather", "", triage.CodeInvalid, "type"},
		"no type":                         {"c1", "", "", triage.CodeInvalid, "type"},
		"a sub-type in the place of type": {"c1", "network.slow", "", triage.CodeInvalid, "type"},
		"a name in the place of a code":   {"c1", "网络质量", "", triage.CodeInvalid, "type"},
		"an unknown sub-type":             {"c1", "network", "network.weather", triage.CodeInvalid, "subtype"},
		"a sub-type of another type":      {"c1", "billing", "network.slow", triage.CodeInvalid, "subtype"},
		"an unknown case":                 {"c9", "network", "", triage.CodeNotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.submit(t, complaint("c1", "多收费"))
			_, err := d.Confirm(t.Context(), test.id, test.typ, test.subtype, "li")
			wantCode(t, err, test.code)
			if e, ok := errors.AsType[*triage.Error](err); ok && e.Field != test.field {
				t.Errorf("got field %q, want %q", e.Field, test.field)
			}
			if len(d.labels) != 0 {
				t.Error("a label was stored")
			}
		})
	}
}

// closer takes the endings that are told to it.
type closer struct{ told []triage.Closing }

func (c *closer) Close(_ context.Context, e triage.Closing) error {
	c.told = append(c.told, e)
	return nil
}

// Who knows the calendar ends cases, where there is one.
func TestCloseGoesThroughTheCloser(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.submit(t, complaint("c1", "多收费"))
	other := &closer{}
	d.deps.Closer = other
	if _, err := triage.New(d.deps).Close(t.Context(), triage.Closing{Complaint: "c1", Resolution: "已退费", By: "li"}); err != nil {
		t.Fatal(err)
	}
	if len(other.told) != 1 || !other.told[0].At.Equal(noon) || d.cases[0].Status == triage.StatusClosed {
		t.Errorf("told %+v, the case is %s; want the closer alone to end it", other.told, d.cases[0].Status)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	t.Run("the ending is stored with the time of the clock", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.submit(t, complaint("c1", "多收费"))
		c, err := d.Close(t.Context(), triage.Closing{Complaint: "c1", Resolution: " 已退费\n", Satisfaction: score(0), By: "li"})
		if err != nil {
			t.Fatal(err)
		}
		if c.Resolution != "已退费" || !c.ClosedAt.Equal(noon) || c.Status != triage.StatusClosed || *c.Satisfaction != 0 {
			t.Errorf("got %+v, want it closed now", c.Complaint)
		}
		if last := d.calls[len(d.calls)-1]; last != "index c1" {
			t.Errorf("last did %q, want the index told", last)
		}
	})
	for name, test := range map[string]struct {
		closing triage.Closing
		code    triage.Code
	}{
		"no resolution":             {triage.Closing{Complaint: "c1"}, triage.CodeInvalid},
		"a resolution of blanks":    {triage.Closing{Complaint: "c1", Resolution: " 　\n"}, triage.CodeInvalid},
		"an endless resolution":     {triage.Closing{Complaint: "c1", Resolution: strings.Repeat("退", triage.MaxTextRunes+1)}, triage.CodeTooLarge},
		"a satisfaction of 101":     {triage.Closing{Complaint: "c1", Resolution: "已退费", Satisfaction: score(101)}, triage.CodeInvalid},
		"a satisfaction of nothing": {triage.Closing{Complaint: "c1", Resolution: "已退费", Satisfaction: score(math.NaN())}, triage.CodeInvalid},
		"an unknown case":           {triage.Closing{Complaint: "c9", Resolution: "已退费"}, triage.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.submit(t, complaint("c1", "多收费"))
			_, err := d.Close(t.Context(), test.closing)
			wantCode(t, err, test.code)
			if d.cases[0].Status != triage.StatusReceived {
				t.Errorf("the case is %s, want it open", d.cases[0].Status)
			}
		})
	}
}

func TestView(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.past("p1", "方案", 0.5, nil, noon)
	d.submit(t, first(), complaint("c2", "多收费"))
	entry := triage.AuditEntry{At: noon, Actor: "li", Action: "confirm", Object: "case:c2"}
	d.trail = func(object string) ([]triage.AuditEntry, error) {
		if object != "case:c2" {
			t.Errorf("asked for the trail of %q", object)
		}
		return []triage.AuditEntry{entry}, nil
	}
	v, err := d.View(t.Context(), "c2", 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Neighbours) != 1 || v.Neighbours[0].ID != "p1" || v.Case.Assessment.Similar[0].ID != "p1" {
		t.Errorf("got neighbours %v, want p1", v.Neighbours)
	}
	if len(v.Earlier) != 1 || v.Earlier[0].ID != "c1" {
		t.Errorf("got earlier cases %v, want c1", v.Earlier)
	}
	if diff := cmp.Diff([]triage.AuditEntry{entry}, v.Trail); diff != "" {
		t.Errorf("another trail (-want +got)\n%s", diff)
	}
	d.calls = nil
	for _, similar := range []int{0, -1} {
		if _, err := d.View(t.Context(), "c2", similar); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"recent", "recent"}, d.calls); diff != "" {
		t.Errorf("a view without similar cases did more (-want +got)\n%s", diff)
	}
	_, err = d.View(t.Context(), "c9", 3)
	wantCode(t, err, triage.CodeNotFound)
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.past("p1", "方案", 0.5, nil, noon)
	d.submit(t, complaint("c1", "宽带断了"))
	got, err := d.Similar(t.Context(), "c1", 3)
	if err != nil || len(got) != 1 || got[0].ID != "p1" {
		t.Errorf("got %v and %v, want p1", got, err)
	}
	d.similar = func(triage.SimilarQuery) ([]triage.Hit, error) {
		return nil, triage.Errorf(triage.CodeUnavailable, "index damaged")
	}
	_, err = d.Similar(t.Context(), "c1", 3)
	wantCode(t, err, triage.CodeUnavailable)
	_, err = d.Similar(t.Context(), "c9", 3)
	wantCode(t, err, triage.CodeNotFound)
}
