package counter_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// tap is the one tap of a clerk.
func tap(how campaign.Attitude, key string) counter.Capture {
	return counter.Capture{Campaign: "X", Customer: "k1", Attitude: how, Shop: "一厅", Source: counter.FromConsole, Key: key}
}

func TestOneTap(t *testing.T) {
	t.Parallel()
	w := newWorld(t, offer("X", "返费"))
	got, added, err := w.Take(t.Context(), tap(campaign.Refused, "n1"), "li")
	check(t, err)
	want := counter.Capture{
		ID: 1, Campaign: "X", Customer: "k1", Attitude: campaign.Refused, Clerk: "li", Shop: "一厅", Source: counter.FromConsole, Key: "li n1",
		At: noon, Day: fact.Date(2026, time.March, 31), RecordedAt: noon, Version: 1, Reasons: []counter.Reason{},
	}
	if diff := cmp.Diff(want, got); diff != "" || !added {
		t.Errorf("added %t (-want +got)\n%s", added, diff)
	}
	t.Run("twice is once", func(t *testing.T) {
		again, added, err := w.Take(t.Context(), tap(campaign.Refused, "n1"), "li")
		check(t, err)
		if added || again.ID != 1 || len(w.captures) != 1 {
			t.Errorf("added %t, got %+v", added, again)
		}
	})
	t.Run("another button with the same key is refused", func(t *testing.T) {
		_, _, err := w.Take(t.Context(), tap(campaign.Accepted, "n1"), "li")
		code(t, err, triage.CodeConflict)
	})
	t.Run("keys are those of who taps", func(t *testing.T) {
		_, added, err := w.Take(t.Context(), tap(campaign.Accepted, "n1"), "wang")
		check(t, err)
		if !added {
			t.Error("the capture of another clerk was not taken")
		}
	})
	t.Run("another system may repeat itself", func(t *testing.T) {
		c := tap(campaign.Accepted, "")
		c.Source, c.At = counter.FromAPI, days(1)
		for i := range 2 {
			_, added, err := w.Take(t.Context(), c, "li")
			check(t, err)
			if added != (i == 0) {
				t.Errorf("call %d: added %t", i, added)
			}
		}
		c.Customer = "" // two strangers may come at the same time
		for range 2 {
			_, added, err := w.Take(t.Context(), c, "li")
			check(t, err)
			if !added {
				t.Error("a stranger was taken for another")
			}
		}
	})
}

