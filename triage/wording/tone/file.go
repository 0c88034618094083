package tone

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

const (
	magic = "QIANYI TONE 1\n"
	// maxBytes bounds what a file may unpack to.
	maxBytes = 32 << 20
)

// WriteTo writes the model to w.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	b.WriteString(magic)
	packer, err := zstd.NewWriter(&b, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return 0, fmt.Errorf("write tone model: %w", err)
	}
	names := strings.Join(m.kinds, "\n")
	sizes := [3]uint32{uint32(len(names)), uint32(len(m.kinds)), uint32(len(m.hashes))}
	for _, part := range []any{sizes, []byte(names), m.scale, m.bias, m.hashes, m.rarity, m.weights} {
		if err := binary.Write(packer, binary.LittleEndian, part); err != nil {
			return 0, fmt.Errorf("write tone model: %w", err)
		}
	}
	if err := packer.Close(); err != nil {
		return 0, fmt.Errorf("write tone model: %w", err)
	}
	return b.WriteTo(w)
}

// Read reads what WriteTo wrote. Damaged files are refused.
func Read(file []byte) (*Model, error) {
	packed, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok {
		return nil, errors.New("not a tone model")
	}
	unpacker, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderMaxMemory(maxBytes))
	if err != nil {
		return nil, fmt.Errorf("read tone model: %w", err)
	}
	defer unpacker.Close()
	var sizes [3]uint32
	if err := binary.Read(unpacker, binary.LittleEndian, &sizes); err != nil {
		return nil, fmt.Errorf("read tone model: %w", err)
	}
	names, kinds, n := uint64(sizes[0]), uint64(sizes[1]), uint64(sizes[2])
	if names > maxBytes || kinds > 1<<10 || n*(8+kinds) > maxBytes {
		return nil, errors.New("read tone model: the file claims an impossible size")
	}
	m := &Model{
		scale: make([]float32, kinds), bias: make([]float32, kinds),
		hashes: make([]uint32, n), rarity: make([]float32, n), weights: make([]int8, n*kinds),
	}
	text := make([]byte, names)
	for _, part := range []any{text, m.scale, m.bias, m.hashes, m.rarity, m.weights} {
		if err := binary.Read(unpacker, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("read tone model: %w", err)
		}
	}
	m.kinds = strings.Split(string(text), "\n")
	if len(m.kinds) != int(kinds) || !slices.IsSorted(m.hashes) {
		return nil, errors.New("read tone model: the file contradicts itself")
	}
	return m, nil
}
