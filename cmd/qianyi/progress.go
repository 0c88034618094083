package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// meter shows progress to a person at a terminal and nothing to anyone else.
type meter struct{ bar *progressbar.ProgressBar }

// newMeter starts a bar of total steps; with total <= 0 it only counts. bytes
// says that steps are bytes.
func newMeter(s *streams, label string, total int64, bytes bool) *meter {
	if !s.onTerminal() {
		return &meter{}
	}
	if total <= 0 {
		total = -1
	}
	return &meter{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(s.err),
		progressbar.OptionSetDescription(label),
		progressbar.OptionShowBytes(bytes),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)}
}

// set moves the bar to n steps. A terminal that cannot be written to is no
// reason to stop the work.
func (m *meter) set(n int64) {
	if m.bar != nil {
		_ = m.bar.Set64(n)
	}
}

// resize tells the bar how many steps there are, once that is known.
func (m *meter) resize(total int64) {
	if m.bar != nil {
		m.bar.ChangeMax64(total)
	}
}

// done removes the bar.
func (m *meter) done() {
	if m.bar != nil {
		_ = m.bar.Finish()
	}
}
