package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage"
)

// reportPorts keep schedules, reports and assumptions.
type reportPorts interface {
	dispatch.Schedules
	dispatch.Outbox
	silence.Store
}

var schedule = dispatch.Schedule{
	Name: "质量部周报", Weekday: time.Monday, Hour: 8, Department: "网络部", Receivers: []triage.Email{"a@example.com", "b@example.com"},
	Language: report.Chinese, Active: true, Since: start, By: "li",
}

// planned stores a schedule with the report of a week.
func planned(t *testing.T, s Store) dispatch.Kept {
	t.Helper()
	id, err := s.PutReportSchedule(t.Context(), schedule, entryOf("report-schedules"))
	check(t, err)
	k := dispatch.Kept{Schedule: id, Language: report.English, Report: report.Report{
		Week: report.Week{Year: 2026, Number: 9}, Department: "网络部", MadeAt: start,
		Headline: report.Sentence{Key: "headline.early", Args: []report.Arg{{Slot: "count", Figure: &report.Figure{Measure: report.Count, Value: 3}}}},
	}}
	ok, err := s.PlanReport(t.Context(), k, schedule.Receivers, start)
	check(t, err)
	equal(t, "planned", ok, true)
	return k
}

var reportTests = map[string]func(*testing.T, Store){
	"schedules are added and changed by version": func(t *testing.T, s Store) {
		id, err := s.PutReportSchedule(t.Context(), schedule, entryOf("report-schedules"))
		check(t, err)
		want := schedule
		want.ID, want.Version = id, 1
		list, err := s.ReportSchedules(t.Context())
		check(t, err)
		equal(t, "schedules", list, []dispatch.Schedule{want})
		want.Active, want.Hour = false, 17
		_, err = s.PutReportSchedule(t.Context(), want, entryOf("report-schedules"))
		check(t, err)
		_, err = s.PutReportSchedule(t.Context(), want, entryOf("report-schedules"))
		code(t, err, triage.CodeConflict)
		want.Version = 2
		list, err = s.ReportSchedules(t.Context())
		check(t, err)
		equal(t, "changed", list, []dispatch.Schedule{want})
		audited(t, s, "report-schedules", 2)
	},
	"the report of a week is planned once": func(t *testing.T, s Store) {
		k := planned(t, s)
		ok, err := s.PlanReport(t.Context(), k, schedule.Receivers, start)
		check(t, err)
		equal(t, "planned again", ok, false)
		for week, want := range map[report.Week]bool{k.Report.Week: true, k.Report.Week.Add(1): false} {
			known, err := s.ReportPlanned(t.Context(), k.Schedule, week)
			check(t, err)
			equal(t, week.String(), known, want)
		}
		lines, err := s.ReportLines(t.Context(), 10)
		check(t, err)
		equal(t, "lines", len(lines), 2)
		kept, err := s.KeptReport(t.Context(), lines[0].Report)
		check(t, err)
		k.ID = lines[0].Report
		equal(t, "kept", kept, k)
		_, err = s.KeptReport(t.Context(), 99)
		code(t, err, triage.CodeNotFound)
	},
	"a line is claimed by one and settled": func(t *testing.T, s Store) {
		planned(t, s)
		due, err := s.ReportLinesDue(t.Context(), start, start)
		check(t, err)
		equal(t, "due", len(due), 2)
		l := due[0]
		for i, want := range []bool{true, false} {
			ok, err := s.ClaimReportLine(t.Context(), l, start.Add(time.Minute))
			check(t, err)
			equal(t, []string{"first claim", "second claim"}[i], ok, want)
		}
		due, err = s.ReportLinesDue(t.Context(), start.Add(time.Hour), start)
		check(t, err)
		equal(t, "due while it is sent", len(due), 1)
		due, err = s.ReportLinesDue(t.Context(), start.Add(time.Hour), start.Add(time.Hour))
		check(t, err)
		equal(t, "due with the stale", len(due), 2)
		l.State, l.Attempts, l.At, l.NextAt, l.Reason = dispatch.Waiting, 1, start.Add(2*time.Minute), start.Add(3*time.Hour), "busy"
		check(t, s.SettleReportLine(t.Context(), l, dispatch.Sending, entryOf("report:2026-W09")))
		code(t, s.SettleReportLine(t.Context(), l, dispatch.Sending, entryOf("report:2026-W09")), triage.CodeConflict)
		got, err := s.ReportLine(t.Context(), l.ID)
		check(t, err)
		equal(t, "settled", got, l)
		_, err = s.ReportLine(t.Context(), 99)
		code(t, err, triage.CodeNotFound)
		audited(t, s, "report:2026-W09", 1)
	},
	"assumptions have versions": func(t *testing.T, s Store) {
		v, err := s.Assumptions(t.Context())
		check(t, err)
		equal(t, "none", v, silence.Version{})
		first := silence.Version{Assumptions: silence.Defaults(), By: "li", At: start, Why: "核对"}
		check(t, s.PutAssumptions(t.Context(), first, entryOf("silence")))
		code(t, s.PutAssumptions(t.Context(), first, entryOf("silence")), triage.CodeConflict)
		second := first
		second.Number, second.Why = 1, "改"
		check(t, s.PutAssumptions(t.Context(), second, entryOf("silence")))
		list, err := s.AssumptionHistory(t.Context(), 10)
		check(t, err)
		first.Number, second.Number = 1, 2
		equal(t, "versions", list, []silence.Version{second, first})
		audited(t, s, "silence", 2)
	},
}
