package search

import (
	"errors"
	"math"
	"slices"
)

const (
	hashBits = 20
	hashMask = 1<<hashBits - 1
	maxCount = 15
	// termBytes is the stored size of one distinct term of a case.
	termBytes = 3
)

// entry is one distinct term of a text: a 20-bit hash above a 4-bit count.
// Entries of a vector are sorted by hash, without duplicates.
type entry uint32

func (e entry) hash() uint32 { return uint32(e) >> 4 }

// boost grows with the number of times the term occurs, slowly.
func (e entry) boost() float32 { return countBoost[e&maxCount] }

var countBoost = func() (b [maxCount + 1]float32) {
	for i := 1; i <= maxCount; i++ {
		b[i] = float32(1 + math.Log(float64(i)))
	}
	return b
}()

// hashTerm is FNV-1a folded to 20 bits. It is part of the file format: changing
// it needs a new schemaVersion.
func hashTerm(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return (h ^ h>>hashBits) & hashMask
}

// vectorOf appends the vector of terms to dst[:0].
func vectorOf(dst []entry, terms []term) []entry {
	dst = dst[:0]
	for _, t := range terms {
		dst = append(dst, entry(hashTerm(t.text)<<4))
	}
	slices.Sort(dst)
	n := 0
	for _, e := range dst {
		switch {
		case n == 0 || dst[n-1].hash() != e.hash():
			dst[n] = e | 1
			n++
		case dst[n-1]&maxCount < maxCount:
			dst[n-1]++
		}
	}
	return dst[:n]
}

// encodeCard packs what the re-ranking needs of a case, its type and its
// vector, into the one stored field of its document.
func encodeCard(typ string, v []entry) []byte {
	typ = clip(typ, math.MaxUint8)
	b := make([]byte, 0, 1+len(typ)+termBytes*len(v))
	b = append(b, byte(len(typ)))
	b = append(b, typ...)
	for _, e := range v {
		b = append(b, byte(e>>16), byte(e>>8), byte(e))
	}
	return b
}

var errCard = errors.New("search: a stored term vector is damaged")

// decodeCard reverses encodeCard; the vector is appended to dst[:0].
func decodeCard(dst []entry, b []byte) (typ []byte, v []entry, err error) {
	if len(b) == 0 || len(b) < 1+int(b[0]) || (len(b)-1-int(b[0]))%termBytes != 0 {
		return nil, nil, errCard
	}
	typ, b = b[1:1+int(b[0])], b[1+int(b[0]):]
	v = dst[:0]
	for ; len(b) > 0; b = b[termBytes:] {
		v = append(v, entry(b[0])<<16|entry(b[1])<<8|entry(b[2]))
	}
	return typ, v, nil
}

// norm returns the length of v under the weights.
func (w *weights) norm(v []entry) float32 {
	var sum float32
	for _, e := range v {
		x := e.boost() * w.of(e.hash())
		sum += x * x
	}
	return float32(math.Sqrt(float64(sum)))
}

// dot returns the product of two vectors under the weights.
func (w *weights) dot(a, b []entry) float32 {
	var sum float32
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch x, y := a[i].hash(), b[j].hash(); {
		case x < y:
			i++
		case x > y:
			j++
		default:
			t := w.of(x)
			sum += a[i].boost() * b[j].boost() * t * t
			i++
			j++
		}
	}
	return sum
}
