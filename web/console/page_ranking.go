package console

import (
	"net/http"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// rankingView is the campaigns from the best to the worst.
type rankingView struct {
	Table block
	Empty bool
}

func (c *Console) rankingPage(v *visit) (view rankingView, err error) {
	places, err := c.d.Marketing.Desk.Ranking(v.r.Context())
	if err != nil {
		return view, err
	}
	list, err := c.d.Marketing.Register.List(v.r.Context(), campaign.Filter{})
	if err != nil {
		return view, err
	}
	names := map[string]string{}
	for i := range list {
		names[list[i].ID] = list[i].Name
	}
	view.Empty = len(places) == 0
	var rows [][]figure
	f := chart.Forest{}
	mean := 0.0
	for _, p := range places {
		mean += p.Points / float64(len(places))
	}
	for _, p := range places {
		name := campaignName(p.Campaign, names[p.Campaign])
		rows = append(rows, rankingRow(p, name))
		f.Rows = append(f.Rows, chart.Estimate{
			Label: cut(name, 9), Text: rounded(p.Points) + " (" + rangeText(p.Low, p.High) + ")",
			// Left is good news in this chart, so the sign turns.
			Value: mean - p.Points, Low: mean - p.High, High: mean - p.Low,
		})
	}
	view.Table, err = v.lang.marketBlock("ranking", "/campaigns/export", rows, "ranking.rank", "ranking.possible", "field.campaign", "ranking.points",
		"campaigns.interval", "ranking.complaints", "ranking.taken", "ranking.satisfaction", "ranking.escalation")
	if err != nil || view.Empty {
		return view, err
	}
	f.Title = view.Table.Title
	if f.Better, err = v.lang.text("ranking.better"); err != nil {
		return view, err
	}
	f.Worse, err = v.lang.text("ranking.worse")
	view.Table.Chart = f.SVG()
	return view, err
}

func rankingRow(p card.Place, name string) []figure {
	row := []figure{
		{Text: strconv.Itoa(p.Rank)}, {Text: strconv.Itoa(p.Best) + "–" + strconv.Itoa(p.Worst)},
		{Text: name, Href: campaignPath(p.Campaign) + "/card", Words: true}, {Text: rounded(p.Points)}, {Text: rangeText(p.Low, p.High)},
	}
	for _, part := range p.Parts {
		row = append(row, figure{Text: rounded(100 * part)})
	}
	return row
}

func (c *Console) showRanking(v *visit) error {
	view, err := c.rankingPage(v)
	if err != nil {
		return err
	}
	return c.render(v, http.StatusOK, "campaignranking", page{Title: "ranking.title", Nav: "/campaigns", View: view})
}
