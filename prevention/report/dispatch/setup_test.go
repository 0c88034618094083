package dispatch_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

var (
	zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	// monday is when the schedule of the tests is due, for the week W10 of 2026.
	monday = time.Date(2026, time.March, 9, 8, 0, 0, 0, zone)
)

// cabinet keeps schedules, reports and lines in memory.
type cabinet struct {
	schedules []dispatch.Schedule
	kept      []dispatch.Kept
	lines     []dispatch.Line
	trail     []triage.AuditEntry
	// lost makes the next settlement fail, as a crash would.
	lost bool
}

func (c *cabinet) ReportSchedules(context.Context) ([]dispatch.Schedule, error) {
	return slices.Clone(c.schedules), nil
}

func (c *cabinet) PutReportSchedule(_ context.Context, s dispatch.Schedule, e triage.AuditEntry) (int64, error) {
	c.trail = append(c.trail, e)
	if s.ID == 0 {
		s.ID = int64(len(c.schedules) + 1)
		c.schedules = append(c.schedules, s)
	} else {
		c.schedules[s.ID-1] = s
	}
	return s.ID, nil
}

func (c *cabinet) ReportPlanned(_ context.Context, schedule int64, w report.Week) (bool, error) {
	return slices.ContainsFunc(c.kept, func(k dispatch.Kept) bool { return k.Schedule == schedule && k.Report.Week == w }), nil
}

func (c *cabinet) PlanReport(_ context.Context, k dispatch.Kept, receivers []triage.Email, at time.Time) (bool, error) {
	k.ID = int64(len(c.kept) + 1)
	c.kept = append(c.kept, k)
	for _, r := range receivers {
		c.lines = append(c.lines, dispatch.Line{
			ID: int64(len(c.lines) + 1), Report: k.ID, Schedule: k.Schedule, Week: k.Report.Week, Receiver: r, State: dispatch.Waiting, NextAt: at, At: at,
		})
	}
	return true, nil
}

func (c *cabinet) KeptReport(_ context.Context, id int64) (dispatch.Kept, error) {
	return c.kept[id-1], nil
}

func (c *cabinet) ReportLinesDue(_ context.Context, now, stale time.Time) ([]dispatch.Line, error) {
	var due []dispatch.Line
	for _, l := range c.lines {
		if l.State == dispatch.Waiting && !l.NextAt.After(now) || l.State == dispatch.Sending && l.At.Before(stale) {
			due = append(due, l)
		}
	}
	return due, nil
}

func (c *cabinet) ClaimReportLine(_ context.Context, l dispatch.Line, at time.Time) (bool, error) {
	known := &c.lines[l.ID-1]
	if known.State != dispatch.Waiting || known.Attempts != l.Attempts {
		return false, nil
	}
	known.State, known.At = dispatch.Sending, at
	known.Attempts++
	return true, nil
}

func (c *cabinet) SettleReportLine(_ context.Context, l dispatch.Line, from dispatch.State, e triage.AuditEntry) error {
	if c.lost {
		c.lost = false
		return triage.Errorf(triage.CodeUnavailable, "crashed")
	}
	if c.lines[l.ID-1].State != from {
		return triage.Errorf(triage.CodeConflict, "not %s", from)
	}
	c.lines[l.ID-1] = l
	c.trail = append(c.trail, e)
	return nil
}

func (c *cabinet) ReportLine(_ context.Context, id int64) (dispatch.Line, error) {
	return c.lines[id-1], nil
}

func (c *cabinet) ReportLines(context.Context, int) ([]dispatch.Line, error) {
	return slices.Clone(c.lines), nil
}

// postbox takes mails; each error of fails is the outcome of one attempt.
type postbox struct {
	mails []channel.Mail
	fails []error
}

func (p *postbox) SendMail(_ context.Context, m channel.Mail) (prevention.Receipt, error) {
	var err error
	if len(p.fails) > 0 {
		err, p.fails = p.fails[0], p.fails[1:]
	}
	if err == nil {
		p.mails = append(p.mails, m)
	}
	return prevention.Receipt{}, err
}

// office is a service over a book of ten quiet weeks.
type office struct {
	t       *testing.T
	now     time.Time
	cabinet *cabinet
	postbox *postbox
	*dispatch.Service
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, now: monday.Add(-time.Hour), cabinet: &cabinet{}, postbox: &postbox{}}
	book := fact.NewBook()
	for d := fact.DayOf(monday, zone) - 70; d < fact.DayOf(monday, zone); d++ {
		rows := make([]fact.Row, 4)
		for i := range rows {
			rows[i] = fact.Row{Seq: int64(d)*4 + int64(i), Day: d, Satisfaction: fact.None, Respond: 30, Resolve: 900}
			rows[i].Values[fact.Type] = []string{"<b>资费</b>", "network", "network", "service"}[i]
		}
		book.Put(d, rows)
	}
	now := func() time.Time { return o.now }
	o.Service = dispatch.New(dispatch.Deps{
		Maker: &report.Maker{Book: book.Filled(), Zone: zone, Now: now}, Schedules: o.cabinet, Outbox: o.cabinet, Mailer: o.postbox,
		Names: func(_ report.Language, _, value string) string { return value },
		Site:  "https://qianyi.example.com/", Zone: zone, Now: now, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	return o
}

var weekly = dispatch.Schedule{
	Name: "周报", Weekday: time.Monday, Hour: 8, Receivers: []triage.Email{"boss@example.com"}, Language: report.Chinese, Active: true,
}

// scheduled is newOffice with a schedule.
func scheduled(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	if _, err := o.Save(t.Context(), weekly, "li"); err != nil {
		t.Fatal(err)
	}
	return o
}

// run sends at a time and checks how many mails there are then.
func (o *office) run(at time.Time, mails int) {
	o.t.Helper()
	o.now = at
	if _, err := o.Send(o.t.Context(), at); err != nil {
		o.t.Logf("Send: %v", err)
	}
	if got := len(o.postbox.mails); got != mails {
		o.t.Fatalf("at %s there are %d mails, want %d", at.Format(time.DateTime), got, mails)
	}
}
