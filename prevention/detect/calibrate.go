package detect

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// calibrateEvery is how often thresholds are set anew, in buckets of the
	// stream's time; leastHistory how long the stream must be before.
	calibrateEvery = 7 * perDay
	leastHistory   = 14 * perDay
	// shuffles is the number of decoy streams of one calibration.
	shuffles = 3
	// decoyUnits bounds the complaints whose units are scanned in a decoy stream;
	// of a longer one a part of the units stands for all.
	decoyUnits = 12_000
	// leastPeak is the score from which decoy alarms are recorded.
	leastPeak = 2.0
	// drift limits how far one calibration moves a threshold.
	drift = 0.5
)

// The bounds of calibrated thresholds. The lower ones keep a stream without any
// chance alarms from being told every pair of like complaints; they were chosen on
// half of the visible issues and three simulated companies.
const (
	leastWords, mostWords = 2.3, 8.0
	leastFacts, mostFacts = 5.0, 10.0
)

// Decoys are the scores of the alarms that chance alone raises in a stream.
type Decoys struct {
	// Weeks of shuffled stream were scanned; a score stands for Each alarms.
	Weeks, Each float64
	// Words and Facts hold the highest score of each decoy alarm, descending.
	Words, Facts []float64
}

// PerWeek is how many alarms a week chance raises at a threshold.
func (d *Decoys) PerWeek(scores []float64, threshold float64) float64 {
	n, _ := slices.BinarySearchFunc(scores, threshold, func(s, t float64) int {
		if s >= t {
			return -1
		}
		return 1
	})
	return float64(n) * d.Each / max(d.Weeks, 1e-9)
}

// threshold is the smallest score that keeps to a budget of alarms a week.
func (d *Decoys) threshold(scores []float64, budget float64) float64 {
	allowed := int(budget * d.Weeks / d.Each)
	if allowed >= len(scores) {
		return leastPeak
	}
	return math.Nextafter(scores[allowed], math.Inf(1))
}

// Decoys shuffles what is remembered and scans it: the texts, with their
// customers and the facts of their records, are dealt out anew to the moments;
// what customers had to do with stays with the moment, as its share of all
// customers does. Issues keep their members, so nothing is read again. An
// incident becomes an issue of constant rate, which makes the figures a little
// too high. The same stream and seed give the same decoys.
func (d *Detector) Decoys(streams int, seed uint64) Decoys {
	records := d.scan.journal.records
	found := Decoys{Each: 1}
	if len(records) < 2 {
		return found
	}
	order := make([]int, len(records))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return records[a].at.Compare(records[b].at) })
	first, last := records[order[0]].at, records[order[len(order)-1]].at
	part := uint64(1 + len(records)/decoyUnits)
	found.Each = float64(part)
	for n := range streams {
		rng := rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // reproducible on purpose
		dealt := rng.Perm(len(records))
		s := d.scan.decoy()
		var words, facts peaks
		for i, moment := range order {
			r, text := records[moment], &records[dealt[i]]
			r.issue, r.kind, r.subkind, r.own = text.issue, text.kind, text.subkind, text.own
			r.customer, r.copied = text.customer, text.copied
			s.deal(r, part, &words, &facts)
		}
		found.Words = append(found.Words, words.all()...)
		found.Facts = append(found.Facts, facts.all()...)
	}
	found.Weeks = last.Sub(first).Hours() / 24 / 7 * float64(streams)
	descending := func(a, b float64) int { return cmp.Compare(b, a) }
	slices.SortFunc(found.Words, descending)
	slices.SortFunc(found.Facts, descending)
	return found
}

// decoy returns a scanner with the clocks of the real one and no units.
func (s *scanner) decoy() *scanner {
	x := newScanner(s.kinds, s.facts, s.sharer)
	x.total, x.byFact, x.known, x.held, x.shares = s.total, s.byFact, s.known, s.held, s.shares
	x.now = math.MinInt32
	return x
}

// deal takes in and scans one decoy complaint if its units are in the part that is looked
// at.
func (s *scanner) deal(r record, part uint64, words, facts *peaks) {
	s.now = max(s.now, r.bucket)
	for _, k := range r.themes() {
		s.clock(k).add(r.bucket, 1)
	}
	seq := s.journal.add(r)
	if uint64(r.issue)%part == 0 {
		s.join(seq)
		words.note(uint64(r.issue), s.now, s.judge(r.issue, 0, leastPeak).score)
	}
	for _, f := range s.cross(seq, leastPeak, uint32(part)) {
		facts.note(uint64(f.key.theme), s.now, f.score)
		break
	}
}

// peaks collects the highest score of each alarm: scores of one unit within the
// longest window belong to one.
type peaks struct {
	open map[uint64]peak
	done []float64
}

type peak struct {
	bucket int32
	score  float64
}

func (p *peaks) note(unit uint64, now int32, score float64) {
	if score < leastPeak {
		return
	}
	if p.open == nil {
		p.open = map[uint64]peak{}
	}
	last, known := p.open[unit]
	if known && now-last.bucket > longest {
		p.done = append(p.done, last.score)
		last = peak{}
	}
	p.open[unit] = peak{now, max(last.score, score)}
}

func (p *peaks) all() []float64 {
	for _, x := range p.open {
		p.done = append(p.done, x.score)
	}
	return p.done
}

// study calibrates when it is time.
func (d *Detector) study() {
	if len(d.scan.journal.records) == 0 || d.level.Fixed {
		return
	}
	first := d.scan.journal.records[0].bucket
	if d.checked-first < leastHistory || d.checked-d.studied < calibrateEvery || d.seen < warmUp {
		return
	}
	first = d.studied
	d.studied = d.checked
	d.calibrate(first == 0)
}

// calibrate moves the thresholds towards those at which decoys alarm as often as
// the budget allows, the two ways of finding together. The first time it sets
// them at once.
func (d *Detector) calibrate(first bool) {
	decoys := d.Decoys(shuffles, uint64(d.studied))
	budget := d.o.MaxFalseAlarmsPerWeek
	if len(decoys.Facts) > 0 {
		budget /= 2
	}
	far := drift
	if first {
		far = mostFacts
	}
	d.level.Words = step(d.level.Words, decoys.threshold(decoys.Words, budget), far, leastWords, mostWords)
	d.level.Facts = step(d.level.Facts, decoys.threshold(decoys.Facts, budget), far, leastFacts, mostFacts)
}

func step(from, to, far, least, most float64) float64 {
	return min(max(min(max(to, from-far), from+far), least), most)
}
