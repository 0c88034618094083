package campaign

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Names says what campaigns are called. It reads the register again when what
// it knows is older than a minute, and keeps what it knows while the register
// cannot be read. Safe for concurrent use.
type Names struct {
	source NameSource
	now    func() time.Time

	mu    sync.Mutex
	known map[string]string
	read  time.Time
}

// NameSource knows every campaign.
type NameSource interface {
	Campaigns(ctx context.Context) ([]triage.Campaign, error)
}

// How long names are believed, and how long reading them may take.
const (
	namesKept    = time.Minute
	namesTimeout = 2 * time.Second
)

// NewNames makes Names over a register.
func NewNames(source NameSource, now func() time.Time) *Names {
	return &Names{source: source, now: now}
}

// Name returns the name of a campaign, its id while that has none.
func (n *Names) Name(id string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if now := n.now(); n.read.IsZero() || now.Sub(n.read) >= namesKept {
		n.read = now
		n.refresh()
	}
	return cmp.Or(n.known[id], id)
}

func (n *Names) refresh() {
	ctx, stop := context.WithTimeout(context.Background(), namesTimeout) //nolint:forbidigo // all requests share what is read; none of them may end it
	defer stop()
	list, err := n.source.Campaigns(ctx)
	if err != nil {
		return
	}
	n.known = make(map[string]string, len(list))
	for i := range list {
		n.known[list[i].ID] = list[i].Name
	}
}
