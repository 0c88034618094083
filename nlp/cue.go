package nlp

import (
	_ "embed"
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
		for _, w := range strings.Fields(words) {
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
// kind b, in the same sentence.
func (c *cues) near(a, b cueKind, reach int) bool {
	for _, x := range c.hits[a] {
		for _, y := range c.hits[b] {
			if gap := y.start - x.start; gap >= 0 && gap <= reach && !strings.ContainsAny(c.text[x.start:y.start], "。!?\n;") {
				return true
			}
		}
	}
	return false
}

// negated says whether the hit follows a negation or a condition that did not
// happen ("没有诈骗", "不是骗子").
func (c *cues) negated(h hit) bool {
	before := c.text[max(0, h.start-9):h.start]
	for _, n := range []string{"没有", "不是", "并非", "未", "无", "不算", "不会", "别"} {
		if strings.HasSuffix(before, n) {
			return true
		}
	}
	return false
}
