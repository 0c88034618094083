package triage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const day = 24 * time.Hour

// first is the complaint that the second of each test may follow.
func first() triage.Complaint {
	c := complaint("c1", "家里宽带从上周五开始一直断网，光猫亮红灯，打了客服也没人上门维修")
	c.At = noon.Add(-10 * day)
	c.OrderID = "DD-1"
	return c
}

var linkTests = map[string]struct {
	text   string
	change func(c *triage.Complaint)
	linked bool
}{
	"the same text":                         {first().Text, nil, true},
	"a short reminder":                      {"光猫亮红灯，没人上门维修", nil, true},
	"the same type in like words":           {"宽带还是一直断网，光猫亮红灯，等了十天了，孩子要上网课，快点安排", nil, true},
	"the same type about something else":    {"地下车库完全没有信号，导航也用不了，多次反映无果", nil, false},
	"another type in like words":            {"宽带一直断网，光猫亮红灯，等了十天，这个月的费用必须退还给我才行", nil, false},
	"the same order in other words":         {"多收费", func(c *triage.Complaint) { c.OrderID = "DD-1" }, true},
	"the same order with blanks":            {"多收费", func(c *triage.Complaint) { c.OrderID = " DD-1 " }, true},
	"another customer":                      {first().Text, func(c *triage.Complaint) { c.CustomerID = "K-2" }, false},
	"a customer nobody knows":               {first().Text, func(c *triage.Complaint) { c.CustomerID = "" }, false},
	"beyond the window":                     {first().Text, func(c *triage.Complaint) { c.At = noon.Add(81 * day) }, false},
	"on the last day of the window":         {first().Text, func(c *triage.Complaint) { c.At = noon.Add(80 * day) }, true},
	"one that came before":                  {first().Text, func(c *triage.Complaint) { c.At = noon.Add(-11 * day) }, false},
	"at the very same time":                 {first().Text, func(c *triage.Complaint) { c.At = noon.Add(-10 * day) }, true},
	"a greeting that the other has, too":    {"客服", nil, false},
	"a text without letters":                {"😡", nil, false},
	"the same text behind a very long text": {strings.Repeat("无关的内容很长", 400) + first().Text, nil, false},
}

func TestLink(t *testing.T) {
	t.Parallel()
	for name, test := range linkTests {
		second := complaint("c2", test.text)
		if test.change != nil {
			test.change(&second)
		}
		want := triage.ComplaintID("")
		if test.linked {
			want = "c1"
		}
		t.Run(name+"/stored before", func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.submit(t, first())
			if got := d.submit(t, second)[0].Case.Predecessor; got != want {
				t.Errorf("got predecessor %q, want %q", got, want)
			}
		})
		t.Run(name+"/in the same batch", func(t *testing.T) {
			t.Parallel()
			if got := newDesk(t).submit(t, first(), second)[1].Case.Predecessor; got != want {
				t.Errorf("got predecessor %q, want %q", got, want)
			}
		})
	}
}

func TestLinkPicksTheLatest(t *testing.T) {
	t.Parallel()
	a, b, c := first(), first(), first()
	b.ID, b.At = "c2", noon.Add(-5*day)
	c.ID, c.At = "c3", noon
	for name, batches := range map[string][][]triage.Complaint{
		"of the batch":          {{a, b, c}},
		"of the store":          {{b, a}, {c}},
		"of store and batch":    {{a}, {b, c}},
		"the store has a later": {{b}, {a, c}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			var last []triage.Receipt
			for _, batch := range batches {
				last = d.submit(t, batch...)
			}
			if got := last[len(last)-1].Case.Predecessor; got != "c2" {
				t.Errorf("got predecessor %q, want c2", got)
			}
		})
	}
}

func TestLinkAsksTheStoreOnlyForKnownCustomers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.submit(t, first())
	asked := 0
	d.recent = func(q triage.RecentQuery) error {
		asked++
		if q.Customer != "K-1" {
			t.Errorf("asked for the cases of %s, who has none", q.Customer)
		}
		return nil
	}
	batch := []triage.Complaint{complaint("k", "多收费")}
	for i := range 100 {
		c := complaint(fmt.Sprint(i), "多收费")
		c.CustomerID = triage.CustomerID(fmt.Sprint("N-", i))
		batch = append(batch, c)
	}
	d.submit(t, batch...)
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
}

func TestLinkFailsWithTheStore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.submit(t, first())
	locked := errors.New("locked")
	d.recent = func(triage.RecentQuery) error { return locked }
	if _, err := d.Submit(t.Context(), complaint("c2", "多收费"), 0); !errors.Is(err, locked) {
		t.Errorf("got %v, want the store's error", err)
	}
	if len(d.cases) != 1 {
		t.Error("a case was stored without a look at its predecessors")
	}
}
