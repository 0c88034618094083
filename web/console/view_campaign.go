package console

import (
	"math"
	"slices"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	judgement "github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// campaignDaysShown is how many days the charts of a campaign have room for.
const campaignDaysShown = 120

// campaignBlocks are the tables of the page of a campaign.
func (c *Console) campaignBlocks(l language, d *watch.Detail) ([]block, error) {
	path, id := campaignPath(d.Campaign.ID)+"/export", d.Campaign.ID
	days, reach, err := campaignDays(l, path, d)
	if err != nil {
		return nil, err
	}
	blocks := []block{days, reach}
	add := func(name string, rows [][]figure, keys ...string) {
		b, e := l.marketBlock(name, path, rows, keys...)
		if e != nil {
			err = e
		}
		blocks = append(blocks, b)
	}
	var parts [][]figure
	for _, p := range d.Parts {
		parts = append(parts, append([]figure{words(l.segment(p.Name))}, append(cells(p.Reached, p.Complained),
			figure{Text: rounded(1e4 * p.Rate.Value)}, figure{Text: rangeText(1e4*p.Rate.Low, 1e4*p.Rate.High)})...))
	}
	add("segments", parts, "campaigns.segment", "campaigns.reached", "campaigns.customers", "campaigns.rate", "campaigns.interval")
	var causes [][]figure
	for _, k := range d.Causes {
		causes = append(causes, append([]figure{words(l.label("campaigncause", k.Cause))}, cells(k.Count, k.ByHand)...))
	}
	add("causes", causes, "campaigns.cause", "campaigns.complaints", "campaigns.by_hand")
	for _, g := range []struct {
		name   string
		dim    fact.Dim
		groups []fact.Group
		label  func(string) string
	}{
		{"reasons", d.TypeDim, d.Types, func(code string) string { return c.typeName(l, code) }},
		{"sentiment", fact.Sentiment, d.Sentiments, func(code string) string { return l.label("sentiment", code) }},
		{"demands", fact.Demand, d.Demands, func(code string) string { return l.label("demand", code) }},
	} {
		var rows [][]figure
		for _, v := range g.groups {
			share := float64(v.Cases) / float64(max(d.Figures.Cases, 1))
			rows = append(rows, []figure{words(g.label(v.Value)), linked(v.Cases, about(id).With(g.dim, v.Value)), {Text: percent1(share)}})
		}
		add(g.name, rows, "mtable."+g.name, "campaigns.complaints", "campaigns.share")
	}
	add("counter", counterRows(l, d.Reaction), "campaigns.at_counter", "campaigns.contacts")
	return blocks, err
}

// counterRows are the attitudes and then the reasons, the most frequent first.
func counterRows(l language, r campaign.Reaction) [][]figure {
	var rows [][]figure
	for _, a := range campaign.Attitudes {
		if n := r.Count[a]; n > 0 {
			rows = append(rows, append([]figure{words(l.label("attitude", a))}, cells(n)...))
		}
	}
	var codes []string
	for code := range r.Reasons {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int { return r.Reasons[b] - r.Reasons[a] })
	for _, code := range codes {
		rows = append(rows, append([]figure{words("· " + l.label("objection", code))}, cells(r.Reasons[code])...))
	}
	return rows
}

// campaignDays draws complaints with the expected band and marks, and reach.
func campaignDays(l language, path string, d *watch.Detail) (complaints, reach block, err error) {
	var rows, reached [][]figure
	daily, reaching := chart.Bars{}, chart.Bars{Height: 120}
	from := max(len(d.History.Days)-campaignDaysShown, 0)
	for i := from; i < len(d.History.Days); i++ {
		day, n, want := d.History.First+fact.Day(i), d.History.Days[i], d.Expected[i]
		spread := 1.645 * math.Sqrt(want)
		hint := day.String() + " · " + strconv.Itoa(n.Complained)
		daily.Days = append(daily.Days, chart.Day{
			Label: day.String()[5:], Hint: hint, Count: n.Complained, Low: max(want-spread, 0), High: want + spread,
			Raised: d.Verdict.Since != 0 && day >= d.Verdict.Since,
		})
		reaching.Days = append(reaching.Days, chart.Day{Label: day.String()[5:], Hint: day.String() + " · " + strconv.Itoa(n.Reached), Count: n.Reached})
		rows = append(rows, []figure{
			{Text: day.String()}, {Text: strconv.Itoa(n.Complained), Href: casesPath(about(d.Campaign.ID).Between(day, day+1))}, {Text: rounded(want)},
		})
		reached = append(reached, append([]figure{{Text: day.String()}}, cells(n.Reached)...))
	}
	if daily.Marks, err = campaignMarks(l, d, from); err != nil {
		return complaints, reach, err
	}
	complaints, err = l.marketBlock("days", path, rows, "campaigns.day", "campaigns.customers", "campaigns.expected")
	if err != nil {
		return complaints, reach, err
	}
	reach, err = l.marketBlock("reach", path, reached, "campaigns.day", "campaigns.reached")
	daily.Title, reaching.Title = complaints.Title, reach.Title
	if len(daily.Days) > 0 {
		complaints.Chart, reach.Chart = daily.SVG(), reaching.SVG()
	}
	return complaints, reach, err
}

// campaignMarks are the beginning, the end, the day from which it was worse and
// the days on which segments began.
func campaignMarks(l language, d *watch.Detail, from int) ([]chart.Mark, error) {
	var marks []chart.Mark
	var err error
	mark := func(day int, key string, alarm bool, args ...any) {
		if day < from || day >= len(d.History.Days) {
			return
		}
		words, e := l.text(key, args...)
		if e != nil {
			err = e
		}
		marks = append(marks, chart.Mark{Day: day - from, Label: words, Alarm: alarm})
	}
	first := d.History.First
	mark(0, "campaigns.mark.start", false)
	if !d.Campaign.To.IsZero() {
		mark(int(d.To-first), "campaigns.mark.end", false)
	}
	if d.Verdict.Since != 0 {
		mark(int(d.Verdict.Since-first), "campaigns.mark.worse", true)
	}
	for _, s := range d.History.Segments {
		if i := slices.IndexFunc(s.Days, func(day judgement.Day) bool { return day.Reached > 0 }); i > 0 {
			mark(i, "campaigns.mark.segment", false, cut(l.segment(s.Name), 16))
		}
	}
	const room = 8
	return marks[:min(len(marks), room)], err
}

// rateText writes a rate per 10 000, interval one too; a rate of nothing is "".
func rateText(r judgement.Rate) string {
	if r.High == 0 {
		return ""
	}
	return rounded(r.Value)
}

func rangeText(low, high float64) string {
	if high == 0 {
		return ""
	}
	return rounded(low) + "–" + rounded(high)
}

// timesText writes a ratio as a multiple.
func timesText(r judgement.Ratio) string {
	if r.High == 0 {
		return ""
	}
	return rounded(r.Value) + "×"
}

// segment is a part of a campaign as people call it.
func (l language) segment(name string) string {
	if l == chinese {
		return judgement.SegmentName(name)
	}
	return name
}
