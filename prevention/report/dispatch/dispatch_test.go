package dispatch_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/triage"
)

func failed(o prevention.Outcome) error {
	return &prevention.SendError{Outcome: o, Err: errors.New("no")}
}

func TestEachWeekIsSentOnce(t *testing.T) {
	t.Parallel()
	o := scheduled(t)
	o.run(monday.Add(-time.Minute), 0)
	o.run(monday, 1)
	o.run(monday.Add(time.Hour), 1)
	o.run(monday.AddDate(0, 0, 6), 1)
	o.run(monday.AddDate(0, 0, 8), 2) // a day late, after a stop
	for i, week := range []string{"2026-W10", "2026-W11"} {
		if !strings.Contains(o.postbox.mails[i].Subject, week) {
			t.Errorf("got the subject %q, want the week %s", o.postbox.mails[i].Subject, week)
		}
	}
}

func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	o := scheduled(t)
	o.run(monday, 1)
	m := o.postbox.mails[0]
	if m.To != "boss@example.com" || m.Subject != "投诉周报 · 全部部门 2026-W10" || len(m.Pictures) != 2 {
		t.Errorf("got a mail to %s, %q, with %d pictures", m.To, m.Subject, len(m.Pictures))
	}
	for _, want := range []string{"本周共收到投诉", "cid:trend", "cid:types", "&lt;b&gt;资费", `href="https://qianyi.example.com/figures/cases?`, "服务情况"} {
		if !strings.Contains(m.HTML, want) {
			t.Errorf("the mail lacks %q", want)
		}
	}
	if strings.Contains(m.HTML, "<b>资费") {
		t.Error("a name became markup")
	}
	if !strings.Contains(m.Text, "本周共收到投诉28件") || strings.Contains(m.Text, "<p") {
		t.Errorf("got the text %s", m.Text)
	}
}

func TestFailuresAreRetriedWithinLimits(t *testing.T) {
	t.Parallel()
	o := scheduled(t)
	for range 9 {
		o.postbox.fails = append(o.postbox.fails, failed(prevention.OutcomeRetry))
	}
	at := monday
	for range 12 {
		o.run(at, 0)
		at = at.Add(4 * time.Hour)
	}
	l := o.cabinet.lines[0]
	if l.State != dispatch.Failed || l.Attempts != 5 || l.Reason == "" {
		t.Errorf("got %s after %d attempts, %q", l.State, l.Attempts, l.Reason)
	}
	o.postbox.fails = nil
	if err := o.Repeat(t.Context(), l.ID, "li"); err != nil {
		t.Fatal(err)
	}
	o.run(at, 1)
	if err := o.Repeat(t.Context(), l.ID, "li"); triage.CodeOf(err) != triage.CodeConflict {
		t.Errorf("repeating what was sent: got %v", err)
	}
}

func TestWaitsGrow(t *testing.T) {
	t.Parallel()
	o := scheduled(t)
	o.postbox.fails = []error{failed(prevention.OutcomeRetry), failed(prevention.OutcomeRetry)}
	o.run(monday, 0)
	o.run(monday.Add(9*time.Minute), 0)
	if len(o.postbox.fails) != 1 {
		t.Fatal("tried again too early")
	}
	o.run(monday.Add(10*time.Minute), 0)
	o.run(monday.Add(29*time.Minute), 0)
	o.run(monday.Add(30*time.Minute), 1)
}

func TestUnclearEndsAreNotRepeated(t *testing.T) {
	t.Parallel()
	tests := map[string]func(o *office){
		"lost connection": func(o *office) { o.postbox.fails = []error{failed(prevention.OutcomeUnknown)} },
		"crash":           func(o *office) { o.cabinet.lost = true },
	}
	for name, happen := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := scheduled(t)
			happen(o)
			o.now = monday
			_, _ = o.Send(t.Context(), monday) // fails where the crash is
			got := len(o.postbox.mails)
			o.run(monday.Add(5*time.Minute), got)
			o.run(monday.Add(time.Hour), got)
			o.run(monday.AddDate(0, 0, 2), got)
			if l := o.cabinet.lines[0]; l.State != dispatch.Unclear || l.Reason == "" {
				t.Errorf("got %s, %q", l.State, l.Reason)
			}
			if err := o.Repeat(t.Context(), 1, "li"); err != nil {
				t.Fatal(err)
			}
			o.run(monday.AddDate(0, 0, 3), got+1)
		})
	}
}

func TestOneReceiverDoesNotHoldUpAnother(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := weekly
	c.Receivers = []triage.Email{"a@example.com", "b@example.com", "a@example.com", "Bo <c@example.com>"}
	if _, err := o.Save(t.Context(), c, "li"); err != nil {
		t.Fatal(err)
	}
	o.postbox.fails = []error{failed(prevention.OutcomeRejected)}
	o.run(monday, 2)
	var states []dispatch.State
	for _, l := range o.cabinet.lines {
		states = append(states, l.State)
	}
	if want := []dispatch.State{dispatch.Failed, dispatch.Sent, dispatch.Sent}; !slices.Equal(states, want) {
		t.Errorf("got %v, want %v", states, want)
	}
}

func TestSchedulesThatAreOffOrNewWait(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	off := weekly
	off.Active = false
	if _, err := o.Save(t.Context(), off, "li"); err != nil {
		t.Fatal(err)
	}
	o.now = monday.Add(time.Minute)
	if _, err := o.Save(t.Context(), weekly, "li"); err != nil { // a minute after its time
		t.Fatal(err)
	}
	o.run(monday.Add(time.Hour), 0)
	o.run(monday.AddDate(0, 0, 7), 1)
}

func TestTheTrailHasNoAddress(t *testing.T) {
	t.Parallel()
	o := scheduled(t)
	o.run(monday, 1)
	if len(o.cabinet.trail) != 2 {
		t.Fatalf("got %d entries, want the schedule and the mail", len(o.cabinet.trail))
	}
	for _, e := range o.cabinet.trail {
		if strings.Contains(e.Detail, "boss@example.com") || e.Actor == "" || e.Detail == "" {
			t.Errorf("got the entry %+v", e)
		}
	}
}

func TestWrongSchedules(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for field, change := range map[string]func(*dispatch.Schedule){
		"name":      func(s *dispatch.Schedule) { s.Name = " " },
		"hour":      func(s *dispatch.Schedule) { s.Hour = 24 },
		"weekday":   func(s *dispatch.Schedule) { s.Weekday = 7 },
		"language":  func(s *dispatch.Schedule) { s.Language = report.Language("fr") },
		"receivers": func(s *dispatch.Schedule) { s.Receivers = []triage.Email{"boss"} },
	} {
		s := weekly
		change(&s)
		_, err := o.Save(t.Context(), s, "li")
		if e, ok := errors.AsType[*triage.Error](err); !ok || e.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
}
