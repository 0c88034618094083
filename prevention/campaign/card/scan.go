package card

import (
	"regexp/syntax"
	"sync"
)

// longestCue bounds how many characters a cue may span. No pattern reaches so far.
const longestCue = 120

// openers says which cues may begin with a character, by their number in cues.
// Trying a cue only where it can begin takes a tenth of the time of a search.
var openers = sync.OnceValue(func() map[rune][]int {
	all := map[rune][]int{}
	for i, c := range cues {
		seen := map[rune]bool{}
		for _, r := range firstRunes(c.pattern) {
			if !seen[r] {
				seen[r] = true
				all[r] = append(all[r], i)
			}
		}
	}
	return all
})

// firstRunes lists the characters that a match of a pattern can begin with. The
// pattern must begin with characters, not with a class of all but some.
func firstRunes(pattern string) []rune {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil
	}
	var list []rune
	visited := make([]bool, len(prog.Inst))
	var walk func(uint32)
	walk = func(pc uint32) {
		if visited[pc] {
			return
		}
		visited[pc] = true
		switch in := prog.Inst[pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			walk(in.Out)
			walk(in.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			walk(in.Out)
		case syntax.InstRune, syntax.InstRune1:
			list = appendRanges(list, in.Rune)
		}
	}
	walk(uint32(prog.Start))
	return list
}

// appendRanges appends the runes of an instruction: one, or pairs of first and
// last.
func appendRanges(list, ranges []rune) []rune {
	if len(ranges) == 1 {
		return append(list, ranges[0])
	}
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			list = append(list, r)
		}
	}
	return list
}

// hear returns what each cue finds first in a text, "" for nothing, by the
// number of the cue.
func hear(text string) []string {
	found := make([]string, len(cues))
	var ends []int // byte offset of each character, and the end
	for at := range text {
		ends = append(ends, at)
	}
	ends = append(ends, len(text))
	n, starts := 0, openers()
	for at, r := range text {
		window := text[at:ends[min(n+longestCue, len(ends)-1)]]
		for _, i := range starts[r] {
			if found[i] == "" {
				found[i] = cues[i].begins.FindString(window)
			}
		}
		n++
	}
	return found
}
