package nlp

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// A model file is: the magic line, the SHA-256 of all that follows, the length
// of a JSON header, the header, and a zstd frame with the numbers of all views
// in little-endian order.
const modelMagic = "QIANYI MODEL 1\n"

// maxModelBytes bounds what a model file may unpack to.
const maxModelBytes = 1 << 30

// modelHeader is the readable part of a model file.
type modelHeader struct {
	Card     Card             `json:"card"`
	Tasks    []task           `json:"tasks"`
	Features [sparseViews]int `json:"features"`
	// Dense is the number of dimensions of the background view.
	Dense int `json:"dense,omitempty"`
}

// errDamaged is the cause for every file that is not as it was written.
var errDamaged = errors.New("the model file is damaged or not a model file; copy it again or train it again with qianyi train")

// WriteTo writes the model to w.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	h := modelHeader{Card: m.Card, Tasks: m.tasks}
	for v := range m.views {
		h.Features[v] = m.views[v].features()
	}
	if len(m.dense) > 0 {
		h.Dense = len(m.dense[0])
	}
	header, err := json.Marshal(h)
	if err != nil {
		return 0, fmt.Errorf("write model: %w", err)
	}
	var body bytes.Buffer
	body.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(header))))
	body.Write(header)
	packer, err := zstd.NewWriter(&body, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return 0, fmt.Errorf("write model: %w", err)
	}
	for v := range m.views {
		if err := m.views[v].write(packer); err != nil {
			return 0, fmt.Errorf("write model: %w", err)
		}
	}
	for _, w := range m.dense {
		if err := binary.Write(packer, binary.LittleEndian, w); err != nil {
			return 0, fmt.Errorf("write model: %w", err)
		}
	}
	if err := packer.Close(); err != nil {
		return 0, fmt.Errorf("write model: %w", err)
	}
	sum := sha256.Sum256(body.Bytes())
	out := io.MultiReader(bytes.NewReader([]byte(modelMagic)), bytes.NewReader(sum[:]), &body)
	return io.Copy(w, out)
}

// ReadModel reads a model that WriteTo wrote. A damaged or foreign file is an
// error, never a wrong model.
func ReadModel(r io.Reader) (*Model, error) {
	all, err := io.ReadAll(io.LimitReader(r, maxModelBytes))
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	body, ok := bytes.CutPrefix(all, []byte(modelMagic))
	if !ok || len(body) < sha256.Size+4 {
		return nil, errDamaged
	}
	sum := [sha256.Size]byte(body[:sha256.Size])
	body = body[sha256.Size:]
	if sha256.Sum256(body) != sum {
		return nil, errDamaged
	}
	size := int(binary.LittleEndian.Uint32(body))
	body = body[4:]
	if size > len(body) {
		return nil, errDamaged
	}
	var h modelHeader
	if err := json.Unmarshal(body[:size], &h); err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	m, err := readViews(h, body[size:])
	if err != nil {
		return nil, err
	}
	m.sum = sum
	return m, nil
}

func readViews(h modelHeader, packed []byte) (*Model, error) {
	m := &Model{Card: h.Card, tasks: h.Tasks}
	unpacker, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderMaxMemory(maxModelBytes))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	defer unpacker.Close()
	for v := range m.views {
		if h.Features[v] < 0 || h.Features[v]*max(m.outputs(), 1) > maxModelBytes {
			return nil, errDamaged
		}
		if err := m.views[v].read(unpacker, h.Features[v], len(m.tasks), m.outputs()); err != nil {
			return nil, fmt.Errorf("%w: %w", errDamaged, err)
		}
	}
	if h.Dense < 0 || h.Dense*max(m.outputs(), 1) > maxModelBytes {
		return nil, errDamaged
	}
	if h.Dense > 0 {
		for range m.outputs() {
			w := make([]float32, h.Dense)
			if err := binary.Read(unpacker, binary.LittleEndian, w); err != nil {
				return nil, fmt.Errorf("%w: %w", errDamaged, err)
			}
			m.dense = append(m.dense, w)
		}
	}
	return m, nil
}

func (v *viewModel) write(w io.Writer) error {
	return errors.Join(
		binary.Write(w, binary.LittleEndian, v.vocabulary.hashes),
		binary.Write(w, binary.LittleEndian, v.scale),
		binary.Write(w, binary.LittleEndian, v.rows))
}

func (v *viewModel) read(r io.Reader, features, tasks, outputs int) error {
	hashes := make([]uint32, features)
	v.scale = make([]float32, outputs)
	v.rows = make([]int8, features*(1+tasks+outputs))
	for _, part := range []any{hashes, v.scale, v.rows} {
		if err := binary.Read(r, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	v.vocabulary = newVocabulary(hashes)
	return nil
}
