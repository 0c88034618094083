package fact

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Format is the number of the present form of a stored day. A change of the
// form, of what a row holds or of how it is built takes a new one, so that the
// days are rolled up again.
const Format = 1

// head begins a stored day; the format is its last byte.
var head = [...]byte{'Q', 'F', Format}

// maxDay bounds the memory that a stored day may ask for.
const maxDay = 1 << 30

var packer = sync.OnceValues(func() (*zstd.Encoder, error) { return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)) })

var unpacker = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxDay))
})

// EncodeDay writes the rows of one day: columns of variable-length numbers with
// a dictionary for each dimension, compressed with a checksum. The same rows
// give the same bytes.
func EncodeDay(rows []Row) ([]byte, error) {
	z, err := packer()
	if err != nil {
		return nil, fmt.Errorf("figures: compression: %w", err)
	}
	var b []byte
	b = binary.AppendUvarint(b, uint64(len(rows)))
	for d := range Dims {
		b = appendWords(b, rows, d)
	}
	last := int64(0)
	for i := range rows {
		b = binary.AppendVarint(b, rows[i].Seq-last)
		last = rows[i].Seq
	}
	for i := range rows {
		b = appendRow(b, &rows[i])
	}
	return z.EncodeAll(appendStays(b, rows), head[:]), nil
}

// appendRow writes what needs no dictionary; decodeRow reads it.
func appendRow(b []byte, r *Row) []byte {
	b = binary.AppendUvarint(b, uint64(r.Minute))
	b = binary.LittleEndian.AppendUint64(b, r.Customer)
	b = binary.AppendUvarint(b, uint64(r.Flags))
	for _, m := range [Clocks]int32{r.Respond, r.Verify, r.Resolve} {
		b = binary.AppendVarint(b, int64(m))
	}
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(r.Satisfaction))
	b = append(b, r.HandOvers, r.FactsNeeded, r.FactsKnown, r.Replies)
	return binary.AppendUvarint(b, uint64(r.Points))
}

// dictionary numbers words in the order in which they come.
type dictionary struct {
	list  []string
	codes map[string]uint64
}

func (d *dictionary) code(word string) uint64 {
	c, known := d.codes[word]
	if !known {
		if d.codes == nil {
			d.codes = make(map[string]uint64)
		}
		c = uint64(len(d.list))
		d.codes[word] = c
		d.list = append(d.list, word)
	}
	return c
}

func (d *dictionary) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(d.list)))
	for _, w := range d.list {
		b = binary.AppendUvarint(b, uint64(len(w)))
		b = append(b, w...)
	}
	return b
}

func appendWords(b []byte, rows []Row, d Dim) []byte {
	var words dictionary
	var codes []byte
	for i := range rows {
		codes = binary.AppendUvarint(codes, words.code(rows[i].Values[d]))
	}
	return append(words.append(b), codes...)
}

func appendStays(b []byte, rows []Row) []byte {
	var words dictionary
	var list []byte
	for i := range rows {
		list = binary.AppendUvarint(list, uint64(len(rows[i].Stays)))
		for _, s := range rows[i].Stays {
			for _, w := range [...]string{s.Status, s.Department, s.Owner} {
				list = binary.AppendUvarint(list, words.code(w))
			}
			list = binary.AppendVarint(list, int64(s.Minutes))
		}
	}
	return append(words.append(b), list...)
}

// ErrNewer is in the error of a day that a newer program has written.
var ErrNewer = errors.New("written by a newer qianyi; update this one, or run \"qianyi figures rebuild\"")

// errDamaged is in the error of a day that is not what was written.
var errDamaged = errors.New("the stored figures are damaged; run \"qianyi figures rebuild\"")

// DecodeDay reads what EncodeDay has written. The error of a damaged day, or of
// a newer one (ErrNewer), names the day and what to do.
func DecodeDay(day Day, blob []byte) ([]Row, error) {
	rows, err := decodeDay(day, blob)
	if err != nil {
		return nil, fmt.Errorf("figures of %s: %w", day, err)
	}
	return rows, nil
}

func decodeDay(day Day, blob []byte) ([]Row, error) {
	if len(blob) < len(head) || blob[0] != head[0] || blob[1] != head[1] || blob[2] < Format {
		return nil, errDamaged
	}
	if blob[2] > Format {
		return nil, ErrNewer
	}
	z, err := unpacker()
	if err != nil {
		return nil, err
	}
	body, err := z.DecodeAll(blob[len(head):], nil)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errDamaged, err)
	}
	in := reader{rest: body}
	rows := make([]Row, in.count(uint64(rowBytes)))
	for d := range Dims {
		words := in.words()
		for i := range rows {
			rows[i].Values[d] = in.word(words)
		}
	}
	last := int64(0)
	for i := range rows {
		last += in.varint()
		rows[i].Seq, rows[i].Day = last, day
	}
	for i := range rows {
		in.row(&rows[i])
	}
	in.stays(rows)
	if in.bad || len(in.rest) > 0 {
		return nil, errDamaged
	}
	return rows, nil
}
