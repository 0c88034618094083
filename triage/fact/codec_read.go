package fact

import (
	"encoding/binary"
	"math"
)

// reader takes a stored day apart. After the first thing that cannot be read it
// is bad, and everything else it reads is zero.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) fail() {
	r.rest, r.bad = nil, true
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.fail()
		return make([]byte, min(n, 8))
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// count is a number of things that take so many bytes each at least.
func (r *reader) count(each uint64) int {
	n := r.uvarint()
	if n > uint64(len(r.rest))/each {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) words() []string {
	list := make([]string, r.count(1))
	for i := range list {
		list[i] = string(r.bytes(r.uvarint()))
	}
	return list
}

func (r *reader) word(words []string) string {
	c := r.uvarint()
	if c >= uint64(len(words)) {
		r.fail()
		return ""
	}
	return words[c]
}

// minutes reads a time, None or more.
func (r *reader) minutes() int32 {
	v := r.varint()
	if v < None || v > math.MaxInt32 {
		r.fail()
		return None
	}
	return int32(v)
}

func (r *reader) row(to *Row) {
	minute := r.uvarint()
	to.Customer = binary.LittleEndian.Uint64(r.bytes(8))
	flags := r.uvarint()
	to.Respond, to.Verify, to.Resolve = r.minutes(), r.minutes(), r.minutes()
	to.Satisfaction = math.Float32frombits(binary.LittleEndian.Uint32(r.bytes(4)))
	small := r.bytes(4)
	points := r.uvarint()
	if minute >= 24*60 || flags >= uint64(flagsEnd) || points > math.MaxUint16 || r.bad {
		r.fail()
		return
	}
	to.Minute, to.Flags, to.Points = uint16(minute), Flags(flags), uint16(points)
	to.HandOvers, to.FactsNeeded, to.FactsKnown, to.Replies = small[0], small[1], small[2], small[3]
}

// rowBytes and stayBytes are the least that a row and a stay take.
const (
	rowBytes  = int(Dims) + 23
	stayBytes = 4
)

func (r *reader) stays(rows []Row) {
	words := r.words()
	for i := range rows {
		n := r.count(stayBytes)
		if n == 0 {
			continue
		}
		rows[i].Stays = make([]Stay, n)
		for k := range rows[i].Stays {
			rows[i].Stays[k] = Stay{r.word(words), r.word(words), r.word(words), r.minutes()}
		}
	}
}
