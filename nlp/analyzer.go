package nlp

import (
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Config is what an Analyzer is made of. Any model may be nil: then words and
// rules do its work.
type Config struct {
	// Tokenizer is the one the models were trained with.
	Tokenizer Tokenizer
	// Types knows the pack's types by words, Subtypes its sub-types.
	Types, Subtypes *Lexicon
	// General is the shipped model: type, sub-type, intensity, demand.
	General *Model
	// Meaning translates labels of General's types and sub-types into types of
	// the pack; nil means that the pack is the general one.
	Meaning map[string]string
	// Trained is a model for the pack's own types.
	Trained *Model
	// Mood is the polarity model.
	Mood     *Model
	Entities *EntityFinder
}

// Analyzer understands texts for one pack. It is immutable and safe for
// concurrent use.
type Analyzer struct {
	c     Config
	works sync.Pool
}

// NewAnalyzer makes an Analyzer and checks that every model belongs to the
// tokenizer.
func NewAnalyzer(c Config) (*Analyzer, error) {
	for _, m := range []*Model{c.General, c.Trained, c.Mood} {
		if m == nil {
			continue
		}
		if _, err := NewClassifier(m, c.Tokenizer); err != nil {
			return nil, err
		}
	}
	return &Analyzer{c: c}, nil
}

// work is the memory of one analysis.
type work struct {
	normal  Normalized
	reading reading
}

// MaxAlternatives is how many types Analyze names beside the best.
const MaxAlternatives = 2

// Analyze understands one text. Its time is linear in the length of the text
// and it accepts any bytes.
func (a *Analyzer) Analyze(text string) Analysis {
	w, _ := a.works.Get().(*work)
	if w == nil {
		w = new(work)
	}
	defer a.works.Put(w)
	NormalizeInto(&w.normal, text)
	w.reading.fill(w.normal.Text, a.c.Tokenizer)
	general := answers(a.c.General, &w.reading)
	types, marks := a.judgeType(w, general)
	r := Analysis{Alternatives: []Alternative{}, Entities: a.c.Entities.Find(&w.normal)}
	a.fillType(&r, types, a.judgeSubtype(w, general))
	r.Reasons = a.typeReasons(w, r.Type, marks)
	c := &w.reading.cues
	intensity, why := blendIntensity(general[TaskIntensity], c)
	r.Sentiment = judgeSentiment(answers(a.c.Mood, &w.reading)[TaskSentiment], c, intensity)
	r.Sentiment.Reasons = why
	r.Urgency = judgeUrgency(c, r.Entities, intensity)
	r.Demand = ruleDemand(c)
	if d := general[TaskDemand]; len(d.P) > 0 {
		r.Demand = Demand(d.Labels[d.Best()])
	}
	r.Style = judgeStyle(c, intensity)
	return r
}

// answers asks a model all its tasks; a nil model answers nothing.
func answers(m *Model, r *reading) map[Task]Distribution {
	if m == nil {
		return nil
	}
	byTask := make(map[Task]Distribution, len(m.tasks))
	for i, d := range m.judge(r) {
		byTask[m.tasks[i].Name] = d
	}
	return byTask
}

// enoughLabels is the number of labels of a type from which words add nothing
// to a trained model (measured: they help up to about 25).
const enoughLabels = 25

// judgeType joins what is known of the type: the trained model, the general
// model through its meaning, and the words, as a product of experts.
func (a *Analyzer) judgeType(w *work, general map[Task]Distribution) (Distribution, []mark) {
	words, marks := a.c.Types.Judge(w.normal.Text)
	p := make([]float64, len(words.Labels))
	if a.c.Trained != nil {
		trained := align(answers(a.c.Trained, &w.reading)[TaskType], words.Labels, nil)
		if a.support() >= enoughLabels {
			return Distribution{words.Labels, trained}, marks
		}
		addLog(p, trained, 1)
		addLog(p, words.P, 1)
		normalizeLog(p)
		return Distribution{words.Labels, p}, marks
	}
	if a.c.Meaning == nil && a.c.General != nil {
		return Distribution{words.Labels, a.generalType(general, words.Labels)}, marks
	}
	addLog(p, words.P, 1)
	if a.c.General != nil {
		addLog(p, align(general[TaskSubtype], words.Labels, a.c.Meaning), generalTrust)
	}
	normalizeLog(p)
	return Distribution{words.Labels, p}, marks
}

// generalTrust is the weight of the general model's opinion in another pack.
const generalTrust = 0.5

// generalType joins the model's direct opinion of the type with the sum of its
// opinions of the sub-types.
func (a *Analyzer) generalType(general map[Task]Distribution, labels []string) []float64 {
	p := make([]float64, len(labels))
	addLog(p, align(general[TaskType], labels, nil), 0.5)
	addLog(p, align(general[TaskSubtype], labels, parents(general[TaskSubtype].Labels)), 0.5)
	normalizeLog(p)
	return p
}

func parents(subtypes []string) map[string]string {
	m := make(map[string]string, len(subtypes))
	for _, s := range subtypes {
		m[s], _, _ = strings.Cut(s, ".")
	}
	return m
}

// support is the smallest number of labels of any of the trained types.
func (a *Analyzer) support() int {
	least := math.MaxInt
	for _, n := range a.c.Trained.Support(TaskType) {
		least = min(least, n)
	}
	return least
}

// align maps a distribution to other labels, summing where several mean one.
func align(d Distribution, labels []string, meaning map[string]string) []float64 {
	p := make([]float64, len(labels))
	for i, l := range d.Labels {
		if meaning != nil {
			l = meaning[l]
		}
		if k, found := slices.BinarySearch(labels, l); found {
			p[k] += d.P[i]
		}
	}
	return p
}

// leastP keeps one expert from vetoing what all others say.
const leastP = 1e-3

func addLog(dst, p []float64, weight float64) {
	for i, x := range p {
		dst[i] += weight * math.Log(x+leastP)
	}
}

// judgeSubtype returns the opinion on sub-types, nil where there is none.
func (a *Analyzer) judgeSubtype(w *work, general map[Task]Distribution) Distribution {
	if a.c.Meaning == nil && a.c.General != nil {
		return general[TaskSubtype]
	}
	if a.c.Subtypes == nil {
		return Distribution{}
	}
	d, _ := a.c.Subtypes.Judge(w.normal.Text)
	return d
}

// fillType writes the best types, each with its best sub-type.
func (a *Analyzer) fillType(r *Analysis, types, subtypes Distribution) {
	order := make([]int, len(types.Labels))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		switch {
		case types.P[x] > types.P[y]:
			return -1
		case types.P[x] < types.P[y]:
			return 1
		}
		return 0
	})
	for k, i := range order[:min(len(order), MaxAlternatives+1)] {
		label := types.Labels[i]
		sub := bestWithin(subtypes, label)
		if k == 0 {
			r.Type, r.Subtype, r.Confidence = label, sub, types.P[i]
			continue
		}
		r.Alternatives = append(r.Alternatives, Alternative{Type: label, Subtype: sub, Confidence: types.P[i]})
	}
}

