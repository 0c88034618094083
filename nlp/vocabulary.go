package nlp

import "math/bits"

// vocabulary numbers feature hashes. Hashes are 32 bits: with 200 000 entries
// an unknown feature is taken for a known one about once in 20 000 look-ups,
// which costs no measurable accuracy and keeps texts out of the model file.
type vocabulary struct {
	hashes []uint32 // by feature number
	slots  []int32  // open addressing: feature number + 1, 0 empty
	shift  int
}

func newVocabulary(hashes []uint32) *vocabulary {
	size := 1 << bits.Len(uint(len(hashes)*2))
	v := &vocabulary{hashes: hashes, slots: make([]int32, size), shift: 32 - bits.Len(uint(size-1))}
	for i, h := range hashes {
		s := v.slot(h)
		for v.slots[s] != 0 {
			s = (s + 1) & (size - 1)
		}
		v.slots[s] = int32(i) + 1
	}
	return v
}

func (v *vocabulary) slot(h uint32) int {
	if v.shift >= 32 {
		return 0
	}
	return int(h >> v.shift)
}

// find returns the number of a hash, -1 when it is unknown.
func (v *vocabulary) find(h uint32) int32 {
	s := v.slot(h)
	for {
		n := v.slots[s]
		if n == 0 {
			return -1
		}
		if v.hashes[n-1] == h {
			return n - 1
		}
		s = (s + 1) & (len(v.slots) - 1)
	}
}
