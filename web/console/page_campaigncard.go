package console

import (
	"net/http"

	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// cardView is the score card of a campaign, to be printed.
type cardView struct {
	campaignHead
	Objective string
	Facts     []cardFact
	Blocks    []block
	Lessons   []lessonRow
	Version   int64
	Assumed   card.Assumptions
	Made      string // when the page was made
	AssumedBy string
	Reason    string
	Place     card.Place
	Of        int
}

// cardFact is one line: what, the figure, and how sure it is.
type cardFact struct {
	Key   string
	Value figure
	Range string
}

type lessonRow struct {
	Text, By, At string
	Version      int64
}

func (c *Console) showCard(v *visit) error {
	d, err := c.d.Marketing.Desk.Campaign(v.r.Context(), v.campaignID())
	if err != nil {
		return err
	}
	blocks, err := c.campaignBlocks(v.lang, &d)
	if err != nil {
		return err
	}
	view := cardView{
		campaignHead: c.campaignHead(v, &d), Objective: d.Campaign.Objective, Facts: cardFacts(v.lang, &d.Card),
		Assumed: d.Assumed, AssumedBy: d.Assumed.By, Made: c.when(c.d.Now()), Place: d.Place, Of: d.Of,
	}
	for _, b := range blocks {
		if b.Name != "days" && b.Name != "reach" && len(b.Rows) > 0 {
			b.Rows = b.Rows[:min(len(b.Rows), 8)]
			view.Blocks = append(view.Blocks, b)
		}
	}
	for _, l := range d.Lessons {
		view.Lessons = append(view.Lessons, lessonRow{c.masked(l.Text, nil), l.By, c.when(l.At), l.Version})
		view.Version = max(view.Version, l.Version)
	}
	return c.render(v, http.StatusOK, "campaigncard", page{Title: "campaigncard.title", Nav: "/campaigns", Name: view.Name, View: view})
}

// cardFacts are the figures of a card. Every count leads to its cases.
func cardFacts(l language, k *card.Card) []cardFact {
	id := k.Campaign.ID
	f, rate := &k.Figures, &k.Verdict.Rate
	facts := []cardFact{
		{"campaigns.reached", cells(k.Reached)[0], ""},
		{"campaigncard.asked", cells(k.TakeUp.Of)[0], ""},
	}
	if k.TakeUp.Of > 0 {
		unwelcome := card.Unwelcome(k.Reaction)
		facts = append(facts,
			cardFact{"campaigncard.take_up", figure{Text: percent1(k.TakeUp.Value)}, percent1(k.TakeUp.Low) + "–" + percent1(k.TakeUp.High)},
			cardFact{"campaigncard.unwelcome", figure{Text: percent1(float64(unwelcome) / float64(k.TakeUp.Of))}, cells(unwelcome)[0].Text})
	}
	if k.Reached > 0 {
		facts = append(facts, cardFact{"campaigncard.joined", figure{Text: percent1(k.Joined.Value)}, percent1(k.Joined.Low) + "–" + percent1(k.Joined.High)})
	}
	escalated := about(id)
	escalated.Any = fact.To12315 | fact.ToMIIT | fact.ToMedia
	facts = append(facts,
		cardFact{"campaigns.complaints", linked(f.Cases, about(id)), ""},
		cardFact{"campaigns.customers", cells(k.Customers)[0], ""},
		cardFact{"campaigns.rate", figure{Text: rateText(*rate)}, rangeText(rate.Low, rate.High)},
		cardFact{"campaigns.similar", figure{Text: timesText(k.Verdict.Similar)}, rangeText(k.Verdict.Similar.Low, k.Verdict.Similar.High)},
		cardFact{"campaigncard.escalated", linked(k.Verdict.Escalated, escalated), ""},
		cardFact{"campaigncard.hours", figure{Text: rounded(k.Cost.Hours)}, ""},
		cardFact{"campaigncard.cost", figure{Text: "¥" + rounded(k.Cost.Yuan)}, ""},
	)
	if f.Scored > 0 {
		scored := about(id)
		scored.Scored = true
		facts = append(facts, cardFact{"campaigncard.satisfaction", figure{Text: rounded(f.Scores / float64(f.Scored)), Href: casesPath(scored)},
			percent1(float64(f.Satisfied) / float64(f.Scored))})
	}
	if d := k.Departures; d != nil {
		share := func(n, of int) string { return percent1(float64(n) / float64(max(of, 1))) }
		facts = append(facts, cardFact{"campaigncard.left", figure{Text: share(d.ReachedOut, d.Reached)}, l.label("campaigncard", "others") + " " + share(d.OthersOut, d.Others)})
	}
	return facts
}
