package card

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"
)

const (
	magic = "QIANYI CAUSES 1\n"
	// maxBytes bounds what a file may unpack to.
	maxBytes = 4 << 20
)

//go:embed causes.model
var packed []byte

// shipped returns the model of the binary, learnt from testdata. A test sees to
// it that it can be read; should it not be, the cues decide alone.
var shipped = sync.OnceValue(func() *model {
	m, err := readModel(packed)
	if err != nil {
		return &model{}
	}
	return m
})

// readModel reads a model and refuses damaged files.
func readModel(file []byte) (*model, error) {
	packed, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok {
		return nil, errors.New("not a causes model")
	}
	unpacker, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderMaxMemory(maxBytes))
	if err != nil {
		return nil, fmt.Errorf("read causes model: %w", err)
	}
	defer unpacker.Close()
	m, n := &model{}, uint32(0)
	for _, part := range []any{&m.source, &n, &m.scale, &m.bias} {
		if err := binary.Read(unpacker, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("read causes model: %w", err)
		}
	}
	if uint64(n)*(4+causeCount) > maxBytes {
		return nil, errors.New("read causes model: the file claims an impossible size")
	}
	m.hashes, m.weights = make([]uint32, n), make([]int8, n*causeCount)
	for _, part := range []any{m.hashes, m.weights} {
		if err := binary.Read(unpacker, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("read causes model: %w", err)
		}
	}
	if !slices.IsSorted(m.hashes) {
		return nil, errors.New("read causes model: the file contradicts itself")
	}
	return m, nil
}
