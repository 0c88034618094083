package web

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
)

// opinionCollector reads the figures of second opinions when metrics are asked
// for; the database keeps them.
type opinionCollector struct{ figures opinionFigures }

var (
	opinionCalls  = prometheus.NewDesc("qianyi_opinion_calls_total", "Calls of the language model for second opinions.", nil, nil)
	opinionTokens = prometheus.NewDesc("qianyi_opinion_tokens_total", "Tokens of these calls.", nil, nil)
	opinionCost   = prometheus.NewDesc("qianyi_opinion_cost_total", "Cost of these tokens by the configured price.", nil, nil)
	opinionCount  = prometheus.NewDesc("qianyi_opinions_total", "Second opinions by verdict.", []string{"verdict"}, nil)
	opinionRight  = prometheus.NewDesc("qianyi_opinion_agreement", "Agreement with people on cases with an opinion, by who: llm or own.", []string{"who"}, nil)
)

// Describe implements [prometheus.Collector].
func (opinionCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{opinionCalls, opinionTokens, opinionCost, opinionCount, opinionRight} {
		ch <- d
	}
}

// Collect implements [prometheus.Collector]. A database that does not answer
// gives no figures.
func (c opinionCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout) //nolint:forbidigo // the interface of collectors has no context
	defer cancel()
	f, err := c.figures.Figures(ctx)
	if err != nil {
		return
	}
	counter := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	counter(opinionCalls, float64(f.Calls))
	counter(opinionTokens, float64(f.Tokens))
	counter(opinionCost, f.Cost)
	for verdict, n := range f.Verdicts {
		counter(opinionCount, float64(n), string(verdict))
	}
	if f.Decided > 0 {
		ch <- prometheus.MustNewConstMetric(opinionRight, prometheus.GaugeValue, f.Theirs.Value, "llm")
		ch <- prometheus.MustNewConstMetric(opinionRight, prometheus.GaugeValue, f.Ours.Value, "own")
	}
}
