package cluster

import (
	"math"
	"time"
)

const (
	// rarityBits is the size of the table of document frequencies; terms whose
	// hashes fall together share a count, which only makes them look commoner.
	rarityBits = 21
	// halfLife is the age at which an occurrence counts half: wording changes
	// with products and seasons.
	halfLife = 365 * 24 * time.Hour
	// leastUnit keeps the growing unit within float32.
	greatestUnit = 1 << 10
)

// rarity counts in how many texts a term occurred, old texts counting less. It
// decays by letting the unit of counting grow, not by touching the table.
type rarity struct {
	counts []float32
	docs   float32
	unit   float32
	origin time.Time
}

func newRarity() *rarity {
	return &rarity{counts: make([]float32, 1<<rarityBits), unit: 1}
}

// advance moves the unit to the time of a text; time never runs back.
func (r *rarity) advance(at time.Time) {
	if r.origin.IsZero() {
		r.origin = at
	}
	unit := float32(math.Exp2(float64(at.Sub(r.origin)) / float64(halfLife)))
	if unit <= r.unit {
		return
	}
	r.unit = unit
	if unit < greatestUnit {
		return
	}
	for i := range r.counts {
		r.counts[i] /= unit
	}
	r.docs /= unit
	r.unit, r.origin = 1, at
}

// see counts one text with the given distinct terms.
func (r *rarity) see(terms []uint32) {
	r.docs += r.unit
	for _, t := range terms {
		r.counts[t>>(32-rarityBits)] += r.unit
	}
}

func (r *rarity) df(term uint32) float32 { return r.counts[term>>(32-rarityBits)] / r.unit }

func (r *rarity) n() float32 { return r.docs / r.unit }

// idf is the smoothed inverse document frequency, above 0.
func (r *rarity) idf(term uint32) float32 {
	n := r.n() + 2
	return float32(math.Log(float64(n / min(r.df(term)+1, n*0.99))))
}