// bestWithin returns the most likely sub-type of a type, "" when it has none.
func bestWithin(subtypes Distribution, typ string) string {
	best, top := "", -1.0
	for i, l := range subtypes.Labels {
		if parent, _, _ := strings.Cut(l, "."); parent == typ && subtypes.P[i] > top {
			best, top = l, subtypes.P[i]
		}
	}
	return best
}

// maxReasons is how much evidence a reader takes in at a glance.
const maxReasons = 6

// typeReasons names the words that spoke for the type: the model's strongest
// words first, then the pack's words that were found.
func (a *Analyzer) typeReasons(w *work, typ string, marks []mark) []Reason {
	var found []mark
	switch {
	case a.c.Trained != nil:
		found = a.c.Trained.evidence(TaskType, typ, &w.reading)
	case a.c.General != nil && a.c.Meaning == nil:
		found = a.c.General.evidence(TaskType, typ, &w.reading)
	}
	for _, m := range marks {
		if m.label == typ {
			m.weight /= 10 // on the scale of the model's evidence
			found = append(found, m)
		}
	}
	found = slices.DeleteFunc(found, func(m mark) bool {
		return m.weight <= 0 || utf8.RuneCountInString(w.normal.Text[m.start:m.end]) < 2
	})
	reasons := []Reason{}
	for len(reasons) < maxReasons && len(found) > 0 {
		best := 0
		for i := range found {
			if found[i].weight > found[best].weight {
				best = i
			}
		}
		m := found[best]
		found = slices.Delete(found, best, best+1)
		if word := w.normal.Text[m.start:m.end]; !mentioned(reasons, word) {
			reasons = append(reasons, Reason{Text: word, Weight: math.Round(m.weight*1000) / 1000})
		}
	}
	return reasons
}

func mentioned(reasons []Reason, word string) bool {
	return slices.ContainsFunc(reasons, func(r Reason) bool {
		return strings.Contains(r.Text, word) || strings.Contains(word, r.Text)
	})
}
