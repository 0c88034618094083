package console

import (
	"cmp"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	judgement "github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// campaignRow is one campaign in the list.
type campaignRow struct {
	ID, Name, Href string
	State          campaign.State
	Department     string
	Owner          string
	// Signal is "" before the campaign was judged; Sure as judgement.Verdict.
	Signal  judgement.Signal
	Sure    bool
	Because string
	Reached int
	// Complaints leads to the cases.
	Complaints     figure
	Customers      int
	Rate, Interval string
	Similar        string
	Trend          template.HTML
	Reasons        []figure
}

func (c *Console) campaignRow(l language, s *watch.Standing) (campaignRow, error) {
	told := &s.Told.Verdict
	r := campaignRow{
		ID: s.Campaign.ID, Name: campaignName(s.Campaign.ID, s.Campaign.Name), Href: campaignPath(s.Campaign.ID), State: s.State,
		Department: s.Campaign.Department, Owner: s.Campaign.Owner, Reached: s.Reached, Customers: s.Customers,
		Complaints: linked(s.Complaints, about(s.Campaign.ID)),
	}
	if s.Told.Campaign != "" {
		r.Signal, r.Sure, r.Because = told.Signal, told.Sure, l.because(told)
		r.Rate, r.Interval, r.Similar = rateText(told.Rate), rangeText(told.Rate.Low, told.Rate.High), timesText(told.Similar)
	}
	title, err := l.text("campaigns.trend", s.First.String())
	if err != nil {
		return r, err
	}
	raised := len(s.Days)
	if told.Since >= s.First {
		raised = int(told.Since - s.First)
	} else if told.Since != 0 {
		raised = 0
	}
	r.Trend = chart.Sparkline(title, s.Days, raised)
	for _, g := range s.Reasons {
		r.Reasons = append(r.Reasons, figure{
			Text: c.typeName(l, cmp.Or(g.Subtype, g.Type)) + " " + strconv.Itoa(g.Complaints), Words: true,
			Href: casesPath(about(s.Campaign.ID).With(fact.Type, g.Type).With(fact.Subtype, g.Subtype)),
		})
	}
	return r, nil
}

func campaignName(id, name string) string {
	if name == "" {
		return id
	}
	return name
}

// campaignTable is the list as a table that can be taken along.
func campaignTable(l language, path string, rows []campaignRow) (block, error) {
	var cells [][]figure
	for _, r := range rows {
		signal := ""
		if r.Signal != "" {
			signal = l.label("signal", r.Signal)
		}
		var reasons []string
		for _, g := range r.Reasons {
			reasons = append(reasons, g.Text)
		}
		cells = append(cells, []figure{
			words(r.ID), words(r.Name), words(l.label("campaignstate", r.State)), words(r.Department), words(signal), words(r.Because),
			{Text: strconv.Itoa(r.Reached)}, r.Complaints, {Text: strconv.Itoa(r.Customers)}, {Text: r.Rate}, {Text: r.Interval}, {Text: r.Similar}, words(strings.Join(reasons, "；")),
		})
	}
	return l.marketBlock("standings", path, cells, "field.id", "field.campaign", "campaigns.state", "field.department", "campaigns.signal", "campaigns.why",
		"campaigns.reached", "campaigns.complaints", "campaigns.customers", "campaigns.rate", "campaigns.interval", "campaigns.similar", "campaigns.reasons")
}

// campaignForest compares each campaign with those like it, on a scale on which
// half and twice are as far from the middle.
func campaignForest(l language, path string, list []watch.Standing) (block, error) {
	f := chart.Forest{}
	var rows [][]figure
	for i := range list {
		s := &list[i]
		r, name := s.Told.Verdict.Similar, campaignName(s.Campaign.ID, s.Campaign.Name)
		if r.High == 0 {
			continue
		}
		f.Rows = append(f.Rows, chart.Estimate{
			Label: cut(name, 9), Text: timesText(r) + " (" + rangeText(r.Low, r.High) + ")",
			Value: logTwo(r.Value), Low: logTwo(r.Low), High: logTwo(r.High),
		})
		told := &s.Told.Verdict
		rows = append(rows, []figure{
			words(name), {Text: rateText(told.Rate)}, {Text: rateText(told.SimilarRate)}, {Text: strconv.Itoa(told.SimilarCampaigns)},
			{Text: timesText(r)}, {Text: rangeText(r.Low, r.High)}, {Text: timesText(told.Own)}, {Text: timesText(told.General)},
		})
	}
	b, err := l.marketBlock("compared", path, rows, "field.campaign", "campaigns.rate", "campaigns.rate.similar", "campaigns.alike", "campaigns.similar",
		"campaigns.interval", "campaigns.own", "campaigns.general")
	if err != nil || len(f.Rows) == 0 {
		return b, err
	}
	f.Title = b.Title
	if f.Better, err = l.text("campaigns.fewer"); err != nil {
		return b, err
	}
	f.Worse, err = l.text("campaigns.more")
	b.Chart = f.SVG()
	return b, err
}

func logTwo(x float64) float64 { return math.Log2(max(x, 1e-3)) }

// calendarView is the last weeks of the campaigns: when each ran, and when
// customers complained about it.
type calendarView struct {
	Weeks []string
	Rows  []calendarRow
}

type calendarRow struct {
	Name, Href string
	Cells      []calendarCell
}

// calendarCell is one week. Heat is 0 to 4; Peak marks the week with most.
type calendarCell struct {
	figure
	On, Peak bool
	Heat     int
}

func calendarOf(list []watch.Standing) calendarView {
	var view calendarView
	for i := range list {
		s := &list[i]
		row := calendarRow{Name: campaignName(s.Campaign.ID, s.Campaign.Name), Href: campaignPath(s.Campaign.ID)}
		most := 0
		for _, w := range s.Weeks {
			most = max(most, w.Complaints)
		}
		for k, w := range s.Weeks {
			if len(view.Rows) == 0 {
				view.Weeks = append(view.Weeks, w.First.String()[5:])
			}
			cell := calendarCell{Peak: most > 0 && w.Complaints == most}
			if w.Complaints > 0 {
				cell.figure = linked(w.Complaints, about(s.Campaign.ID).Between(w.First, w.First+7))
				cell.Heat = 1 + 3*w.Complaints/most
			}
			noon := w.First.Time().AddDate(0, 0, 3)
			cell.On = s.Campaign.RunsAt(noon) && s.State != campaign.Planned && (!s.Campaign.From.IsZero() || k > 0 || w.Complaints > 0)
			row.Cells = append(row.Cells, cell)
		}
		if len(row.Cells) > 0 {
			view.Rows = append(view.Rows, row)
		}
	}
	return view
}
