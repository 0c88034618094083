package nlp

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// cueFile lists the words behind the rules: intensity, urgency, demand, style.
//
//go:embed rules/cues.tsv
var cueFile string

// cueKind names a row of the file.
type cueKind string

const (
	cueRegulator    cueKind = "regulator"
	cueMedia        cueKind = "media"
	cueLaw          cueKind = "law"
	cueCollective   cueKind = "collective"
	cueAnnounce     cueKind = "announce"
	cueAnger        cueKind = "anger"
	cueDissatisfied cueKind = "dissatisfied"
	cuePraise       cueKind = "praise"
	cueRepeat       cueKind = "repeat"
	cueSafety       cueKind = "safety"
	cueVulnerable   cueKind = "vulnerable"
	cueOutage       cueKind = "outage"
	cueMoney        cueKind = "money"
	cueDeadline     cueKind = "deadline"
	cueChurn        cueKind = "churn"
	cueEvidence     cueKind = "evidence"
	cueStatute      cueKind = "statute"
	cueInsist       cueKind = "insist"
	cueAsk          cueKind = "ask"
)

// hit is a cue found in normalised text, in bytes.
type hit struct {
	start, end int
}

// cues are the hits of one text by kind.
type cues struct {
	text string
	hits map[cueKind][]hit
}

var ruleWords = sync.OnceValue(func() *wordTrie[[]cueKind] {
	t := newWordTrie[[]cueKind]()
	for line := range strings.Lines(cueFile) {
		kind, words, found := strings.Cut(strings.TrimSpace(line), "\t")
		if !found || strings.HasPrefix(line, "#") {
			continue
		}
		for w := range strings.FieldsSeq(words) {
			t.update(Normalize(w).Text, func(k []cueKind) []cueKind { return append(k, cueKind(kind)) })
		}
	}
	t.freeze()
	return t
})

// findCues finds all cues; of overlapping cues of one kind the first and
// longest counts. Time is linear in the text.
func findCues(text string) cues {
	c := cues{text: text, hits: map[cueKind][]hit{}}
	words := ruleWords()
	for i := range text {
		words.longestFirst(text[i:], func(size int, kinds []cueKind) {
			for _, k := range kinds {
				found := c.hits[k]
				if len(found) == 0 || found[len(found)-1].end <= i {
					c.hits[k] = append(found, hit{i, i + size})
				}
			}
		})
	}
	return c
}

// recordWords are words of staff who write about a customer.
var recordWords = []string{"客户", "用户", "来电", "市民", "投诉人", "工号"}

func (c *cues) contains(word string) bool { return strings.Contains(c.text, word) }

func (c *cues) has(k cueKind) bool { return len(c.hits[k]) > 0 }

func (c *cues) count(k cueKind) int { return len(c.hits[k]) }

// first returns the first word of a kind as it stands in the text.
func (c *cues) first(k cueKind) string {
	if !c.has(k) {
		return ""
	}
	h := c.hits[k][0]
	return c.text[h.start:h.end]
}

// near says whether a hit of kind a starts within reach bytes before a hit of
// kind b, in the same sentence. It takes linear time: of all hits of a only the
// last before b can be the nearest.
func (c *cues) near(a, b cueKind, reach int) bool {
	before := c.hits[a]
	next := 0
	for _, y := range c.hits[b] {
		for next < len(before) && before[next].start <= y.start {
			next++
		}
		if next == 0 {
			continue
		}
		x := before[next-1]
		if y.start-x.start <= reach && !strings.ContainsAny(c.text[x.start:y.start], "。!?\n;") {
			return true
		}
	}
	return false
}

// negations stand before what is not the case ("没有诈骗", "不是骗子").
var negations = []string{"没有", "不是", "并非", "未", "无", "不算", "不会", "别"}

// noNegations end like a negation ("特别气愤").
var noNegations = []string{"特别", "个别", "分别", "区别", "级别"}

// negated says whether the hit follows a negation.
func (c *cues) negated(h hit) bool {
	before := c.text[:h.start]
	return endsInAny(before, negations) && !endsInAny(before, noNegations)
}

func endsInAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(text, w) })
}
