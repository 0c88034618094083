package nlp

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
)

// Config is what an Analyzer is made of. Any model may be nil: then words and
// rules do its work. Subtypes may be nil, too: then there are none.
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
	c Config
	// trust is the weight of the words beside the trained model.
	trust float64
	works sync.Pool
}

// NewAnalyzer makes an Analyzer. The error says what is missing, or which
// model was trained with another tokenizer or background.
func NewAnalyzer(c Config) (*Analyzer, error) {
	if c.Tokenizer == nil || c.Types == nil || c.Entities == nil {
		return nil, errors.New("nlp: an analyzer needs a tokenizer, the words of its types and an entity finder")
	}
	for _, m := range []*Model{c.General, c.Trained, c.Mood} {
		if m == nil {
			continue
		}
		if err := m.fits(c.Tokenizer); err != nil {
			return nil, err
		}
	}
	a := &Analyzer{c: c}
	if c.Trained != nil {
		support := c.Trained.Support(TaskType)
		if len(support) == 0 {
			return nil, errors.New("nlp: the trained model does not know types; train one with --task type")
		}
		a.trust = wordTrust(support, c.Types.labels)
	}
	return a, nil
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
	// Lists are never nil: empty ones are [] in JSON, not null.
	r := Analysis{Alternatives: []Alternative{}, Entities: a.c.Entities.Find(&w.normal)}
	if r.Entities == nil {
		r.Entities = []Entity{}
	}
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
	r.DemandReasons, r.StyleReasons = demandReasons(c, r.Demand), styleReasons(c, r.Style)
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

// enoughLabels is the number of labels of a type from which the words of a pack
// count for less than the model trained with them (bench/quality, -only curve).
const enoughLabels = 25

// wordTrust is the weight of the words beside a model: 1 while a type has few
// labels or none, then falling with the number of labels of the rarest type.
func wordTrust(support map[string]int, types []string) float64 {
	least := math.MaxInt
	for _, t := range types {
		least = min(least, support[t])
	}
	return enoughLabels / float64(max(least, enoughLabels))
}

// judgeType joins what is known of the type: the trained model, the general
// model through its meaning, and the words, as a product of experts.
func (a *Analyzer) judgeType(w *work, general map[Task]Distribution) (Distribution, []mark) {
	words, marks := w.reading.words(a.c.Types)
	p := make([]float64, len(words.Labels))
	if a.c.Trained != nil {
		trained := align(answers(a.c.Trained, &w.reading)[TaskType], words.Labels, nil)
		addLog(p, trained, 1)
		addLog(p, words.P, a.trust)
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
	d, _ := w.reading.words(a.c.Subtypes)
	return d
}

// fillType writes the best types, each with its best sub-type.
func (a *Analyzer) fillType(r *Analysis, types, subtypes Distribution) {
	order := make([]int, len(types.Labels))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(types.P[y], types.P[x]) })
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
