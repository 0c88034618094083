package attribution

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// mention is how a text names a campaign.
type mention struct {
	// sure is 0 to 1, told how much the words tell.
	sure, told float64
	spans      [][2]int // in the folded text
}

// How sure the kinds of mention are, before it is known whom the campaign
// reached.
const (
	sureWhole = 0.97 // the name, or what is left without 活动 and its like
	sureOffer = 0.92 // its numbers with the verb between: 充100送100
	sureHead  = 0.55 // parts of the name, and nothing else, before 活动
	sureParts = 0.55 // most of the name close together, in any order; up to …
	sureAll   = 0.90 // … all of it
	// enough is how much the words have to tell to be a name at all.
	enough = 2.0
	// partsShare is the least share of a name that counts as most of it.
	partsShare = 0.6
)

// mentions looks for one way to call a campaign.
func (n *name) mentions(f *folded) mention {
	all := n.weight()
	if m, ok := n.inOnePiece(f, all); ok {
		return m
	}
	best := n.inOffer(f)
	for _, m := range []mention{n.inParts(f, all), n.inHead(f)} {
		if m.sure > best.sure {
			best = m
		}
	}
	return best
}

func (n *name) weight() (sum float64) {
	for i := range n.parts {
		sum += n.parts[i].weight
	}
	return sum
}

// inOnePiece finds the name in one piece. One of common words alone names nothing,
// unless people gave it as another name on purpose.
func (n *name) inOnePiece(f *folded, all float64) (mention, bool) {
	for _, s := range []string{n.whole, n.stem} {
		runes := utf8.RuneCountInString(s)
		if runes < 2 || all < enough && (!n.alias || runes < 3 || common[s]) {
			continue
		}
		if i := strings.Index(f.text, s); i >= 0 && !cutsNumber(f.text, i, i+len(s)) {
			return mention{sureWhole, max(all, enough), [][2]int{{i, i + len(s)}}}, true
		}
	}
	return mention{}, false
}

// cutsNumber says whether a find begins or ends inside a number.
func cutsNumber(text string, from, to int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9' }
	return digit(from) && digit(from-1) || digit(to-1) && digit(to)
}

// inOffer finds the numbers of the campaign.
func (n *name) inOffer(f *folded) mention {
	if len(n.offers) == 0 {
		return mention{}
	}
	for _, o := range offersIn(f) {
		if slices.ContainsFunc(n.offers, o.same) {
			return mention{sureOffer, 2*numberWeight + verbWeight, [][2]int{{o.from, o.to}}}
		}
	}
	return mention{}
}

// hit is a part of a name in a text.
type hit struct {
	part     int
	from, to int
}

// maxHits bounds how often a part is looked for.
const maxHits = 8

func (n *name) hits(text string) []hit {
	var list []hit
	for i := range n.parts {
		p := n.parts[i].text
		for at, found := 0, 0; found < maxHits; found++ {
			k := strings.Index(text[at:], p)
			if k < 0 {
				break
			}
			from := at + k
			at = from + len(p)
			if !cutsNumber(text, from, at) {
				list = append(list, hit{i, from, at})
			}
		}
	}
	slices.SortFunc(list, func(a, b hit) int { return a.from - b.from })
	return list
}

// inParts finds most of the name within a stretch about twice as long as it.
func (n *name) inParts(f *folded, all float64) mention {
	if all < enough || len(n.parts) < 2 {
		return mention{}
	}
	reach := max(2*len(n.whole), 36)
	hits := n.hits(f.text)
	var best mention
	for i := range hits {
		seen := make(map[int]bool, len(n.parts))
		var told float64
		var spans [][2]int
		for _, h := range hits[i:] {
			if h.to > hits[i].from+reach {
				break
			}
			if !seen[h.part] {
				seen[h.part] = true
				told += n.parts[h.part].weight
				spans = append(spans, [2]int{h.from, h.to})
			}
		}
		if share := told / all; share >= partsShare && told >= enough && len(seen) >= 2 {
			sure := sureParts + (sureAll-sureParts)*(share-partsShare)/(1-partsShare)
			if sure > best.sure {
				best = mention{sure, told, spans}
			}
		}
	}
	return best
}

// heads are the words before which customers put what they remember of a name.
var heads = [...]string{"活动", "优惠", "计划"}

// inHead finds 充返活动 of 充100送100话费返还: before 活动, parts of the name
// and nothing else.
func (n *name) inHead(f *folded) mention {
	var best mention
	for _, h := range heads {
		for at := 0; ; {
			k := strings.Index(f.text[at:], h)
			if k < 0 {
				break
			}
			end := at + k
			at = end + len(h)
			from, told, parts := n.back(f.text, end)
			if told >= enough && parts >= 2 && told > best.told {
				best = mention{sureHead, told, [][2]int{{from, at}}}
			}
		}
	}
	return best
}

// back goes back from end over parts of the name, filling words between them.
func (n *name) back(text string, end int) (from int, told float64, parts int) {
	from = end
	seen := make(map[int]bool)
	for at := end; ; {
		i := slices.IndexFunc(n.parts, func(p part) bool { return strings.HasSuffix(text[:at], p.text) })
		if i < 0 {
			if rest, ok := strings.CutSuffix(text[:at], "的"); ok && at == from && at != end {
				at = len(rest)
				continue
			}
			return from, told, parts
		}
		at -= len(n.parts[i].text)
		from = at
		if !seen[i] {
			seen[i] = true
			told += n.parts[i].weight
			parts++
		}
	}
}
