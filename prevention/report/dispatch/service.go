package dispatch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/triage"
)

// Maker makes the report of a scope.
type Maker interface {
	Make(ctx context.Context, s report.Scope) (report.Report, error)
}

// Mailer sends a mail once; its errors are *prevention.SendError.
type Mailer interface {
	SendMail(ctx context.Context, m channel.Mail) (prevention.Receipt, error)
}

// Schedules keeps schedules and what was made for them.
type Schedules interface {
	ReportSchedules(ctx context.Context) ([]Schedule, error)
	// PutReportSchedule adds a schedule of ID 0 or replaces the one of that version
	// (CodeConflict for another), with its audit entry.
	PutReportSchedule(ctx context.Context, s Schedule, e triage.AuditEntry) (id int64, err error)
	// PlanReport keeps a report with a waiting line for each receiver, due at
	// once. For a schedule and week that are known it does nothing and returns
	// false.
	PlanReport(ctx context.Context, k Kept, receivers []triage.Email, at time.Time) (bool, error)
	// ReportPlanned says whether a schedule has a report of a week.
	ReportPlanned(ctx context.Context, schedule int64, w report.Week) (bool, error)
	// KeptReport is CodeNotFound for an unknown id.
	KeptReport(ctx context.Context, id int64) (Kept, error)
}

// Outbox keeps the lines.
type Outbox interface {
	// ReportLinesDue returns waiting lines that are due, and lines that were claimed
	// before stale and never settled.
	ReportLinesDue(ctx context.Context, now, stale time.Time) ([]Line, error)
	// ClaimReportLine counts an attempt and marks a waiting line as being sent. When
	// it returns true, that has reached the disk, and of all callers this one alone
	// may send.
	ClaimReportLine(ctx context.Context, l Line, at time.Time) (bool, error)
	// SettleReportLine stores State, NextAt, At and Reason of a line that is in the
	// state from, with its audit entry; CodeConflict in another.
	SettleReportLine(ctx context.Context, l Line, from State, e triage.AuditEntry) error
	ReportLine(ctx context.Context, id int64) (Line, error)
	// ReportLines returns the latest lines.
	ReportLines(ctx context.Context, limit int) ([]Line, error)
}

// Deps is what a Service is made of. Mailer may be nil: then nothing is sent and
// schedules wait.
type Deps struct {
	Maker     Maker
	Schedules Schedules
	Outbox    Outbox
	Mailer    Mailer
	Names     report.Namer
	// Site is the address of the console that mails link to, "" for no links.
	Site string
	Zone *time.Location
	Now  func() time.Time
	Log  *slog.Logger
}

// Service sends reports and looks after their schedules. It is safe for
// concurrent use.
type Service struct{ d Deps }

// New returns a service.
func New(d Deps) *Service { return &Service{d} }

const (
	maxAttempts = 5
	// firstWait doubles with each attempt.
	firstWait = 10 * time.Minute
	// claimTime is longer than any attempt takes.
	claimTime = 15 * time.Minute
	actor     = "schedule"
)

// Send makes the reports that are due and sends what waits. It returns how many
// mails went out; the failure of one does not hold up the others.
func (s *Service) Send(ctx context.Context, now time.Time) (sent int, err error) {
	if s.d.Mailer == nil {
		return 0, nil
	}
	errs := []error{s.plan(ctx, now)}
	lines, err := s.d.Outbox.ReportLinesDue(ctx, now, now.Add(-claimTime))
	errs = append(errs, err)
	for _, l := range lines {
		ok, err := s.deliver(ctx, l)
		if ok {
			sent++
		}
		errs = append(errs, err)
		if ctx.Err() != nil {
			break
		}
	}
	return sent, errors.Join(errs...)
}

