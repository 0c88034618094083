package wording

import (
	"slices"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
)

// matter is a Matter ready for comparison.
type matter struct {
	Matter
	normal string
}

func newMatter(about Matter) *matter {
	n := nlp.Normalize(about.Text)
	return &matter{Matter: about, normal: n.Text}
}

// known says whether there is a complaint at all.
func (m *matter) known() bool { return utf8.RuneCountInString(m.normal) > 1 }

// has says whether the complaint gives the fact of the slot.
func (m *matter) has(s *slot) bool {
	switch {
	case s.entity != "" && slices.ContainsFunc(m.Entities, func(e nlp.Entity) bool { return string(e.Kind) == s.entity }):
		return true
	case s.demand && m.Demand != "" && m.Demand != nlp.DemandNone:
		return true
	}
	return matches(s.known, m.normal)
}

// questions flags what the reply asks although the complaint says it.
func (c *Checker) questions(r *reply, m *matter) []Flag {
	if !m.known() {
		return nil
	}
	advice := c.book.kinds[MeaninglessQuestion].advice
	var flags []Flag
	for i := range c.book.slots {
		slot := &c.book.slots[i]
		if !m.has(slot) {
			continue
		}
		for _, s := range r.sentences {
			sentence := r.Text[s.start:s.end]
			if !c.has(fragmentAsking, sentence) || matches(slot.unless, sentence) {
				continue
			}
			for _, f := range slot.ask.FindAllStringIndex(sentence, -1) {
				at := span{s.start + f[0], s.start + f[1]}
				if !at.within(r.borrowed) {
					flags = append(flags, r.flag(MeaninglessQuestion, at, advice))
				}
			}
		}
	}
	return flags
}
