package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/triage"
)

// linesShown bounds what was sent lately on the page of schedules.
const linesShown = 60

// schedulesView is who gets the report, and what was sent.
type schedulesView struct {
	Rows        []scheduleRow
	Form        scheduleForm
	Open        bool
	Wrong       string // the field at fault, "" for none
	Problem     string
	Lines       []lineRow
	Departments []string
	Weekdays    []int
}

type scheduleRow struct {
	Name, Department, Edit string
	Weekday                int
	Hour                   string
	Receivers              int
	Language               report.Language
	Active                 bool
	By, Since              string
}

// scheduleForm is a schedule as a form has it.
type scheduleForm struct {
	ID, Version, Name, Department, Receivers, Language, Hour string
	Weekday                                                  int
	Active                                                   bool
}

type lineRow struct {
	Week, Href, Receiver, At, Reason string
	State                            dispatch.State
	Attempts                         int
	Repeat                           string // address of the form that sends it again
}

func (c *Console) showSchedules(v *visit) error {
	list, err := c.d.Reports.Dispatch.Schedules(v.r.Context())
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	form, open := scheduleForm{Weekday: int(time.Monday), Hour: "8", Language: string(report.Chinese), Active: true}, q.Get("edit") == "new"
	for i := range list {
		if s := &list[i]; strconv.FormatInt(s.ID, 10) == q.Get("edit") {
			form, open = formOf(s), true
		}
	}
	return c.renderSchedules(v, http.StatusOK, schedulesView{Form: form, Open: open})
}

func formOf(s *dispatch.Schedule) scheduleForm {
	addresses := make([]string, len(s.Receivers))
	for i, r := range s.Receivers {
		addresses[i] = r.Reveal()
	}
	return scheduleForm{
		ID: strconv.FormatInt(s.ID, 10), Version: strconv.FormatInt(s.Version, 10), Name: s.Name, Department: s.Department,
		Receivers: strings.Join(addresses, "\n"), Language: string(s.Language), Hour: strconv.Itoa(s.Hour), Weekday: int(s.Weekday), Active: s.Active,
	}
}

func (c *Console) renderSchedules(v *visit, status int, view schedulesView) error {
	list, err := c.d.Reports.Dispatch.Schedules(v.r.Context())
	if err != nil {
		return err
	}
	for _, s := range list {
		view.Rows = append(view.Rows, scheduleRow{
			Name: s.Name, Department: s.Department, Edit: address("/reports/schedules", "edit", strconv.FormatInt(s.ID, 10)), Weekday: int(s.Weekday),
			Hour: strconv.Itoa(s.Hour) + ":00", Receivers: len(s.Receivers), Language: s.Language, Active: s.Active, By: s.By, Since: c.when(s.Since),
		})
	}
	lines, err := c.d.Reports.Dispatch.Lines(v.r.Context(), linesShown)
	if err != nil {
		return err
	}
	for _, l := range lines {
		row := lineRow{
			Week: l.Week.String(), Href: address("/reports/"+l.Week.String(), "kept", strconv.FormatInt(l.Report, 10)), Receiver: l.Receiver.String(),
			At: c.when(l.At), Reason: c.maskedLine(l.Reason), State: l.State, Attempts: l.Attempts,
		}
		if l.State == dispatch.Failed || l.State == dispatch.Unclear {
			row.Repeat = "/reports/lines/" + strconv.FormatInt(l.ID, 10) + "/repeat"
		}
		view.Lines = append(view.Lines, row)
	}
	view.Departments, view.Weekdays = chosenDepartments(c.departmentNames(), view.Form.Department), []int{1, 2, 3, 4, 5, 6, 0}
	return c.render(v, status, "schedules", page{Title: "reports.schedules", Nav: "/reports", View: view})
}

func (c *Console) saveSchedule(v *visit) error {
	f := v.r.PostForm
	weekday, errDay := strconv.Atoi(f.Get("weekday"))
	form := scheduleForm{
		ID: f.Get("id"), Version: f.Get("version"), Name: f.Get("name"), Department: f.Get("department"), Receivers: f.Get("receivers"),
		Language: f.Get("language"), Hour: f.Get("hour"), Weekday: weekday, Active: f.Get("active") != "",
	}
	id, errID := strconv.ParseInt(cmp.Or(form.ID, "0"), 10, 64)
	version, errVersion := strconv.ParseInt(cmp.Or(form.Version, "0"), 10, 64)
	if errID != nil || errVersion != nil {
		return triage.Errorf(triage.CodeInvalid, "the form has no id and version of a schedule")
	}
	hour, errHour := strconv.Atoi(form.Hour)
	if errHour != nil {
		hour = -1
	}
	if errDay != nil {
		weekday = -1
	}
	s := dispatch.Schedule{
		ID: id, Version: version, Name: form.Name, Department: form.Department, Weekday: time.Weekday(weekday), Hour: hour,
		Language: report.Language(form.Language), Active: form.Active,
	}
	for _, a := range strings.FieldsFunc(form.Receivers, func(r rune) bool { return strings.ContainsRune("\r\n,;，； ", r) }) {
		s.Receivers = append(s.Receivers, triage.Email(a))
	}
	if _, err := c.d.Reports.Dispatch.Save(v.r.Context(), s, v.user.Name); err != nil {
		field, ok := fieldAtFault(err)
		if !ok {
			return err
		}
		return c.renderSchedules(v, http.StatusUnprocessableEntity, schedulesView{
			Form: form, Open: true, Wrong: field, Problem: v.lang.label("wrong.schedule", field),
		})
	}
	return c.redirect(v, "/reports/schedules", "schedule_saved")
}

func (c *Console) repeatLine(v *visit) error {
	id, err := strconv.ParseInt(v.r.PathValue("line"), 10, 64)
	if err != nil {
		return triage.Errorf(triage.CodeNotFound, "there is no such line")
	}
	if err := c.d.Reports.Dispatch.Repeat(v.r.Context(), id, v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, "/reports/schedules", "line_repeated")
}

// chosenDepartments lists the departments of a select, an unknown chosen one
// among them.
func chosenDepartments(all []string, chosen string) []string {
	if chosen == "" || slices.Contains(all, chosen) {
		return all
	}
	return append(slices.Clone(all), chosen)
}
