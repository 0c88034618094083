package improve_test

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// ledger keeps improvements in memory.
type ledger struct {
	all      map[int64]improve.Improvement
	remarks  map[int64][]improve.Remark
	trail    []triage.AuditEntry
	reminded map[int64]time.Time
}

func (l *ledger) Improvement(_ context.Context, id int64) (improve.Improvement, error) {
	a, ok := l.all[id]
	if !ok {
		return a, triage.Errorf(triage.CodeNotFound, "there is no improvement %d", id)
	}
	return a, nil
}

func (l *ledger) Improvements(_ context.Context, f improve.Filter) (list []improve.Improvement, err error) {
	for _, id := range slices.Sorted(maps.Keys(l.all)) {
		a := l.all[id]
		if (len(f.Statuses) == 0 || slices.Contains(f.Statuses, a.Status)) && (!f.Measured || a.Effect != nil) && f.For.May(&a) {
			list = append(list, a)
		}
	}
	return list, nil
}

func (l *ledger) PutImprovement(_ context.Context, a improve.Improvement, r improve.Remark, e triage.AuditEntry) (int64, error) {
	if old := l.all[a.ID]; a.ID != 0 && old.Version != a.Version {
		return 0, triage.Errorf(triage.CodeConflict, "changed")
	} else if a.ID != 0 {
		a.Effect, a.EffectAt = old.Effect, old.EffectAt
	}
	a.ID = cmp.Or(a.ID, int64(len(l.all)+1))
	a.Version++
	l.all[a.ID] = a
	l.remarks[a.ID] = append(l.remarks[a.ID], r)
	l.trail = append(l.trail, e)
	return a.ID, nil
}

func (l *ledger) Remarks(_ context.Context, id int64) ([]improve.Remark, error) {
	return l.remarks[id], nil
}

func (l *ledger) KeepEffect(_ context.Context, id int64, e improve.Effect, at time.Time) error {
	a := l.all[id]
	a.Effect, a.EffectAt = &e, at
	l.all[id] = a
	return nil
}

func (l *ledger) Unreminded(_ context.Context, due fact.Day, since time.Time) (list []improve.Improvement, err error) {
	for _, a := range l.all {
		if a.Status.Open() && a.Due < due && l.reminded[a.ID].Before(since) {
			list = append(list, a)
		}
	}
	return list, nil
}

func (l *ledger) Remind(_ context.Context, id int64, at time.Time) error {
	l.reminded[id] = at
	return nil
}

// told collects who was told that something is overdue, or only due.
type told map[string]bool

func (t told) Tell(_ context.Context, a improve.Improvement, overdue bool) error {
	t[a.Title] = overdue
	return nil
}

// office is a service at a day of 2026, in Shanghai.
type office struct {
	*improve.Service
	*ledger
	told
	now time.Time
}

var shanghai = time.FixedZone("CST", 8*60*60)

// first is the Monday from which on there are complaints: 30 billing and 300
// others a week, half of the billing ones from week 20 on.
var first = fact.Date(2026, time.January, 5)

func book() *fact.Book {
	b := fact.NewBook()
	for day := first; day < first+7*40; day += 7 {
		billing := 30
		if day >= first+7*20 {
			billing = 15
		}
		rows := make([]fact.Row, billing+300)
		for i := range rows {
			rows[i].Day = day
			rows[i].Values[fact.Type] = "network"
			if i < billing {
				rows[i].Values[fact.Type] = "billing"
			}
		}
		b.Put(day, rows)
	}
	return b
}

// read is a book that has been read in full.
type read struct{ *fact.Book }

func (read) Ready() bool { return true }

