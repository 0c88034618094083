package console

import (
	"context"
	"html/template"
	"math"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// avoided is a number of complaints that were prevented, in figures.
type avoided struct {
	Value, Low, High string
	// Sure is set when it may be claimed.
	Sure bool
}

func avoidedOf(r *effect.Report) *avoided {
	return &avoided{whole(r.Avoided), whole(r.AvoidedLow), whole(r.AvoidedHigh), r.Verdict == effect.VerdictFewer}
}

// reportOfSum puts the sum of all plans into the form of one.
func reportOfSum(s *live.Sum) effect.Report {
	told := float64(max(s.Told.Customers, 1))
	return effect.Report{
		Told: s.Told, Held: s.Held, Difference: -s.Avoided / told, Low: -s.AvoidedHigh / told, High: -s.AvoidedLow / told,
		Avoided: s.Avoided, AvoidedLow: s.AvoidedLow, AvoidedHigh: s.AvoidedHigh, Verdict: s.Verdict, Words: s.Words,
	}
}

// addAvoided puts what all outreach has prevented into the strip, when it is
// known.
func (c *Console) addAvoided(ctx context.Context, strip *alarmStrip) error {
	if c.d.Outreach == nil || c.d.Outreach.Effects == nil {
		return nil
	}
	sum, err := c.effectSum(ctx)
	if err != nil || sum.Verdict == effect.VerdictNone {
		return err
	}
	report := reportOfSum(&sum)
	strip.Avoided = avoidedOf(&report)
	return nil
}

// addAvoidedBy puts what one plan has prevented into its row, when it is known.
func (c *Console) addAvoidedBy(ctx context.Context, p *prevention.Plan, row *planRow) error {
	if c.d.Outreach.Effects == nil || p.Held == 0 {
		return nil
	}
	r, err := c.effectOf(ctx, p.ID)
	if err != nil || r.Verdict == effect.VerdictNone {
		return err
	}
	row.Effect = avoidedOf(&r)
	return nil
}

// effectView is a measured effect with its picture.
type effectView struct {
	Avoided *avoided
	Verdict effect.Verdict
	Words   string // in Chinese, "" on an English page
	Plot    template.HTML
	Rows    []effectRow
}

// effectRow is one line of the picture in figures.
type effectRow struct {
	Label              string
	Told, Held         effect.Side
	ToldRate, HeldRate string
	Text               string
}

// addEffect puts the effect of a plan on its page, when there is one to measure.
func (c *Console) addEffect(ctx context.Context, l language, p *prevention.Plan, view *planView) error {
	if c.d.Outreach.Effects == nil || p.Held == 0 {
		return nil
	}
	r, err := c.d.Outreach.Effects.Effect(ctx, p.ID)
	if err != nil || r.Verdict == effect.VerdictNone {
		return err
	}
	view.Effect, err = drawEffects(l, []namedEffect{{name: string(p.ID), r: r}})
	return err
}

// effectsShown bounds the plans drawn above their sum.
const effectsShown = 6

// addPooledEffect draws the latest plans with a hold-out above the sum of all,
// when there is one.
func (c *Console) addPooledEffect(ctx context.Context, l language, plans []prevention.Plan, view *plansView) error {
	if c.d.Outreach.Effects == nil {
		return nil
	}
	sum, err := c.effectSum(ctx)
	if err != nil || sum.Verdict == effect.VerdictNone {
		return err
	}
	var all []namedEffect
	for i := range plans {
		p := &plans[i]
		if len(all) == effectsShown || p.Held == 0 {
			continue
		}
		r, err := c.effectOf(ctx, p.ID)
		if err != nil {
			return err
		}
		if r.Verdict != effect.VerdictNone {
			all = append(all, namedEffect{name: string(p.ID), r: r})
		}
	}
	total, err := l.text("effect.total")
	if err != nil {
		return err
	}
	view.Effect, err = drawEffects(l, append(all, namedEffect{total, reportOfSum(&sum), true}))
	return err
}

type namedEffect struct {
	name  string
	r     effect.Report
	total bool
}

// drawEffects draws the effects; what may be said is that of the last one.
func drawEffects(l language, all []namedEffect) (*effectView, error) {
	f := chart.Forest{}
	for _, word := range []struct {
		key string
		to  *string
	}{{"effect.plot", &f.Title}, {"effect.plot.desc", &f.Desc}, {"effect.better", &f.Better}, {"effect.worse", &f.Worse}} {
		var err error
		if *word.to, err = l.text(word.key); err != nil {
			return nil, err
		}
	}
	view := &effectView{}
	for i := range all {
		r := &all[i].r
		text, err := l.text("effect.points", points(r.Difference), points(r.Low), points(r.High))
		if err != nil {
			return nil, err
		}
		f.Rows = append(f.Rows, chart.Estimate{Label: all[i].name, Text: text, Value: r.Difference, Low: r.Low, High: r.High, Total: all[i].total})
		view.Rows = append(view.Rows, effectRow{
			Label: all[i].name, Told: r.Told, Held: r.Held, ToldRate: percentFine(r.Told.Rate()), HeldRate: percentFine(r.Held.Rate()), Text: text,
		})
		view.Avoided, view.Verdict, view.Words = avoidedOf(r), r.Verdict, r.Words
	}
	if l != chinese {
		view.Words = ""
	}
	view.Plot = f.SVG()
	return view, nil
}

// points writes a difference of shares in percentage points, with its sign.
func points(d float64) string {
	text := decimal(math.Abs(d) * 100)
	switch {
	case math.IsNaN(d) || math.IsInf(d, 0):
		return whole(d)
	case text == "0":
		return text
	case d < 0:
		return "−" + text
	}
	return "+" + text
}

// whole writes a figure without decimals; one without bound is ∞.
func whole(x float64) string {
	switch {
	case math.IsNaN(x):
		return "—"
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "−∞"
	}
	if x = math.Round(x); x < 0 {
		return "−" + count(int(-x))
	}
	return count(int(x))
}

// forecastView is the whole issue before and after the notice.
type forecastView struct {
	effect.Forecast
	Usual, LowText, HighText string
}

// addForecast puts the issue before and after the notice on the plan's page,
// when there are days to compare.
func (c *Console) addForecast(ctx context.Context, p *prevention.Plan, view *planView) error {
	if c.d.Outreach.Effects == nil {
		return nil
	}
	f, ok, err := c.d.Outreach.Effects.Forecast(ctx, p.ID)
	if err != nil || !ok || f.Verdict == effect.VerdictNone {
		return err
	}
	view.BeforeAfter = &forecastView{Forecast: f, Usual: whole(f.Expected), LowText: whole(f.Low), HighText: whole(f.High)}
	return nil
}