// plan keeps the report of every schedule that is due.
func (s *Service) plan(ctx context.Context, now time.Time) error {
	list, err := s.d.Schedules.ReportSchedules(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for i := range list {
		if w, ok := list[i].due(now, s.d.Zone); ok {
			errs = append(errs, s.planOne(ctx, &list[i], w, now))
		}
	}
	return errors.Join(errs...)
}

func (s *Service) planOne(ctx context.Context, c *Schedule, w report.Week, now time.Time) error {
	known, err := s.d.Schedules.ReportPlanned(ctx, c.ID, w)
	if err != nil || known {
		return err
	}
	r, err := s.d.Maker.Make(ctx, report.Scope{Week: w, Department: c.Department})
	if err != nil {
		return fmt.Errorf("report schedule %d: %w", c.ID, err)
	}
	_, err = s.d.Schedules.PlanReport(ctx, Kept{Schedule: c.ID, Language: c.Language, Report: r}, c.Receivers, now)
	return err
}

// deliver sends one line, or says that its end is unclear.
func (s *Service) deliver(ctx context.Context, l Line) (sent bool, err error) {
	if l.State == Sending {
		l.State, l.Reason = Unclear, "the service stopped while sending"
		return false, s.settle(ctx, l, actor)
	}
	k, err := s.d.Schedules.KeptReport(ctx, l.Report)
	if err != nil {
		return false, err
	}
	m, err := s.compose(&k)
	if err != nil {
		return false, err
	}
	m.To, m.Key = l.Receiver.Reveal(), "report-"+strconv.FormatInt(l.ID, 10)
	if ok, err := s.d.Outbox.ClaimReportLine(ctx, l, s.d.Now()); err != nil || !ok {
		return false, err
	}
	l.Attempts++
	_, failure := s.d.Mailer.SendMail(ctx, m)
	s.judge(&l, failure)
	// The mail has left: that has to be noted even when the service stops.
	return l.State == Sent, s.settle(context.WithoutCancel(ctx), l, actor)
}

// judge sets what becomes of a line after an attempt.
func (s *Service) judge(l *Line, failure error) {
	if failure == nil {
		l.State, l.Reason = Sent, ""
		return
	}
	s.d.Log.Warn("a report was not sent", "line", l.ID, "attempt", l.Attempts, "err", failure)
	outcome, wait := prevention.OutcomeRetry, firstWait<<(l.Attempts-1)
	if e, ok := errors.AsType[*prevention.SendError](failure); ok {
		outcome, wait = e.Outcome, max(wait, e.RetryAfter)
	}
	l.Reason = failure.Error()
	switch {
	case outcome == prevention.OutcomeUnknown:
		l.State = Unclear
	case outcome == prevention.OutcomeRejected || l.Attempts >= maxAttempts:
		l.State = Failed
	default:
		l.State, l.NextAt = Waiting, s.d.Now().Add(wait)
	}
}

func (s *Service) settle(ctx context.Context, l Line, by string) error {
	l.At = s.d.Now()
	return s.d.Outbox.SettleReportLine(ctx, l, Sending, s.entry(l, by, "report_send"))
}

// entry is the audit entry of a line, the address masked.
func (s *Service) entry(l Line, by, action string) triage.AuditEntry {
	return triage.AuditEntry{
		At: s.d.Now(), Actor: by, Action: action, Object: "report:" + l.Week.String(),
		Detail: detail(map[string]any{"schedule": l.Schedule, "line": l.ID, "receiver": l.Receiver.String(), "state": l.State, "attempt": l.Attempts}),
	}
}

func detail(facts map[string]any) string {
	b, err := json.Marshal(facts)
	if err != nil {
		return "" // cannot happen: strings and numbers always have a JSON form
	}
	return string(b)
}

// Schedules returns all schedules.
func (s *Service) Schedules(ctx context.Context) ([]Schedule, error) {
	return s.d.Schedules.ReportSchedules(ctx)
}

// Save adds a schedule of ID 0 or replaces that of its version. Errors are of
// CodeInvalid, which names the field, CodeNotFound and CodeConflict.
func (s *Service) Save(ctx context.Context, c Schedule, by string) (id int64, err error) {
	if c, err = c.check(); err != nil {
		return 0, err
	}
	c.Since, c.By = s.d.Now(), by
	return s.d.Schedules.PutReportSchedule(ctx, c, triage.AuditEntry{
		At: c.Since, Actor: by, Action: "report_schedule", Object: "report-schedules",
		Detail: detail(map[string]any{
			"id": c.ID, "name": c.Name, "weekday": int(c.Weekday), "hour": c.Hour, "department": c.Department, "language": c.Language,
			"active": c.Active, "receivers": masked(c.Receivers),
		}),
	})
}

func masked(list []triage.Email) []string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = e.String()
	}
	return texts
}

// Lines returns the latest lines of all schedules.
func (s *Service) Lines(ctx context.Context, limit int) ([]Line, error) {
	return s.d.Outbox.ReportLines(ctx, limit)
}

// Kept returns a report as it was sent; CodeNotFound is an unknown id.
func (s *Service) Kept(ctx context.Context, id int64) (Kept, error) {
	return s.d.Schedules.KeptReport(ctx, id)
}

// Repeat lets a line that failed, or whose end is unclear, be sent again with
// the next run. CodeConflict is a line in any other state.
func (s *Service) Repeat(ctx context.Context, id int64, by string) error {
	l, err := s.d.Outbox.ReportLine(ctx, id)
	if err != nil {
		return err
	}
	from := l.State
	if from != Failed && from != Unclear {
		return triage.Errorf(triage.CodeConflict, "line %d is %s; only failed and unclear ones are sent again", id, from)
	}
	l.State, l.Attempts, l.NextAt, l.At = Waiting, 0, s.d.Now(), s.d.Now()
	return s.d.Outbox.SettleReportLine(ctx, l, from, s.entry(l, by, "report_repeat"))
}