func open(t *testing.T, day fact.Day) *office {
	t.Helper()
	o := &office{
		ledger: &ledger{all: map[int64]improve.Improvement{}, remarks: map[int64][]improve.Remark{}, reminded: map[int64]time.Time{}},
		told:   told{}, now: day.In(shanghai).Add(9 * time.Hour),
	}
	s, err := improve.New(improve.Deps{
		Ledger: o.ledger, Figures: read{book()}, Reminders: o.ledger, Teller: o.told, Now: func() time.Time { return o.now }, Zone: shanghai,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Service = s
	return o
}

func (o *office) at(day fact.Day) { o.now = day.In(shanghai).Add(9 * time.Hour) }

// plain is an improvement of billing.
func plain() improve.Improvement {
	return improve.Improvement{
		Title: " 账单 改版 ", Scope: fact.Filter{}.With(fact.Type, "billing"), Department: "计费部", Due: first + 7*20, Target: -0.3,
	}
}

func (o *office) put(t *testing.T, a improve.Improvement) improve.Improvement {
	t.Helper()
	got, err := o.Put(t.Context(), a, "wang")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (o *office) move(t *testing.T, a improve.Improvement, to improve.Status, day fact.Day) improve.Improvement {
	t.Helper()
	got, err := o.Move(t.Context(), a.ID, improve.Step{Version: a.Version, To: to, Day: day, Note: "说明"}, "li")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Cases become late, or are taken up again, some time after they came in: fresh
// weeks have fewer of them, which is no effect.
func TestWhatBecomesOfCasesIsMeasuredLater(t *testing.T) {
	t.Parallel()
	o := open(t, first+7*19)
	ripening := plain()
	ripening.Scope.All = fact.LateResolve
	for title, a := range map[string]improve.Improvement{"plain": plain(), "late": ripening} {
		a.Title = title
		a = o.put(t, a)
		o.at(first + 7*19)
		a = o.move(t, o.move(t, a, improve.Doing, 0), improve.Done, 0)
		o.at(first + 7*26)
		points := o.Measure(&a).Points
		want := first + 7*25
		if title == "late" {
			want -= 4 * 7
		}
		if last := points[len(points)-1].Day; last != want {
			t.Errorf("%s: the last week is that of %s, want %s", title, last, want)
		}
	}
}

func TestFromPlanToEffect(t *testing.T) {
	t.Parallel()
	o := open(t, first+7*15)
	a := o.put(t, plain())
	if a.Title != "账单 改版" || a.Status != improve.Planned || a.CreatedBy != "wang" {
		t.Errorf("put: got %+v", a)
	}
	o.at(first + 7*19)
	a = o.move(t, a, improve.Doing, 0)
	a = o.move(t, a, improve.Done, 0)
	if a.Started != first+7*19 || a.Done != first+7*19 || a.Effect == nil || a.Effect.Verdict != improve.TooEarly {
		t.Errorf("done: got %+v", a)
	}
	for _, c := range []struct {
		weeks int
		want  improve.Verdict
	}{{21, improve.TooEarly}, {24, improve.TooEarly}, {29, improve.Works}} {
		o.at(first + fact.Day(7*c.weeks) + 2)
		if n, err := o.Review(t.Context()); n != 1 || err != nil {
			t.Fatalf("review: measured %d, %v", n, err)
		}
		got, _, err := o.Get(t.Context(), a.ID)
		if err != nil || got.Effect.Verdict != c.want {
			t.Errorf("after %d weeks: got %+v (%v), want %s", c.weeks, got.Effect, err, c.want)
		}
		for _, p := range got.Effect.Points {
			if p.Day+7 > o.Today() {
				t.Errorf("after %d weeks: the week of %s has not ended", c.weeks, p.Day)
			}
		}
	}
	worked, err := o.Worked(t.Context(), "改版", improve.Viewer{})
	if err != nil || len(worked) != 1 || worked[0].Effect.Ratio.Value > 0.55 || worked[0].Effect.Ratio.Value < 0.45 {
		t.Errorf("worked: got %+v (%v), want a half", worked, err)
	}
	if other, _ := o.Worked(t.Context(), "宽带", improve.Viewer{}); len(other) != 0 {
		t.Errorf("other words: got %+v", other)
	}
	o.at(first + 7*60)
	for want := 1; want >= 0; want-- {
		if n, err := o.Review(t.Context()); n != want || err != nil {
			t.Errorf("long after: measured %d (%v), want %d", n, err, want)
		}
	}
}

func TestNothingIsMeasuredBeforeTheFiguresAreRead(t *testing.T) {
	t.Parallel()
	o := open(t, first+7*30)
	done := o.move(t, o.move(t, o.put(t, plain()), improve.Doing, first+7*19), improve.Done, first+7*19)
	s, err := improve.New(improve.Deps{Ledger: o.ledger, Figures: fact.NewBook(), Now: func() time.Time { return o.now }, Zone: shanghai})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Review(t.Context()); n != 0 || triage.CodeOf(err) != triage.CodeUnavailable {
		t.Errorf("review: measured %d, %v", n, err)
	}
	if got, err := s.Note(t.Context(), done.ID, done.Version, "说明", "li"); err != nil || got.Effect.Verdict != improve.Works {
		t.Errorf("a note: got %+v, %v, want the effect as it was", got.Effect, err)
	}
}

func TestMovesThatAreRefused(t *testing.T) {
	t.Parallel()
	o := open(t, first+7*15)
	a := o.put(t, plain())
	for name, c := range map[string]struct {
		to      improve.Status
		day     fact.Day
		note    string
		version int64
		want    triage.Code
	}{
		"over a step":      {improve.Verified, 0, "", a.Version, triage.CodeConflict},
		"of old":           {improve.Doing, 0, "", a.Version - 1, triage.CodeConflict},
		"into the future":  {improve.Doing, first + 7*16, "", a.Version, triage.CodeInvalid},
		"without a reason": {improve.Closed, 0, " ", a.Version, triage.CodeInvalid},
	} {
		if _, err := o.Move(t.Context(), a.ID, improve.Step{Version: c.version, To: c.to, Day: c.day, Note: c.note}, "li"); triage.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	doing := o.move(t, a, improve.Doing, first+7*14)
	if _, err := o.Move(t.Context(), a.ID, improve.Step{Version: doing.Version, To: improve.Done, Day: first}, "li"); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("done before it began: got %v", err)
	}
	if len(o.trail) != 2 || len(o.remarks[a.ID]) != 2 {
		t.Errorf("%d entries and %d remarks of two changes", len(o.trail), len(o.remarks[a.ID]))
	}
}

func TestWhatAnImprovementNeeds(t *testing.T) {
	t.Parallel()
	o := open(t, first)
	for field, change := range map[string]func(*improve.Improvement){
		"title":      func(a *improve.Improvement) { a.Title = " " },
		"department": func(a *improve.Improvement) { a.Department = "" },
		"due":        func(a *improve.Improvement) { a.Due = 0 },
		"target":     func(a *improve.Improvement) { a.Target = 0.3 },
		"scope":      func(a *improve.Improvement) { a.Scope = fact.Filter{From: first} },
		"control":    func(a *improve.Improvement) { a.Control = a.Scope },
	} {
		a := plain()
		change(&a)
		_, err := o.Put(t.Context(), a, "wang")
		if e, ok := errors.AsType[*triage.Error](err); !ok || e.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
}

func TestRemindersAreOnceAWeek(t *testing.T) {
	t.Parallel()
	o := open(t, first)
	soon, late, far, done := plain(), plain(), plain(), plain()
	soon.Title, soon.Due = "soon", first+3
	late.Title, late.Due = "late", first-1
	far.Title, far.Due = "far", first+4
	done.Title, done.Due = "done", first-1
	for _, a := range []improve.Improvement{soon, late, far} {
		o.put(t, a)
	}
	o.move(t, o.move(t, o.put(t, done), improve.Doing, 0), improve.Done, 0)
	for _, want := range []int{2, 0} {
		if n, err := o.Service.Remind(t.Context()); n != want || err != nil {
			t.Errorf("told %d (%v), want %d", n, err, want)
		}
	}
	if want := (told{"soon": false, "late": true}); !maps.Equal(o.told, want) {
		t.Errorf("told %v, want %v", o.told, want)
	}
	o.at(first + 8)
	if n, err := o.Service.Remind(t.Context()); n != 3 || err != nil {
		t.Errorf("a week later: told %d (%v), want 3", n, err)
	}
}

func TestAnAlarmPeakIsNotBefore(t *testing.T) {
	t.Parallel()
	o := open(t, first+7*30)
	a := plain()
	a.Started, a.Done, a.Peak = first+7*20, first+7*20, improve.Span{From: first + 7*17, To: first + 7*20}
	e := o.Measure(&a)
	if e.WeeksBefore != 16 || e.WithPeak == nil || e.Found {
		t.Errorf("got %d weeks before, with the peak %v", e.WeeksBefore, e.WithPeak)
	}
	for _, p := range e.Points {
		if in := p.Day >= a.Peak.From && p.Day < a.Peak.To; in != (p.Part == improve.PartPeak) {
			t.Errorf("the week of %s is %s", p.Day, p.Part)
		}
	}
}
