package card

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/qianyi-dev/qianyi/nlp/linear"
)

// example is a text and its cause.
type example struct {
	text  string
	cause Cause
}

// Settings of the learning, chosen by five-fold cross-validation on the own and
// the looked-at sentences; figures change little around them.
const (
	// minCount is in how many texts a feature must occur.
	minCount = 2
	// constant is the value of the feature that every text has.
	constant = 0.3
	balance  = 0.5
)

// train learns one support vector machine per cause. The same examples give the
// same model.
func train(examples []example) *model {
	m := newVocabulary(examples)
	m.source = fingerprint(examples)
	problem := linear.Problem{Classes: causeCount, Features: len(m.hashes) + 1}
	for _, e := range examples {
		problem.X = append(problem.X, m.vector(e.text))
		problem.Y = append(problem.Y, slices.Index(Causes, e.cause))
	}
	options := linear.DefaultOptions()
	options.Balance = balance
	m.weights = make([]int8, len(m.hashes)*causeCount)
	for k, w := range linear.Train(problem, options) {
		m.keep(k, w)
	}
	return m
}

// fingerprint identifies a list of examples.
func fingerprint(examples []example) [32]byte {
	h := sha256.New()
	for _, e := range examples {
		fmt.Fprintf(h, "%s\t%s\n", e.cause, e.text)
	}
	return [32]byte(h.Sum(nil))
}

// newVocabulary makes a model of the features that occur often enough, without
// weights.
func newVocabulary(examples []example) *model {
	count := map[uint32]int{}
	for _, e := range examples {
		for _, h := range features(e.text) {
			count[h]++
		}
	}
	m := &model{}
	for h, n := range count {
		if n >= minCount {
			m.hashes = append(m.hashes, h)
		}
	}
	slices.Sort(m.hashes)
	return m
}

func (m *model) vector(text string) linear.Vector {
	var v linear.Vector
	list := features(text)
	value := float32(1 / math.Sqrt(float64(len(list))))
	for _, h := range list {
		if i, ok := slices.BinarySearch(m.hashes, h); ok {
			v.Index = append(v.Index, int32(i))
			v.Value = append(v.Value, value)
		}
	}
	v.Index = append(v.Index, int32(len(m.hashes)))
	v.Value = append(v.Value, constant)
	return v
}

// keep rounds the weights of a cause to 127 steps on either side of 0.
func (m *model) keep(cause int, weights []float32) {
	last := len(m.hashes)
	m.bias[cause] = weights[last] * constant
	var top float64
	for _, w := range weights[:last] {
		top = max(top, math.Abs(float64(w)))
	}
	m.scale[cause] = float32(max(top, 1e-9) / math.MaxInt8)
	for i, w := range weights[:last] {
		m.weights[i*causeCount+cause] = int8(math.Round(float64(w / m.scale[cause])))
	}
}

// file returns the model as readModel reads it.
func (m *model) file() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(magic)
	packer, err := zstd.NewWriter(&b, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return nil, fmt.Errorf("write causes model: %w", err)
	}
	for _, part := range []any{m.source, uint32(len(m.hashes)), m.scale, m.bias, m.hashes, m.weights} {
		if err := binary.Write(packer, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("write causes model: %w", err)
		}
	}
	if err := packer.Close(); err != nil {
		return nil, fmt.Errorf("write causes model: %w", err)
	}
	return b.Bytes(), nil
}
