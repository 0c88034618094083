package console

import (
	"slices"
	"strings"
)

// diffPart is a stretch of text that was kept, taken out or put in.
type diffPart struct {
	Op   string // "", "del", "ins"
	Text string
}

// diffRunes bounds each of the compared texts: the table of their common parts
// grows with the product.
const diffRunes = 2500

// diffOf compares two texts by characters, with the longest common subsequence
// after what is common at both ends.
func diffOf(before, after string) []diffPart {
	a, b := []rune(cut(before, diffRunes)), []rune(cut(after, diffRunes))
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var d diffWriter
	d.add("", a[:head]...)
	d.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add("", a[len(a)-tail:]...)
	return d.parts()
}

// diffWriter joins neighbours of one kind.
type diffWriter struct {
	done []diffPart
	op   string
	text strings.Builder
}

func (d *diffWriter) add(op string, runes ...rune) {
	if op != d.op {
		d.end()
		d.op = op
	}
	for _, r := range runes {
		d.text.WriteRune(r)
	}
}

func (d *diffWriter) end() {
	if d.text.Len() > 0 {
		d.done = append(d.done, diffPart{d.op, d.text.String()})
	}
	d.text.Reset()
}

func (d *diffWriter) parts() []diffPart {
	d.end()
	return d.done
}

func (d *diffWriter) middle(a, b []rune) {
	// common[i][j] is the length of the longest common part of a[i:] and b[j:].
	common := make([][]int16, len(a)+1)
	for i := range common {
		common[i] = make([]int16, len(b)+1)
	}
	for i, r := range slices.Backward(a) {
		for j := len(b) - 1; j >= 0; j-- {
			if r == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.add("", a[i])
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			d.add("del", a[i])
			i++
		default:
			d.add("ins", b[j])
			j++
		}
	}
	d.add("del", a[i:]...)
	d.add("ins", b[j:]...)
}
