package detect

import (
	"slices"
	"sort"
	"time"
)

const (
	// grain is the length of a bucket, the smallest window.
	grain  = 6 * time.Hour
	perDay = int32(24 * time.Hour / grain)
	// longest is the longest window, memory the past that it is compared with.
	longest = 28 * perDay
	memory  = 180 * perDay
	horizon = longest + memory
)

// bucketOf numbers the quarters of days since 1970.
func bucketOf(t time.Time) int32 {
	s := t.Unix()
	g := int64(grain / time.Second)
	if s < 0 {
		s -= g - 1
	}
	return int32(s / g)
}

// series counts by bucket over at least the horizon and sums any stretch of it
// in one step.
type series struct {
	base   int32
	before float64   // sum of the buckets before base
	sums   []float64 // running sums from base on
}

// add counts n in a bucket. What is older than the horizon is not counted.
func (s *series) add(b int32, n float64) {
	switch last := s.last(); {
	case len(s.sums) == 0, b > last+horizon:
		s.before, s.base, s.sums = s.upTo(last), b, append(s.sums[:0], s.upTo(last))
	case b < s.base:
		return
	default:
		for range b - last {
			s.sums = append(s.sums, s.sums[len(s.sums)-1])
		}
	}
	for i := b - s.base; i < int32(len(s.sums)); i++ {
		s.sums[i] += n
	}
	if extra := int32(len(s.sums)) - 2*horizon; extra > 0 {
		s.before = s.sums[horizon+extra-1]
		s.sums = slices.Delete(s.sums, 0, int(horizon+extra))
		s.base += horizon + extra
	}
}

// last is the latest bucket.
func (s *series) last() int32 { return s.base + int32(len(s.sums)) - 1 }

func (s *series) upTo(b int32) float64 {
	if b < s.base || len(s.sums) == 0 {
		return s.before
	}
	return s.sums[min(int(b-s.base), len(s.sums)-1)]
}

// between sums the buckets after < b <= upTo.
func (s *series) between(after, upTo int32) float64 { return s.upTo(upTo) - s.upTo(after) }

// counts holds what one unit counted, by bucket, oldest first. Buckets that
// have left every window are joined to days, and forgotten after the horizon.
type counts []count

type count struct {
	bucket int32
	n      float32
}

// add counts n, which may be negative, in a bucket. Now is the latest bucket.
func (c counts) add(b int32, n float32, now int32) counts {
	if b <= now-longest {
		b -= b % perDay
	}
	i := len(c)
	for i > 0 && c[i-1].bucket > b {
		i--
	}
	if i > 0 && c[i-1].bucket == b {
		c[i-1].n = max(c[i-1].n+n, 0)
		return c
	}
	if n < 0 {
		return c
	}
	return slices.Insert(c, i, count{b, n})
}

// fold joins old buckets to days and forgets the oldest.
func (c counts) fold(now int32) counts {
	if len(c) == 0 || c[0].bucket > now-longest {
		return c
	}
	folded := c[:0]
	for _, x := range c {
		if x.bucket <= now-longest {
			x.bucket -= x.bucket % perDay
		}
		last := len(folded) - 1
		switch {
		case x.bucket <= now-horizon:
		case last >= 0 && folded[last].bucket == x.bucket:
			folded[last].n += x.n
		default:
			folded = append(folded, x)
		}
	}
	return folded
}

// between sums the buckets after < b <= upTo.
func (c counts) between(after, upTo int32) float64 {
	var n float64
	for i := sort.Search(len(c), func(i int) bool { return c[i].bucket > after }); i < len(c) && c[i].bucket <= upTo; i++ {
		n += float64(c[i].n)
	}
	return n
}
