package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// The keys of the index's own records. Bleve writes them in one step with the
// documents of a batch.
var (
	keyCheckpoint = []byte("qianyi.checkpoint")
	keyVersion    = []byte("qianyi.version")
)

// lockTimeout is how long to wait for another process that holds the index.
const lockTimeout = "1s"

// generation is one Bleve index on disk, from its making to its replacement.
type generation struct {
	bleve.Index
	weights atomic.Pointer[weights]
}

func createGeneration(path, version string) (*generation, error) {
	m := bleve.NewIndexMapping()
	m.ScoringModel = index.BM25Scoring
	idx, err := bleve.NewUsing(path, m, scorch.Name, scorch.Name, map[string]any{"bolt_timeout": lockTimeout})
	if err != nil {
		return nil, fmt.Errorf("create: %w", err)
	}
	g := &generation{Index: idx}
	err = idx.SetInternal(keyVersion, []byte(version))
	if err == nil {
		err = g.refreshWeights()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("create: %w", err), idx.Close())
	}
	return g, nil
}

// openGeneration opens and checks an index. The error is errLocked, errVersion
// or means damage.
func openGeneration(path, version string) (g *generation, err error) {
	// A damaged file can make Bleve reach beyond its end.
	defer func() {
		if p := recover(); p != nil {
			g, err = nil, fmt.Errorf("open: %v", p)
		}
	}()
	idx, err := bleve.OpenUsing(path, map[string]any{"bolt_timeout": lockTimeout})
	switch {
	case err != nil && strings.HasSuffix(err.Error(), "timeout"):
		// bbolt's ErrTimeout, which Bleve does not wrap in a type of its own.
		return nil, errLocked
	case err != nil:
		return nil, fmt.Errorf("open: %w", err)
	}
	g = &generation{Index: idx}
	if err = g.verify(version); err == nil {
		err = g.refreshWeights()
	}
	if err != nil {
		return nil, errors.Join(err, idx.Close())
	}
	return g, nil
}

var (
	errLocked  = errors.New("another process holds it; stop that one first")
	errVersion = errors.New("it was made with other words or by another version")
)

func (g *generation) verify(version string) error {
	got, err := g.GetInternal(keyVersion)
	if err != nil {
		return fmt.Errorf("read the version: %w", err)
	}
	if string(got) != version {
		return errVersion
	}
	return g.view(func(s *scorch.IndexSnapshot) error {
		for _, segment := range s.Segments() {
			if file, ok := segment.Segment().(interface{ Path() string }); ok {
				if err := verifyChecksum(file.Path()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// verifyChecksum compares the last four bytes of a segment file with the sum
// of those before. Bleve writes the sum but does not read it, and a damaged
// segment would answer wrongly, or fail, at some later query.
func verifyChecksum(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	sum, want := crc32.NewIEEE(), uint32(0)
	if _, err := io.CopyN(sum, f, info.Size()-crc32.Size); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := binary.Read(f, binary.BigEndian, &want); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if want != sum.Sum32() {
		return fmt.Errorf("%s: checksum mismatch", path)
	}
	return nil
}

// view calls f with a snapshot that stays valid while f runs.
func (g *generation) view(f func(*scorch.IndexSnapshot) error) (err error) {
	idx, err := g.Advanced()
	if err != nil {
		return err
	}
	r, err := idx.Reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	s, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return fmt.Errorf("index of the kind %T, want scorch", r)
	}
	return f(s)
}

func (g *generation) refreshWeights() error {
	return g.view(func(s *scorch.IndexSnapshot) error {
		w, err := readWeights(s)
		if err == nil {
			g.weights.Store(w)
		}
		return err
	})
}

func (g *generation) checkpoint() (int64, error) {
	b, err := g.GetInternal(keyCheckpoint)
	if err != nil || len(b) != 8 {
		return 0, err
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}
