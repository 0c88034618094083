package cluster

import (
	"math"
	"time"
)

const (
	// rarityBits is the size of the table of document frequencies (16 MB);
	// terms whose hashes fall together share a count, which only makes them
	// look commoner.
	rarityBits = 22
	// halfLife is the age at which an occurrence counts half: wording changes
	// with products and seasons.
	halfLife = 365 * 24 * time.Hour
	// greatestUnit keeps the growing unit within the precision of float32.
	greatestUnit = 1 << 10
	// A term in more than formShare of the texts of a channel belongs to its
	// form, not to what customers say, once the channel had formLeast texts.
	formShare = 0.05
	formLeast = 200
)

// rarity counts in how many texts a term occurred, in all and in each channel,
// old texts counting less. It decays by letting the unit of counting grow, not
// by touching the table.
type rarity struct {
	counts   []float32
	docs     float64
	channels map[uint32]float64 // texts by hash of the channel
	unit     float64
	origin   time.Time
}

func newRarity() *rarity {
	return &rarity{counts: make([]float32, 1<<rarityBits), channels: map[uint32]float64{}, unit: 1}
}

// advance moves the unit to the time of the stream.
func (r *rarity) advance(now time.Time) {
	if r.origin.IsZero() || now.Before(r.origin) {
		r.origin = now
	}
	r.unit = max(r.unit, math.Exp2(float64(now.Sub(r.origin))/float64(halfLife)))
	if r.unit < greatestUnit {
		return
	}
	for i := range r.counts {
		r.counts[i] /= float32(r.unit)
	}
	for c := range r.channels {
		r.channels[c] /= r.unit
	}
	r.docs /= r.unit
	r.unit, r.origin = 1, now
}

// see counts one text with the given distinct terms.
func (r *rarity) see(terms []uint32, channel uint32) {
	r.docs += r.unit
	r.channels[channel] += r.unit
	for _, t := range terms {
		r.counts[t>>(32-rarityBits)] += float32(r.unit)
		r.counts[inChannel(t, channel)>>(32-rarityBits)] += float32(r.unit)
	}
}

// inChannel is the term under which a term is counted in a channel.
func inChannel(term, channel uint32) uint32 { return (term ^ channel) * 2654435769 }

// df is the number of texts with the term, n the number of texts.
func (r *rarity) df(term uint32) float64 {
	return float64(r.counts[term>>(32-rarityBits)]) / r.unit
}
func (r *rarity) n() float64 { return r.docs / r.unit }

// idf is the smoothed inverse document frequency of a term in a text of the
// channel, above 0.
func (r *rarity) idf(term, channel uint32) float64 {
	n := r.n() + 2
	share := (r.df(term) + 1) / n
	if texts := r.channels[channel] / r.unit; texts >= formLeast {
		if form := r.df(inChannel(term, channel)) / texts; form > formShare {
			share = max(share, form)
		}
	}
	return -math.Log(min(share, 0.99))
}