func TestWrongCaptures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, offer("X", "返费"))
	for name, test := range map[string]struct {
		change func(*counter.Capture)
		want   triage.Code
	}{
		"attitude":  {func(c *counter.Capture) { c.Attitude = "happy" }, triage.CodeInvalid},
		"behaviour": {func(c *counter.Capture) { c.Behaviour = "sang" }, triage.CodeInvalid},
		"reason":    {func(c *counter.Capture) { c.Reasons = []counter.Reason{"none"} }, triage.CodeInvalid},
		"campaign":  {func(c *counter.Capture) { c.Campaign = "Y" }, triage.CodeNotFound},
		"clerk":     {func(c *counter.Capture) { c.Clerk = "l\ti" }, triage.CodeInvalid},
		"customer":  {func(c *counter.Capture) { c.Customer = "k\x00" }, triage.CodeInvalid},
		"shop":      {func(c *counter.Capture) { c.Shop = strings.Repeat("厅", 201) }, triage.CodeInvalid},
		"words":     {func(c *counter.Capture) { c.Words = strings.Repeat("贵", 501) }, triage.CodeTooLarge},
		"time":      {func(c *counter.Capture) { c.At = noon.Add(time.Hour) }, triage.CodeInvalid},
	} {
		c := tap(campaign.Refused, "")
		test.change(&c)
		_, _, err := w.Take(t.Context(), c, "li")
		if triage.CodeOf(err) != test.want {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
	if len(w.captures)+len(w.trail) != 0 {
		t.Errorf("something was stored: %+v", w.captures)
	}
}

func TestDetails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, offer("X", "返费"))
	_, _, err := w.Take(t.Context(), tap(campaign.Annoyed, "n1"), "li")
	check(t, err)
	d := counter.Details{
		Behaviour: counter.Left, Words: " 上次说返费根本没返，\r\n你们就是骗人 ",
		Reasons: []counter.Reason{counter.BadExperience, counter.TooExpensive, counter.TooExpensive},
	}
	w.clock.Advance(counter.UndoTime)
	got, err := w.Detail(t.Context(), 1, d, "li")
	check(t, err)
	if want := "上次说返费根本没返，\n你们就是骗人"; got.Words != want || !got.Complains || got.Sentiment != nlp.Negative || got.Type != "billing" {
		t.Errorf("got %+v, want a complaint of %q", got, want)
	}
	if diff := cmp.Diff([]counter.Reason{counter.TooExpensive, counter.BadExperience}, got.Reasons); diff != "" {
		t.Errorf("reasons (-want +got)\n%s", diff)
	}
	for name, words := range map[string]string{"neutral words": "回去和家里人商量一下", "too short": "骗人"} {
		if got, err = w.Detail(t.Context(), 1, counter.Details{Words: words}, "li"); err != nil || got.Complains {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	_, err = w.Detail(t.Context(), 1, d, "wang")
	code(t, err, triage.CodeForbidden)
	w.clock.Advance(time.Millisecond)
	_, err = w.Detail(t.Context(), 1, d, "li")
	code(t, err, triage.CodeConflict)
	for _, e := range w.trail {
		if strings.Contains(e.Detail, "骗") || strings.Contains(e.Detail, "k1") {
			t.Errorf("the trail says %s", e.Detail)
		}
	}
}

func TestUndo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, offer("X", "返费"))
	c := tap(campaign.Refused, "n1")
	c.Words = "你们就是骗人的，退钱"
	for range 2 {
		_, _, err := w.Take(t.Context(), c, "li")
		check(t, err)
		c.Key = "n2"
	}
	_, err := w.Undo(t.Context(), 1, "wang")
	code(t, err, triage.CodeForbidden)
	for range 2 {
		got, err := w.Undo(t.Context(), 1, "li")
		check(t, err)
		if !got.Undone || got.Words != "" || got.Changeable("li", noon) {
			t.Errorf("got %+v", got)
		}
	}
	if n := len(w.trail); n != 3 || w.trail[2].Action != "capture.undo" || w.trail[2].Object != "capture:1" {
		t.Errorf("got %d entries, the last %+v", n, w.trail[n-1])
	}
	_, err = w.Complain(t.Context(), 1, "li")
	code(t, err, triage.CodeConflict)
	_, err = w.Detail(t.Context(), 1, counter.Details{Words: "退钱"}, "li") // words would come back
	code(t, err, triage.CodeConflict)
	_, err = w.Undo(t.Context(), 9, "li")
	code(t, err, triage.CodeNotFound)
	t.Run("not once a complaint was made", func(t *testing.T) {
		_, err := w.Complain(t.Context(), 2, "wang")
		check(t, err)
		_, err = w.Undo(t.Context(), 2, "li")
		code(t, err, triage.CodeConflict)
	})
}

func TestComplaintOfWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, offer("X", "返费"))
	c := tap(campaign.Annoyed, "n1")
	c.Words = "返费没到账，你们骗人"
	_, _, err := w.Take(t.Context(), c, "li")
	check(t, err)
	for range 2 {
		k, err := w.Complain(t.Context(), 1, "wang")
		check(t, err)
		if k.ID != "counter-1" || w.captures[0].Case != "counter-1" {
			t.Errorf("got the case %s, the capture has %s", k.ID, w.captures[0].Case)
		}
	}
	want := triage.Complaint{
		ID: "counter-1", CustomerID: "k1", Channel: triage.ChannelCounter, At: noon, Text: c.Words, Region: "广东深圳", Campaign: "X",
		Attrs: map[string]any{"capture": "1"},
	}
	if diff := cmp.Diff(want, w.taken[0]); diff != "" {
		t.Errorf("the complaint (-want +got)\n%s", diff)
	}
	if len(w.trail) != 2 || w.trail[1].Actor != "wang" || w.trail[1].Action != "capture.complain" {
		t.Errorf("the trail is %+v", w.trail)
	}
}

func TestOptOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check(t, w.OptOut(t.Context(), "k1", "li"))
	want := []prevention.Suppression{
		{Customer: "k1", Reason: "counter", At: noon, By: "li"}, {Customer: "k2", Reason: "counter", At: noon, By: "li"},
		{Customer: "k1", Address: "13800138000", Reason: "counter", At: noon, By: "li"},
	}
	if diff := cmp.Diff(want, w.blocked); diff != "" {
		t.Errorf("suppressions (-want +got)\n%s", diff)
	}
	e := triage.AuditEntry{At: noon, Actor: "li", Action: "customer.opt_out", Object: "customer:k1", Detail: `{"addresses":1,"records":2}`}
	if diff := cmp.Diff([]triage.AuditEntry{e}, w.trail); diff != "" {
		t.Errorf("trail (-want +got)\n%s", diff)
	}
	code(t, w.OptOut(t.Context(), "k404", "li"), triage.CodeNotFound)
}
