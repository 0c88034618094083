package channel

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// FileConfig is a file that is handed over to people or another system.
type FileConfig struct {
	Path string `yaml:"path"`
	// Format is csv (default; UTF-8 with a byte order mark, for spreadsheets) or
	// jsonl.
	Format string `yaml:"format"`
	// Address is what the column of the receiver holds: customer (default),
	// phone or email.
	Address prevention.Address `yaml:"address"`
}

// File appends one line for each message. It is idempotent by key, also after
// a restart, because the keys are read from the file when it is opened; the
// memory it takes grows with them. One process at a time may have the file
// open. It is safe for concurrent use.
type File struct {
	address prevention.Address
	format  lineFormat
	now     func() time.Time

	mu   sync.Mutex
	file *os.File
	size int64
	keys map[string]struct{}
	// broken is set when it is not known what reached the disk; only opening the
	// file again, which reads it, can tell.
	broken error
}

// lineFormat writes and reads the lines of a file.
type lineFormat interface {
	// head is what an empty file begins with.
	head() []byte
	line(m prevention.Message, at time.Time) ([]byte, error)
	// scan returns the keys of the complete lines and where these end. An error
	// is a file that is not of this format.
	scan(data []byte) (keys []string, end int64, err error)
}

const formatCSV = "csv"

var lineFormats = map[string]lineFormat{formatCSV: csvLines{}, "jsonl": jsonLines{}}

func (c *FileConfig) validate() error {
	switch {
	case lineFormats[cmp.Or(c.Format, formatCSV)] == nil:
		return triage.FieldErrorf("format", "%q is unknown; use csv or jsonl", c.Format)
	case c.Path == "":
		return triage.FieldErrorf("path", "is empty; name a file")
	case c.Address != "" && !slices.Contains(addresses, c.Address):
		return triage.FieldErrorf("address", "%q is unknown; use phone, email or customer", c.Address)
	}
	return nil
}

// OpenFile opens or makes the file, readable by its owner only. A last line
// that a crash has torn is removed: its message was not acknowledged. An error
// about the configuration or the content is a *triage.Error that names the
// field.
func OpenFile(config FileConfig, now func() time.Time) (*File, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	f := &File{address: cmp.Or(config.Address, prevention.AddressCustomer), format: lineFormats[cmp.Or(config.Format, formatCSV)], now: now, keys: map[string]struct{}{}}
	var err error
	if f.file, err = os.OpenFile(config.Path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600); err != nil {
		return nil, &triage.Error{Code: triage.CodeUnavailable, Field: "path", Message: "cannot be opened", Err: err}
	}
	if err := f.recover(config.Path); err != nil {
		return nil, errors.Join(err, f.file.Close())
	}
	return f, nil
}

// recover reads the keys, removes a torn end and writes the head.
func (f *File) recover(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read hand-over file: %w", err)
	}
	keys, end, err := f.format.scan(data)
	if err != nil {
		return &triage.Error{Code: triage.CodeInvalid, Field: "path", Message: path + " cannot be continued; move it away", Err: err}
	}
	for _, k := range keys {
		f.keys[k] = struct{}{}
	}
	f.size = end
	if end < int64(len(data)) {
		if err := f.file.Truncate(end); err != nil {
			return fmt.Errorf("remove the torn end of %s: %w", path, err)
		}
	}
	if end == 0 {
		if err := f.append(f.format.head()); err != nil {
			return fmt.Errorf("begin %s: %w", path, err)
		}
	}
	if err := f.file.Sync(); err != nil {
		return fmt.Errorf("flush %s: %w", path, err)
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes the name of a new file durable.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // cannot flush folders
	}
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("flush folder: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("flush folder: %w", err)
	}
	return nil
}

// Send appends the message and returns when it is on the disk; a message whose
// key is in the file is not written again.
func (f *File) Send(ctx context.Context, m prevention.Message) (prevention.Receipt, error) {
	if err := checkMessage(m, true); err != nil {
		return prevention.Receipt{}, err
	}
	if err := ctx.Err(); err != nil {
		return prevention.Receipt{}, failf(prevention.OutcomeRetry, "hand-over file: %w", err)
	}
	line, err := f.format.line(m, f.now())
	if err != nil {
		return prevention.Receipt{}, failf(prevention.OutcomeRejected, "hand-over file: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.keys[m.Key]; known {
		return prevention.Receipt{}, nil
	}
	if f.broken != nil {
		return prevention.Receipt{}, failf(prevention.OutcomeRetry, "hand-over file must be opened again after: %w", f.broken)
	}
	if err := f.append(line); err != nil {
		return prevention.Receipt{}, failf(prevention.OutcomeRetry, "hand-over file: %w", err)
	}
	// After a failed flush the system may have thrown the pages away, and the
	// next flush would say nothing of it.
	if err := f.file.Sync(); err != nil {
		f.broken = err
		return prevention.Receipt{}, failf(prevention.OutcomeUnknown, "flush hand-over file: %w", err)
	}
	f.keys[m.Key] = struct{}{}
	return prevention.Receipt{}, nil
}

// append writes whole lines or nothing.
func (f *File) append(data []byte) error {
	n, err := f.file.Write(data)
	if err == nil {
		f.size += int64(n)
		return nil
	}
	if undo := f.file.Truncate(f.size); undo != nil {
		f.broken = undo
	}
	return err
}

// Close closes the file; Send fails from then on.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broken = os.ErrClosed
	return f.file.Close()
}
