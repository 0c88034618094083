package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/triage"
)

// schemaVersion is raised when fields or the card change: older indexes are
// then built again.
const schemaVersion = 1

// Options adjust an index.
type Options struct {
	// Zone says where days begin; nil means China Standard Time.
	Zone *time.Location
}

// Index finds cases. It is safe for concurrent use. One process at a time may
// hold a directory.
type Index struct {
	dir     string
	version string
	zone    *time.Location
	seg     *segment.Segmenter
	fresh   error
	scratch sync.Pool // *scratch

	// writing is held while the content changes, for one batch at a time.
	writing sync.Mutex
	builder builder

	// mu guards current against replacement and Close: those who use it hold
	// it for reading until they are done.
	mu      sync.RWMutex
	current *generation
	mark    atomic.Int64
}

// Open opens the index in dir, or makes an empty one when there is none, when
// it is damaged (the files are kept in dir/damaged until the next time) or when
// it was made with other words: Fresh then says so, and CatchUp fills it. The
// error is of CodeUnavailable when another process holds the directory or it
// cannot be written to.
func Open(dir string, seg *segment.Segmenter, opts Options) (*Index, error) {
	zone := opts.Zone
	if zone == nil {
		zone = time.FixedZone("CST", 8*60*60)
	}
	x := &Index{
		dir:     dir,
		version: fmt.Sprintf("%d/%s", schemaVersion, seg.Fingerprint()),
		zone:    zone,
		seg:     seg,
		builder: builder{terms: termReader{seg: seg}, zone: zone},
	}
	x.scratch.New = func() any { return &scratch{terms: termReader{seg: seg}} }
	if err := x.open(); err != nil {
		return nil, unavailable(err, "search index %s", dir)
	}
	mark, err := x.current.checkpoint()
	if err != nil {
		return nil, unavailable(errors.Join(err, x.current.Close()), "search index %s: read the checkpoint", dir)
	}
	x.mark.Store(mark)
	return x, nil
}

// Fresh returns why Open made an empty index; nil when it found a good one.
func (x *Index) Fresh() error { return x.fresh }

// Checkpoint returns the number of the last change in the index. Every change
// up to it is in the index.
func (x *Index) Checkpoint() int64 { return x.mark.Load() }

// Close releases the directory after the queries under way have ended. Later
// calls of any method return CodeUnavailable; a second Close does nothing.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.current == nil {
		return nil
	}
	g := x.current
	x.current = nil
	return g.Close()
}

const (
	prefixGeneration = "generation-"
	nameBuilding     = "building"
	nameDamaged      = "damaged"
)

// open sets current. Nothing is removed before the lock of the newest
// generation is held.
func (x *Index) open() error {
	if err := os.MkdirAll(x.dir, 0o700); err != nil {
		return err
	}
	newest, err := x.newestGeneration()
	if err != nil {
		return err
	}
	if newest == 0 {
		x.fresh = errors.New("there was no index")
		return x.create(1)
	}
	path := x.generationPath(newest)
	g, err := openGeneration(path, x.version)
	switch {
	case err == nil:
		x.current = g
		x.sweep(newest)
		return nil
	case errors.Is(err, errLocked):
		return err
	}
	x.fresh = err
	damaged := filepath.Join(x.dir, nameDamaged)
	if err := os.RemoveAll(damaged); err != nil {
		return err
	}
	if err := os.Rename(path, damaged); err != nil {
		return fmt.Errorf("move the damaged index aside: %w", err)
	}
	return x.create(newest + 1)
}

func (x *Index) create(number int) error {
	g, err := createGeneration(x.generationPath(number), x.version)
	if err != nil {
		return err
	}
	x.current = g
	x.sweep(number)
	return nil
}

func (x *Index) generationPath(number int) string {
	return filepath.Join(x.dir, fmt.Sprintf("%s%06d", prefixGeneration, number))
}

// newestGeneration returns the highest number of a generation, 0 for none.
func (x *Index) newestGeneration() (int, error) {
	found, err := x.generations()
	newest := 0
	for number := range found {
		newest = max(newest, number)
	}
	return newest, err
}

// generations returns the directories of the generations by number.
func (x *Index) generations() (map[int]string, error) {
	entries, err := os.ReadDir(x.dir)
	found := make(map[int]string)
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), prefixGeneration)
		if number, err := strconv.Atoi(digits); ok && err == nil && number > 0 {
			found[number] = filepath.Join(x.dir, e.Name())
		}
	}
	return found, err
}

// sweep removes what earlier runs left behind. What cannot be removed now is
// removed by the next Open; it takes only space.
func (x *Index) sweep(keep int) {
	_ = os.RemoveAll(filepath.Join(x.dir, nameBuilding))
	found, _ := x.generations()
	for number, path := range found {
		if number != keep {
			_ = os.RemoveAll(path)
		}
	}
}

// use calls f with the current generation, which stays open meanwhile. A
// failure of the index, even a panic on damaged data, becomes CodeUnavailable.
func (x *Index) use(f func(*generation) error) (err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.current == nil {
		return triage.Errorf(triage.CodeUnavailable, "search index %s is closed", x.dir)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
		if err != nil {
			err = unavailable(err, "search index %s", x.dir)
		}
	}()
	return f(x.current)
}

// unavailable gives an error a code, unless it has one or is a cancellation.
func unavailable(err error, format string, args ...any) error {
	if coded := (*triage.Error)(nil); errors.As(err, &coded) || isCancelled(err) {
		return err
	}
	e := triage.Errorf(triage.CodeUnavailable, format, args...)
	e.Err = err
	return e
}
