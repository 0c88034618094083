package attribution

import (
	"strings"
	"unicode/utf8"
)

// offer is what a campaign promises in numbers, as 充100送50.
type offer struct {
	give, take string // digits
	verb       string
	from, to   int // in the folded text
}

// same says whether two offers are one: the verbs of getting are told apart only
// as far as customers do.
func (o offer) same(other offer) bool {
	return o.give == other.give && o.take == other.take && verbOf(o.verb) == verbOf(other.verb)
}

// gets are the verbs between what is given and what is got.
const gets = "送返减赠得换抵享领"

func verbOf(v string) string {
	if strings.Contains("送返赠得领享", v) {
		return "送"
	}
	return v
}

// maxGap is how many characters may stand between a number, the verb and the
// other number, as in 充100元立刻送话费100元.
const maxGap = 4

// offersIn finds number, verb, number close together in one sentence.
func offersIn(f *folded) []offer {
	var list []offer
	text := f.text
	for i := 0; i < len(text); {
		first := digitsAt(text, i)
		if first == "" {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		start := i
		i += len(first)
		if o, end, ok := getting(text, i); ok {
			o.give, o.from = first, startOf(text, start)
			list = append(list, o)
			i = end - len(o.take) // 满100减20送5: the second number may give, too
		}
	}
	return list
}

// startOf takes in the verb of giving before a number.
func startOf(text string, at int) int {
	r, size := utf8.DecodeLastRuneInString(text[:at])
	if strings.ContainsRune("充满买存交花购", r) {
		return at - size
	}
	return at
}

// getting reads a verb and a number behind text[:i].
func getting(text string, i int) (o offer, end int, ok bool) {
	gap := 0
	for i < len(text) && gap <= maxGap {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == ' ' {
			return o, 0, false
		}
		if n := digitsAt(text, i); n != "" {
			if o.verb == "" {
				return o, 0, false
			}
			o.take, o.to = n, i+len(n)
			return o, o.to, true
		}
		if strings.ContainsRune(gets, r) {
			o.verb, gap = string(r), -1
		}
		i += size
		gap++
	}
	return o, 0, false
}

func digitsAt(text string, i int) string {
	end := i
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	return text[i:end]
}

// amount is a number with what it counts: 12个月, 3笔, 8折.
type amount struct {
	text     string
	from, to int // in the folded text
}

// amountsIn finds the numbers of a folded text that say something by themselves:
// with a unit, or of two digits and more.
func amountsIn(text string) []amount {
	var list []amount
	for i := 0; i < len(text); {
		n := digitsAt(text, i)
		if n == "" {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		end := i + len(n)
		r, size := utf8.DecodeRuneInString(text[end:])
		if r == '个' {
			end += size
			r, size = utf8.DecodeRuneInString(text[end:])
		}
		if strings.ContainsRune("月天日年笔折倍点次张份晚期成%人单件号", r) {
			list = append(list, amount{text[i : end+size], i, end + size})
		} else if len(n) >= 2 {
			list = append(list, amount{n, i, i + len(n)})
		}
		i += len(n)
	}
	return list
}
