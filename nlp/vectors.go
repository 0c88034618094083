package nlp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/klauspost/compress/zstd"
)

// Vectors places words in a space in which words that occur in like company
// are near (Mikolov et al., "Distributed Representations of Words and Phrases",
// NIPS 2013). Words are kept as hashes.
type Vectors struct {
	vocabulary *vocabulary
	dimensions int
	steps      []int8    // by word and dimension
	weight     []float32 // by word: worth of one step times the word's rarity
}

// NewVectors packs word vectors, given by the word's normalised form, in one
// byte per dimension. share is the part of all running words that each word
// makes up; rare words count more (Arora et al., "A Simple but Tough-to-Beat
// Baseline for Sentence Embeddings", ICLR 2017).
func NewVectors(words []string, vectors [][]float32, share []float64) *Vectors {
	const smoothing = 1e-3
	hashes := make([]uint32, len(words))
	v := &Vectors{}
	if len(vectors) > 0 {
		v.dimensions = len(vectors[0])
	}
	for i, w := range words {
		hashes[i] = wordHash(w)
		var top, sum float64
		for _, x := range vectors[i] {
			top = max(top, math.Abs(float64(x)))
			sum += float64(x) * float64(x)
		}
		step := max(top, 1e-9) / math.MaxInt8
		for _, x := range vectors[i] {
			v.steps = append(v.steps, int8(math.Round(float64(x)/step)))
		}
		v.weight = append(v.weight, float32(step/math.Sqrt(max(sum, 1e-9))*smoothing/(smoothing+share[i])))
	}
	v.vocabulary = newVocabulary(hashes)
	return v
}

func wordHash(word string) uint32 {
	h := uint64(hashSeed)
	for _, r := range word {
		h = (h ^ uint64(foldRune(r))) * hashPrime
	}
	return finish(h)
}

// appendMean appends the weighted mean vector of the words, scaled to length 1.
func (v *Vectors) appendMean(x []float32, r *reading) []float32 {
	at := len(x)
	x = append(x, make([]float32, v.dimensions)...)
	mean := x[at:]
	for i, o := range r.views[viewWord] {
		if i%2 != 0 { // the zoned twin of the word before
			continue
		}
		n := v.vocabulary.find(o.hash)
		if n < 0 {
			continue
		}
		for d, s := range v.steps[int(n)*v.dimensions:][:len(mean)] {
			mean[d] += v.weight[n] * float32(s)
		}
	}
	return scaleFrom(x, at)
}

const vectorsMagic = "QIANYI VECTORS 1\n"

// WriteTo writes the vectors to w.
func (v *Vectors) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	b.WriteString(vectorsMagic)
	packer, err := zstd.NewWriter(&b, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return 0, fmt.Errorf("write vectors: %w", err)
	}
	sizes := [2]uint32{uint32(len(v.weight)), uint32(v.dimensions)}
	for _, part := range []any{sizes, v.vocabulary.hashes, v.weight, v.steps} {
		if err := binary.Write(packer, binary.LittleEndian, part); err != nil {
			return 0, fmt.Errorf("write vectors: %w", err)
		}
	}
	if err := packer.Close(); err != nil {
		return 0, fmt.Errorf("write vectors: %w", err)
	}
	return b.WriteTo(w)
}

// ReadVectors reads what WriteTo wrote.
func ReadVectors(b []byte) (*Vectors, error) {
	packed, ok := bytes.CutPrefix(b, []byte(vectorsMagic))
	if !ok {
		return nil, errors.New("not a file of word vectors")
	}
	unpacker, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderMaxMemory(maxModelBytes))
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	defer unpacker.Close()
	var sizes [2]uint32
	if err := binary.Read(unpacker, binary.LittleEndian, &sizes); err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	if words, bytesPerWord := uint64(sizes[0]), uint64(sizes[1])+8; words*bytesPerWord > maxModelBytes {
		return nil, errors.New("read vectors: the file claims an impossible size")
	}
	v := &Vectors{dimensions: int(sizes[1]), weight: make([]float32, sizes[0]), steps: make([]int8, sizes[0]*sizes[1])}
	hashes := make([]uint32, sizes[0])
	for _, part := range []any{hashes, v.weight, v.steps} {
		if err := binary.Read(unpacker, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("read vectors: %w", err)
		}
	}
	v.vocabulary = newVocabulary(hashes)
	return v, nil
}

func (v *Vectors) digest(w io.Writer) {
	// Writing to a hash cannot fail.
	_ = binary.Write(w, binary.LittleEndian, v.vocabulary.hashes)
	_ = binary.Write(w, binary.LittleEndian, v.weight)
	_ = binary.Write(w, binary.LittleEndian, v.steps)
}
