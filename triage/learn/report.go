package learn

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/linear"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/evidence"
)

const (
	// weeksShown is how far the report looks back; the last weeksRecent of them
	// are compared with the others.
	weeksShown  = 16
	weeksRecent = 4
	// arrivalsRead bounds the cases that are read for it.
	arrivalsRead = 20_000
	// pairsShown bounds the confusions that are listed.
	pairsShown = 8
)

// Report is how the model in use does, as of a night.
type Report struct {
	At   time.Time `json:"at"`
	Pack string    `json:"pack"`
	// Model is the id of the model in use, 0 for the shipped one.
	Model int64 `json:"model"`
	// Labels counts the labelled cases, by type in Types.
	Labels int            `json:"labels"`
	Types  map[string]int `json:"types"`
	// Unseen is the accuracy on labelled cases that the model did not learn from,
	// ECE its calibration error, Coverage its accuracy on the surest part of them.
	Unseen   evidence.Share         `json:"unseen"`
	ECE      float64                `json:"ece"`
	Coverage []linear.CoveragePoint `json:"coverage"`
	// Pairs are the types that are taken for each other most often.
	Pairs []Pair `json:"pairs"`
	// Weeks are the last weeks with cases, oldest first.
	Weeks []Week `json:"weeks"`
	Drift Drift  `json:"drift"`
}

// Pair is how often cases of one type were taken for another.
type Pair struct {
	True  string `json:"true"`
	Given string `json:"given"`
	N     int    `json:"n"`
}

// Week is a week from its Monday.
type Week struct {
	From time.Time `json:"from"`
	// Judged compares the type shown at intake with what people decided, for the
	// cases of the week that people looked at.
	Judged evidence.Share `json:"judged"`
	// Cases were received (a sample of them, if there were very many), Sure of
	// them did not ask for review.
	Cases int `json:"cases"`
	Sure  int `json:"sure"`
}

// report makes and stores the report on the model in use.
func (l *Learner) report(ctx context.Context) error {
	r := Report{At: l.d.Now(), Pack: l.d.Base.PackCode(), Types: map[string]int{}}
	p, err := l.samples(ctx)
	if err != nil {
		return err
	}
	m, analyzer, err := l.current(ctx)
	if err != nil {
		return err
	}
	r.Model, r.Labels = m.ID, len(p.samples)
	for _, s := range p.samples {
		r.Types[s.Type]++
	}
	r.judge(&trial{base: l.d.Base, current: analyzer, placed: &p}, m.Through)
	since := monday(r.At).AddDate(0, 0, -7*(weeksShown-1))
	judged, err := l.d.Watch.JudgedSince(ctx, since)
	if err != nil {
		return err
	}
	arrivals, err := l.d.Watch.ArrivalsSince(ctx, since, arrivalsRead)
	if err != nil {
		return err
	}
	r.Weeks = weeks(judged, arrivals, r.At.Location())
	r.Drift = drift(arrivals, monday(r.At).AddDate(0, 0, -7*(weeksRecent-1)), l.d.Base.Tokenizer(), r.codes(l.d.Base.Types()))
	return l.d.Watch.PutReport(ctx, r)
}

func (r *Report) codes(types []triage.TypeInfo) []string {
	codes := make([]string, len(types))
	for i, t := range types {
		codes[i] = t.Code
	}
	return codes
}

// judge fills what the model in use makes of labelled cases it did not learn
// from.
func (r *Report) judge(t *trial, through int64) {
	number := map[string]int{}
	var names []string
	id := func(typ string) int {
		if _, known := number[typ]; !known {
			number[typ] = len(names)
			names = append(names, typ)
		}
		return number[typ]
	}
	var list []linear.Prediction
	right := 0
	for _, i := range t.placed.unseen(through) {
		s := &t.placed.samples[i]
		a := t.current.Assess(&triage.Complaint{Text: s.Text})
		list = append(list, linear.Prediction{True: id(s.Type), Predicted: id(a.Type), Confidence: a.Confidence})
		if a.Type == s.Type {
			right++
		}
	}
	r.Unseen = evidence.ShareOf(right, len(list))
	if len(list) == 0 {
		return
	}
	judged := linear.Judge(list, len(names))
	r.ECE, r.Coverage = judged.ECE, judged.RiskCoverage
	r.confuse(names, judged.Confusion)
}

// confuse lists the worst pairs of a table of the true types, by the given ones.
func (r *Report) confuse(names []string, confusion [][]int) {
	for i, row := range confusion {
		for j, n := range row {
			if i != j && n > 0 {
				r.Pairs = append(r.Pairs, Pair{True: names[i], Given: names[j], N: n})
			}
		}
	}
	slices.SortFunc(r.Pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.True, b.True), cmp.Compare(a.Given, b.Given))
	})
	r.Pairs = r.Pairs[:min(len(r.Pairs), pairsShown)]
}

// monday returns the beginning of the week, in the zone of t.
func monday(t time.Time) time.Time {
	days := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-days, 0, 0, 0, 0, t.Location())
}

// weeks counts by the week of receipt.
func weeks(judged []Judged, arrivals []Arrival, zone *time.Location) []Week {
	byStart := map[time.Time]*Week{}
	week := func(at time.Time) *Week {
		from := monday(at.In(zone))
		if byStart[from] == nil {
			byStart[from] = &Week{From: from}
		}
		return byStart[from]
	}
	for _, j := range judged {
		w := week(j.At)
		w.Judged.Of++
		if j.Suggested == j.Type {
			w.Judged.Right++
		}
	}
	for _, a := range arrivals {
		w := week(a.At)
		w.Cases++
		if !a.NeedsReview {
			w.Sure++
		}
	}
	list := make([]Week, 0, len(byStart))
	for _, w := range byStart {
		w.Judged = evidence.ShareOf(w.Judged.Right, w.Judged.Of)
		list = append(list, *w)
	}
	slices.SortFunc(list, func(a, b Week) int { return a.From.Compare(b.From) })
	return list
}
