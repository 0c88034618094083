package nlp

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Every kind of the file is a feature and the other way round: a kind that is
// only in one of them would be read by nobody.
func TestCueKindsAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	var inFile []cueKind
	for line := range strings.Lines(cueFile) {
		if kind, words, found := strings.Cut(line, "\t"); found && !strings.HasPrefix(line, "#") {
			inFile = append(inFile, cueKind(kind))
			if len(strings.Fields(words)) == 0 {
				t.Errorf("kind %s has no words", kind)
			}
		}
	}
	if !slices.IsSorted(cueKinds) {
		t.Errorf("cueKinds is not sorted: %v", cueKinds)
	}
	slices.Sort(inFile)
	if !slices.Equal(inFile, cueKinds) {
		t.Errorf("kinds of the file %v, of the features %v", inFile, cueKinds)
	}
	for _, d := range demandCues {
		if !slices.Contains(cueKinds, d.kind) {
			t.Errorf("demand %s has the unknown kind %s", d.demand, d.kind)
		}
	}
}

func TestCueFeaturesHaveTheirNumber(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "要求退款,否则向12315投诉!!!"} {
		c := findCues(text)
		if got := len(c.features(nil)); got != cueFeatures {
			t.Errorf("%d features of %q, want %d", got, text, cueFeatures)
		}
	}
}

// nearNaive looks at every pair of hits.
func nearNaive(c *cues, a, b cueKind, reach int) bool {
	for _, x := range c.hits[a] {
		for _, y := range c.hits[b] {
			if gap := y.start - x.start; gap >= 0 && gap <= reach && !strings.ContainsAny(c.text[x.start:y.start], "。!?\n;") {
				return true
			}
		}
	}
	return false
}

func TestNearFindsWhatEveryPairWould(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	const letters = "xxxxxxab.。"
	seen := map[bool]int{}
	for range 20_000 {
		var b strings.Builder
		for range rng.IntN(20) {
			b.WriteByte(letters[rng.IntN(8)])
			if rng.IntN(6) == 0 {
				b.WriteString("。")
			}
		}
		c := cues{text: b.String(), hits: map[cueKind][]hit{}}
		for i, r := range c.text {
			switch r {
			case 'a':
				c.hits[cueAsk] = append(c.hits[cueAsk], hit{i, i + 1})
			case 'b':
				c.hits[cueLaw] = append(c.hits[cueLaw], hit{i, i + 1})
			}
		}
		reach := rng.IntN(10)
		got, want := c.near(cueAsk, cueLaw, reach), nearNaive(&c, cueAsk, cueLaw, reach)
		if got != want {
			t.Fatalf("near within %d bytes in %q = %v, want %v", reach, c.text, got, want)
		}
		seen[got]++
	}
	if seen[true] < 1000 || seen[false] < 1000 {
		t.Errorf("answers %v: the test is one-sided", seen)
	}
}

// Looking at every pair of 100 000 hits each would take ten thousand million
// steps.
func TestNearIsLinearInTheHits(t *testing.T) {
	t.Parallel()
	c := cues{text: strings.Repeat("b。a。", 100_000), hits: map[cueKind][]hit{}}
	for i, r := range c.text {
		switch r {
		case 'a':
			c.hits[cueAsk] = append(c.hits[cueAsk], hit{i, i + 1})
		case 'b':
			c.hits[cueLaw] = append(c.hits[cueLaw], hit{i, i + 1})
		}
	}
	if c.near(cueAsk, cueLaw, askReach) {
		t.Error("near across the end of a sentence")
	}
}

func TestEveryHarmlessPhraseHoldsAHarm(t *testing.T) {
	t.Parallel()
	for _, phrase := range harmlessPhrases {
		c := findCues(phrase + "人工")
		if _, found := c.firstMeant(cueSafety); found || !c.has(cueSafety) {
			t.Errorf("%q: a cue of safety %v, meant %v", phrase, c.has(cueSafety), found)
		}
	}
}
