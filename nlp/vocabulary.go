package nlp

import "math/bits"

// vocabulary numbers feature hashes. Hashes are 32 bits: with 200 000 entries
// an unknown feature is taken for a known one about once in 20 000 look-ups,
// which costs no measurable accuracy and keeps texts out of the model file.
type vocabulary struct {
	hashes []uint32 // by feature number
	slots  []slot   // open addressing
	shift  int
}

// slot keeps hash and number together: a look-up touches one cache line.
type slot struct {
	hash   uint32
	number int32 // of the feature, plus 1; 0 is an empty slot
}

func newVocabulary(hashes []uint32) *vocabulary {
	size := 1 << bits.Len(uint(len(hashes)*2))
	v := &vocabulary{hashes: hashes, slots: make([]slot, size), shift: 33 - bits.Len(uint(size))}
	for i, h := range hashes {
		s := v.first(h)
		for v.slots[s].number != 0 {
			s = (s + 1) & (size - 1)
		}
		v.slots[s] = slot{h, int32(i) + 1}
	}
	return v
}

// first is where the search for a hash begins: its highest bits.
func (v *vocabulary) first(h uint32) int {
	return int(uint64(h) >> v.shift)
}

// find returns the number of a hash, -1 when it is unknown.
func (v *vocabulary) find(h uint32) int32 {
	for s := v.first(h); ; s = (s + 1) & (len(v.slots) - 1) {
		if at := v.slots[s]; at.number == 0 || at.hash == h {
			return at.number - 1
		}
	}
}
