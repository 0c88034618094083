package cohort

import (
	"math"

	"github.com/qianyi-dev/qianyi/triage"
)

// hash is FNV-1a with the finalizer of MurmurHash3, so that the low bits of
// ids in sequence are independent. It is the same in every run.
func hash(id triage.CustomerID) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// sketchBits is the size of a sketch: distinct counts are right to half a per
// cent up to ten million.
const sketchBits = 1 << 23

// sketch counts distinct customers by linear counting (Whang, Vander-Zanden
// and Taylor 1990): of m bits, one set for each customer by hash, z stay zero
// and the customers are about -m ln(z/m).
type sketch struct {
	words  []uint64
	set    int
	weight float64 // of the customers that set a bit
}

func newSketch() *sketch { return &sketch{words: make([]uint64, sketchBits/64)} }

// add says whether the customer set a new bit.
func (s *sketch) add(id triage.CustomerID) bool {
	h := hash(id) % sketchBits
	if s.words[h/64]&(1<<(h%64)) != 0 {
		return false
	}
	s.words[h/64] |= 1 << (h % 64)
	s.set++
	return true
}

func (s *sketch) count() float64 {
	zero := max(sketchBits-s.set, 1)
	return sketchBits * math.Log(sketchBits/float64(zero))
}

const (
	// memberSample is how many of those who match a lead are looked at, shares
	// among them being right to 1.6 points; holderSample how many are kept to
	// count those who have a pattern, right to 6 %.
	memberSample = 1000
	holderSample = 256
)

// sample keeps a random part of the distinct customers added, size of them to
// twice as many: those whose hash is below a limit that is halved when there
// are too many.
type sample struct {
	size    int
	limit   uint64
	members map[triage.CustomerID]bool
}

func newSample(size int) *sample {
	return &sample{size: size, limit: math.MaxUint64, members: map[triage.CustomerID]bool{}}
}

func (s *sample) add(id triage.CustomerID) {
	if hash(id) > s.limit {
		return
	}
	s.members[id] = true
	for len(s.members) > 2*s.size {
		s.limit /= 2
		for m := range s.members {
			if hash(m) > s.limit {
				delete(s.members, m)
			}
		}
	}
}

// scale is how many customers each member stands for, 1 while all are kept.
func (s *sample) scale() float64 { return math.MaxUint64 / float64(s.limit) }
