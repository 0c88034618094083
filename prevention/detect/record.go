package detect

import (
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

// recalled bounds how many complaints of one customer are looked at for a
// repetition; one who has more in 28 days repeats.
const recalled = 64

// record is one remembered complaint.
type record struct {
	id       triage.ComplaintID
	customer triage.CustomerID
	channel  triage.Channel
	at       time.Time
	bucket   int32
	issue    cluster.ID
	kind     uint32 // type and sub-type, numbered by the names
	subkind  uint32
	own      []uint32 // facts of the record
	held     []uint32 // facts of the customer's exposures
	copied   bool
}

// weight is what the complaint counts: a copy of another customer's text half.
func (r *record) weight() float32 {
	if r.copied {
		return 0.5
	}
	return 1
}

// journal keeps the latest records in order of arrival, and the complaints of
// each customer among them.
type journal struct {
	records   []record
	first     uint32 // sequence number of records[0]
	customers map[triage.CustomerID][]uint32
}

func (j *journal) next() uint32 { return j.first + uint32(len(j.records)) }

// record returns nil when it is forgotten. The pointer holds until the next add.
func (j *journal) record(seq uint32) *record {
	if seq < j.first || seq >= j.next() {
		return nil
	}
	return &j.records[seq-j.first]
}

func (j *journal) add(r record) uint32 {
	seq := j.next()
	j.records = append(j.records, r)
	if r.customer != "" {
		seqs := j.customers[r.customer]
		if len(seqs) >= recalled {
			seqs = append(seqs[:0], seqs[1:]...)
		}
		j.customers[r.customer] = append(seqs, seq)
	}
	return seq
}

// trim forgets records before a bucket and beyond a number, and calls each with
// them. Late records go with their neighbours.
func (j *journal) trim(oldest int32, most int, each func(r *record)) {
	n := 0
	for n < len(j.records) && (len(j.records)-n > most || j.records[n].bucket < oldest) {
		r := &j.records[n]
		each(r)
		if seqs := j.customers[r.customer]; len(seqs) > 0 && seqs[0] <= j.first+uint32(n) {
			if len(seqs) == 1 {
				delete(j.customers, r.customer)
			} else {
				j.customers[r.customer] = seqs[1:]
			}
		}
		*r = record{}
		n++
	}
	j.records, j.first = j.records[n:], j.first+uint32(n)
}

// earlier returns the customer's latest complaint before seq, inside the longest
// window, that fits; found is false when there is none. A customer with more
// complaints than are looked at counts as found, with none to show.
func (j *journal) earlier(seq uint32, fits func(r *record) bool) (r *record, found bool) {
	now := j.record(seq)
	if now.customer == "" {
		return nil, false
	}
	seqs := j.customers[now.customer]
	for _, q := range slices.Backward(seqs) {
		r := j.record(q)
		if q >= seq || r == nil {
			continue
		}
		if r.bucket > now.bucket-longest && fits(r) {
			return r, true
		}
	}
	full := len(seqs) >= recalled && j.record(seqs[0]) != nil && j.record(seqs[0]).bucket > now.bucket-longest
	return nil, full
}

// numbers gives small numbers to values, from 1; 0 is the zero value.
type numbers[T comparable] struct {
	of     map[T]uint32
	values []T
}

func newNumbers[T comparable]() numbers[T] {
	var zero T
	return numbers[T]{of: map[T]uint32{zero: 0}, values: []T{zero}}
}

func (n *numbers[T]) number(v T) uint32 {
	if i, ok := n.of[v]; ok {
		return i
	}
	i := uint32(len(n.values))
	n.of[v] = i
	n.values = append(n.values, v)
	return i
}

func newJournal() journal { return journal{customers: map[triage.CustomerID][]uint32{}} }
