package console

import (
	"fmt"
	"html/template"
	"math"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// launchView is the page of checks: the form, earlier checks and one result.
type launchView struct {
	Form     launchForm
	Refused  refusedForm
	Result   *launchResultView // nil for the form alone
	Checks   []launchRow
	MayWrite bool
}

// launchForm is a draft as the form has it.
type launchForm struct {
	Campaign, Name, Copy, Rules, Channel, From, To, Reach string
	// Previous is the check that this wording comes after, 0 for none.
	Previous int64
}

func (c *Console) formOfDraft(d *launch.Draft, campaign string, previous int64) launchForm {
	f := launchForm{
		Campaign: campaign, Name: d.Name, Copy: d.Copy, Rules: d.Rules, Channel: d.Channel,
		From: c.day(d.From), To: c.day(d.To), Previous: previous,
	}
	if d.Reach > 0 {
		f.Reach = strconv.Itoa(d.Reach)
	}
	return f
}

// launchRow is one of the earlier checks.
type launchRow struct {
	Href, Name, By, At string
	Score, Open        int
	Verdict            launch.Verdict
	Campaign           string
}

func (c *Console) launchRows(v *visit, kept []launch.Kept) []launchRow {
	rows := make([]launchRow, len(kept))
	for i := range kept {
		k := &kept[i]
		open := k.Open()
		name := k.Draft.Name
		if name == "" {
			name = k.Draft.Copy
		}
		rows[i] = launchRow{
			Href: launchPath(k.ID), Name: c.maskedLine(name), By: v.lang.label("actor", k.By), At: c.when(k.At), Score: k.Report.Score,
			Open: len(open), Verdict: launch.VerdictOf(open), Campaign: c.maskedLine(k.Campaign),
		}
	}
	return rows
}

// launchResultView is the result of one check.
type launchResultView struct {
	Path, FormPath string
	Verdict        launch.Verdict
	Score          int
	Reasons        []string
	Copy, Rules    []copyPart
	Findings       []copyFinding
	Change         *copyChange // against the wording before
	Forecast       *launchForecast
	Unplanned      bool // there is no planned reach
	Earlier        []broughtView
	Unsearched     bool
	At, By         string
}

// copyPart is a stretch of a text; Number is that of the finding it belongs to,
// 0 for none.
type copyPart struct {
	Text     string
	Number   int
	Kind     launch.Kind
	Severity launch.Severity
}

// copyFinding is one line of the list of findings.
type copyFinding struct {
	Number             int
	Key                string
	Kind               launch.Kind
	Severity           launch.Severity
	In                 launch.Part
	Text, Advice, Law  string
	Accepted           bool
	Reason, By, AtTime string
}

// copyChange compares with the wording before.
type copyChange struct {
	Href                  string
	Before, After         int // scores
	Solved, Stayed, Added []copyFinding
}

func (c *Console) viewResult(v *visit, r *launch.Result) (*launchResultView, error) {
	view := &launchResultView{
		Path: launchPath(r.ID), FormPath: launchFormPath(r.Campaign), Verdict: r.Verdict, Score: r.Report.Score, Reasons: r.Report.Reasons,
		Copy:  copyParts(r.Draft.Copy, launch.InCopy, r.Report.Findings),
		Rules: copyParts(r.Draft.Rules, launch.InRules, r.Report.Findings),
		At:    c.when(r.At), By: v.lang.label("actor", r.By), Unsearched: r.Unsearched, Unplanned: r.Draft.Reach == 0,
		Findings: findingsOf(r.Report.Findings),
	}
	for i := range view.Findings {
		row := &view.Findings[i]
		if a, ok := r.Acceptance(&r.Report.Findings[i]); ok {
			row.Accepted, row.Reason, row.By, row.AtTime = true, c.masked(a.Reason, nil), v.lang.label("actor", a.By), c.when(a.At)
		}
	}
	if r.Change != nil {
		view.Change = &copyChange{
			Href: launchPath(r.Before.ID), Before: r.Before.Report.Score, After: r.Report.Score,
			Solved: findingsOf(r.Change.Solved), Stayed: findingsOf(r.Change.Stayed), Added: findingsOf(r.Change.Added),
		}
	}
	if r.Forecast != nil {
		var err error
		if view.Forecast, err = c.viewForecast(v, r); err != nil {
			return nil, err
		}
	}
	var err error
	view.Earlier, err = c.viewEarlier(v, r.Earlier)
	return view, err
}

func findingsOf(findings []launch.Finding) []copyFinding {
	rows := make([]copyFinding, len(findings))
	for i := range findings {
		f := &findings[i]
		rows[i] = copyFinding{
			Number: i + 1, Key: f.Key(), Kind: f.Kind, Severity: f.Severity, In: f.In, Text: f.Text, Advice: f.Advice, Law: f.Law,
		}
	}
	return rows
}

// copyParts cuts a text at its findings; where two overlap the first keeps its
// words.
func copyParts(text string, part launch.Part, findings []launch.Finding) []copyPart {
	runes := []rune(text)
	var parts []copyPart
	at := 0
	for i := range findings {
		f := &findings[i]
		if f.In != part || f.Start < at || f.End > len(runes) || f.Start >= f.End {
			continue
		}
		if f.Start > at {
			parts = append(parts, copyPart{Text: string(runes[at:f.Start])})
		}
		parts = append(parts, copyPart{string(runes[f.Start:f.End]), i + 1, f.Kind, f.Severity})
		at = f.End
	}
	if at < len(runes) {
		parts = append(parts, copyPart{Text: string(runes[at:])})
	}
	return parts
}

// launchForecast is the forecast in words and as a picture.
type launchForecast struct {
	Reach, Expected, Low, High, WideLow, WideHigh string
	// Rate, RateLow and RateHigh are for 10 000 reached, Usual what campaigns
	// usually bring.
	Rate, RateLow, RateHigh, Usual string
	Few, Risky                     bool
	Campaigns                      int
	Picture                        template.HTML
	Rows                           []launchPast
}

// launchPast is a past campaign that the forecast rests on.
type launchPast struct {
	Href, Name                string
	Reached, Complaints, Days int
	Rate, Weight              string
}

func (c *Console) viewForecast(v *visit, r *launch.Result) (*launchForecast, error) {
	f := r.Forecast
	rate := func(complaints float64) string { return perTenThousand(f.PerTenThousand(complaints)) }
	view := &launchForecast{
		Reach: strconv.Itoa(f.Reach), Expected: strconv.Itoa(int(math.Round(f.Expected))),
		Low: strconv.Itoa(f.Interval.Low), High: strconv.Itoa(f.Interval.High), WideLow: strconv.Itoa(f.Wide.Low), WideHigh: strconv.Itoa(f.Wide.High),
		Rate: rate(f.Expected), RateLow: rate(float64(f.Interval.Low)), RateHigh: rate(float64(f.Interval.High)), Usual: rate(f.Usual),
		Few: f.Few(), Risky: r.Risky, Campaigns: f.Campaigns,
	}
	title, err := v.lang.text("launch.picture")
	if err != nil {
		return nil, err
	}
	here, err := v.lang.text("launch.here")
	if err != nil {
		return nil, err
	}
	usual, err := v.lang.text("launch.usual")
	if err != nil {
		return nil, err
	}
	p := chart.Ranges{Title: title, Rows: []chart.Range{
		{
			Label: here, Text: fmt.Sprintf("%s (%s–%s)", view.Rate, view.RateLow, view.RateHigh), Value: f.PerTenThousand(f.Expected), Total: true,
			Low: f.PerTenThousand(float64(f.Interval.Low)), High: f.PerTenThousand(float64(f.Interval.High)),
			WideLow: f.PerTenThousand(float64(f.Wide.Low)), WideHigh: f.PerTenThousand(float64(f.Wide.High)),
		},
		{Label: usual, Text: view.Usual, Value: f.PerTenThousand(f.Usual)},
	}}
	for _, l := range f.Like {
		had := float64(l.Complaints) / float64(l.Reached) * 10_000
		row := launchPast{
			Href: launchCampaignPath(l.ID), Name: c.maskedLine(nameOrID(l.Name, l.ID)), Reached: l.Reached, Complaints: l.Complaints, Days: l.Days,
			Rate: perTenThousand(had), Weight: percent(l.Weight),
		}
		view.Rows = append(view.Rows, row)
		p.Rows = append(p.Rows, chart.Range{Label: cut(row.Name, 12), Text: row.Rate, Value: had})
	}
	view.Picture = p.SVG()
	return view, nil
}

func nameOrID(name, id string) string {
	if name == "" {
		return id
	}
	return name
}

// perTenThousand writes a rate with one decimal.
func perTenThousand(rate float64) string { return strconv.FormatFloat(rate, 'f', 1, 64) }
