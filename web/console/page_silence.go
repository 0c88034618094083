package console

import (
	"html/template"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

const silenceVersions = 20

// silenceView is prevented complaints in money, with all that it rests on.
type silenceView struct {
	Total, Low, High string
	Loss             bool
	Free             bool // nothing was spent
	LossChance       string
	Even             string // how many complaints pay, "" for none
	EvenLow          string
	EvenHigh         string
	Parts            []preventedRow
	Overlap          bool
	Formula          []string
	Tornado          template.HTML
	Swings           []swingRow
	Rows             []assumptionRow
	Number           int64
	By, At, Why      string
	Versions         []silenceVersion
	MayChange        bool
	Wrong, Problem   string
	WrittenWhy       string
}

type preventedRow struct{ Name, Href, Value, Low, High string }

type swingRow struct {
	Key       silence.Key
	Low, High string
}

// assumptionRow is one assumption as the form has it; parts are percents there.
type assumptionRow struct {
	Key               silence.Key
	Unit              silence.Unit
	Low, Likely, High string
	Source            string
}

type silenceVersion struct {
	Number      int64
	By, At, Why string
	Edited      int
	EditedKeys  []silence.Key
}

func (c *Console) showSilence(v *visit) error {
	return c.renderSilence(v, http.StatusOK, nil, "", "")
}

// renderSilence shows the page; written is a form that was refused because of a
// field, nil for none.
func (c *Console) renderSilence(v *visit, status int, written url.Values, wrong, problem string) error {
	version, result, err := c.d.Reports.Silence.Worth(v.r.Context())
	if err != nil {
		return err
	}
	history, err := c.d.Reports.Silence.History(v.r.Context(), silenceVersions)
	if err != nil {
		return err
	}
	l := v.lang
	view := silenceView{
		Total: money(l, result.Total.Value), Low: money(l, result.Total.Low), High: money(l, result.Total.High),
		Loss: result.LossPossible, LossChance: percent(result.LossChance), Overlap: result.Overlap,
		Tornado: c.tornado(l, &result), Number: version.Number, By: version.By, At: c.when(version.At), Why: version.Why,
		MayChange: v.may(access.ReportManage), Wrong: wrong, Problem: problem, WrittenWhy: written.Get("why"),
	}
	view.Free = result.Sum.Programme == 0
	if e := result.BreakEven; e != nil && !view.Free {
		view.Even, view.EvenLow, view.EvenHigh = quantity(math.Ceil(e.Value)), quantity(math.Ceil(e.Low)), quantity(math.Ceil(e.High))
	}
	improvements, err := l.text("nav.improvements")
	if err != nil {
		return err
	}
	for _, p := range result.Parts {
		if v.department() != "" && strings.HasPrefix(p.Link, "/improvements/") {
			p.Name, p.Link = improvements, "" // it may be one of another department
		}
		view.Parts = append(view.Parts, preventedRow{c.maskedLine(p.Name), localPath(p.Link), quantity(p.Value), quantity(p.Low), quantity(p.High)})
	}
	for _, s := range result.Tornado {
		view.Swings = append(view.Swings, swingRow{s.Key, money(l, s.Low), money(l, s.High)})
	}
	if view.Formula, err = formula(l, version.Assumptions, &result.Sum); err != nil {
		return err
	}
	for _, a := range version.Assumptions {
		view.Rows = append(view.Rows, rowOfAssumption(a, written))
	}
	for _, h := range history {
		row := silenceVersion{Number: h.Number, By: h.By, At: c.when(h.At), Why: h.Why}
		for _, a := range h.Assumptions {
			if a.Source == silence.SourceEdited {
				row.EditedKeys = append(row.EditedKeys, a.Key)
			}
		}
		row.Edited = len(row.EditedKeys)
		view.Versions = append(view.Versions, row)
	}
	return c.render(v, status, "silence", page{Title: "nav.silence", Nav: "/silence", View: view})
}

func rowOfAssumption(a silence.Assumption, written url.Values) assumptionRow {
	scale := scaleOf(a.Unit)
	row := assumptionRow{a.Key, a.Unit, plain(a.Low * scale), plain(a.Likely * scale), plain(a.High * scale), a.Source}
	if written != nil {
		key := string(a.Key)
		row.Low, row.Likely, row.High = written.Get("low_"+key), written.Get("likely_"+key), written.Get("high_"+key)
	}
	return row
}

// scaleOf is what a value is multiplied by for people: parts are percents.
func scaleOf(u silence.Unit) float64 {
	if u == silence.Part {
		return 100
	}
	return 1
}

// plain writes a number as a field takes it, without the noise of percents.
func plain(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}

func (c *Console) changeAssumptions(v *visit) error {
	f := v.r.PostForm
	number, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return triage.Errorf(triage.CodeInvalid, "the form has no version of the assumptions")
	}
	list, err := readAssumptions(f)
	if err == nil {
		err = c.d.Reports.Silence.Change(v.r.Context(), number, list, f.Get("why"), v.user.Name)
	}
	if err != nil {
		field, ok := fieldAtFault(err)
		if !ok {
			return err
		}
		problem, err := v.lang.text("silence.wrong")
		if err != nil {
			return err
		}
		if field == "why" {
			problem = v.lang.label("wrong.silence", field)
		}
		return c.renderSilence(v, http.StatusUnprocessableEntity, f, field, problem)
	}
	return c.redirect(v, "/silence", "assumptions_saved")
}

// readAssumptions reads the fields of the form; an error names the assumption.
func readAssumptions(f url.Values) ([]silence.Assumption, error) {
	list := silence.Defaults()
	for i := range list {
		a := &list[i]
		for name, to := range map[string]*float64{"low_": &a.Low, "likely_": &a.Likely, "high_": &a.High} {
			n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(f.Get(name+string(a.Key))), ",", ""), 64)
			if err != nil {
				return nil, triage.FieldErrorf(string(a.Key), "is not a number")
			}
			*to = n / scaleOf(a.Unit)
		}
	}
	return list, nil
}

func (c *Console) resetAssumptions(v *visit) error {
	number, err := strconv.ParseInt(v.r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return triage.Errorf(triage.CodeInvalid, "the form has no version of the assumptions")
	}
	why, err := v.lang.text("silence.reset.why")
	if err != nil {
		return err
	}
	if err := c.d.Reports.Silence.Reset(v.r.Context(), number, why, v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, "/silence", "assumptions_reset")
}

func (c *Console) saveTornado(v *visit) error {
	_, result, err := c.d.Reports.Silence.Worth(v.r.Context())
	if err != nil {
		return err
	}
	sendPicture(v, "qianyi-silence.svg", c.tornado(v.lang, &result))
	return nil
}

func (c *Console) tornado(l language, r *silence.Result) template.HTML {
	t := chart.Tornado{Title: catalogue["silence.tornado"][l], Desc: catalogue["silence.tornado.line"][l], Base: r.Sum.Total}
	for _, s := range r.Tornado {
		if s.Low != s.High {
			t.Swings = append(t.Swings, chart.Swing{
				Label: l.label("assumption", s.Key), Low: s.Low, High: s.High, LowText: money(l, s.Low), HighText: money(l, s.High),
			})
		}
	}
	return t.SVG()
}
