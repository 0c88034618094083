package nlp

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// A model file is: the magic line, the SHA-256 of all that follows, the length
// of a JSON header, the header, and a zstd frame with the numbers of all views
// in little-endian order.
const modelMagic = "QIANYI MODEL 1\n"

// maxModelBytes bounds a model file and what it unpacks to: many times the
// shipped model.
const maxModelBytes = 1 << 28

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

// WriteTo writes the model to w. A model that was renamed keeps its new labels.
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
	size := uint64(binary.LittleEndian.Uint32(body))
	body = body[4:]
	if size > uint64(len(body)) {
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

// readViews makes a model of a header and the packed numbers behind it.
func readViews(h modelHeader, packed []byte) (*Model, error) {
	size, err := h.size()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	unpacker, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderMaxMemory(maxModelBytes))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	defer unpacker.Close()
	// Memory follows what is really there, not what the header claims.
	numbers := bytes.NewBuffer(make([]byte, 0, min(size, 8*int64(len(packed)))+bytes.MinRead))
	if _, err := numbers.ReadFrom(io.LimitReader(unpacker, size+1)); err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if int64(numbers.Len()) != size {
		return nil, fmt.Errorf("%w: the header announces %d bytes of numbers, the file has others", errDamaged, size)
	}
	m := &Model{Card: h.Card, tasks: h.Tasks}
	for v := range m.views {
		if err := m.views[v].read(numbers, h.Features[v], len(m.tasks), m.outputs()); err != nil {
			return nil, fmt.Errorf("%w: %w", errDamaged, err)
		}
	}
	if h.Dense == 0 {
		return m, nil
	}
	m.dense = make([][]float32, m.outputs())
	for o := range m.dense {
		m.dense[o] = make([]float32, h.Dense)
		if err := binary.Read(numbers, binary.LittleEndian, m.dense[o]); err != nil {
			return nil, fmt.Errorf("%w: %w", errDamaged, err)
		}
	}
	return m, nil
}

// size checks the header and returns how many bytes of numbers it announces.
func (h *modelHeader) size() (int64, error) {
	const most = maxModelBytes / 4 // of anything that is counted
	outputs := int64(0)
	for _, t := range h.Tasks {
		if err := t.check(); err != nil {
			return 0, fmt.Errorf("task %q %w", t.Name, err)
		}
		outputs += int64(len(t.Labels))
	}
	if h.Dense < 0 || h.Dense > most || (h.Dense > 0) != (h.Card.Background != "") {
		return 0, fmt.Errorf("a background %q of %d dimensions", h.Card.Background, h.Dense)
	}
	size := 4 * outputs * int64(h.Dense)
	row := 4 + 1 + int64(len(h.Tasks)) + outputs // hash, idf, gains, weights
	for _, n := range h.Features {
		if n < 0 || n > most {
			return 0, fmt.Errorf("%d features", n)
		}
		size += 4*outputs + int64(n)*row
	}
	if outputs > most || size > maxModelBytes {
		return 0, fmt.Errorf("%d bytes are more than a model has", size)
	}
	return size, nil
}

// check says what is wrong with a task that was read.
func (t *task) check() error {
	if len(t.Labels) == 0 || slices.Contains(t.Labels, "") || len(t.Support) != len(t.Labels) {
		return fmt.Errorf("has the labels %q with %d counts", t.Labels, len(t.Support))
	}
	for _, temperature := range append(t.Temperature[:], t.Final) {
		if temperature <= 0 {
			return fmt.Errorf("has the temperature %g", temperature)
		}
	}
	return nil
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
