package watch

import (
	"context"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
)

// departuresLast is how long a count of departures is good for: it reads all
// customers, and they do not leave by the minute.
const departuresLast = time.Hour

// departures keeps the latest counts.
type departures struct {
	mu sync.Mutex
	at map[string]departed
}

type departed struct {
	card.Departures
	read time.Time
}

// departures counts the customers who opted out; the answer may be an hour old.
func (d *Desk) departures(ctx context.Context, id string) (card.Departures, error) {
	now := d.d.Now()
	d.left.mu.Lock()
	kept, known := d.left.at[id]
	d.left.mu.Unlock()
	if known && now.Sub(kept.read) < departuresLast {
		return kept.Departures, nil
	}
	counted, err := d.d.People.Departures(ctx, id)
	if err != nil {
		return counted, err
	}
	d.left.mu.Lock()
	defer d.left.mu.Unlock()
	d.left.at[id] = departed{counted, now}
	return counted, nil
}
