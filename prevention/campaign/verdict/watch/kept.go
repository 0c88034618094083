package watch

import (
	"context"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
)

// keptFor is how long counts over all customers of a campaign are good for. Those
// of running campaigns are renewed every hour: see Refresh.
const keptFor = 2 * time.Hour

// kept has the latest answer for each campaign. It is safe for concurrent use.
type kept[T any] struct {
	mu sync.Mutex
	at map[string]aged[T]
}

type aged[T any] struct {
	value T
	read  time.Time
}

// get returns the kept answer, or renews it when there is none or it is old.
func (k *kept[T]) get(id string, now time.Time, read func() (T, error)) (T, error) {
	k.mu.Lock()
	last, known := k.at[id]
	k.mu.Unlock()
	if age := now.Sub(last.read); known && age >= 0 && age < keptFor {
		return last.value, nil
	}
	return k.renew(id, now, read)
}

// renew reads the answer.
func (k *kept[T]) renew(id string, now time.Time, read func() (T, error)) (T, error) {
	value, err := read()
	if err != nil {
		return value, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.at == nil {
		k.at = map[string]aged[T]{}
	}
	k.at[id] = aged[T]{value, now}
	return value, nil
}

// departures counts the customers who opted out.
func (d *Desk) departures(ctx context.Context, id string) (card.Departures, error) {
	return d.left.get(id, d.d.Now(), func() (card.Departures, error) { return d.d.People.Departures(ctx, id) })
}

// complainers are the customers who complained, with the segments that reached
// them.
func (d *Desk) complainers(ctx context.Context, id string) ([]Complainer, error) {
	return d.hurt.get(id, d.d.Now(), func() ([]Complainer, error) { return d.d.People.Complainers(ctx, id) })
}

// Refresh reads anew what is counted over all customers of the running campaigns,
// so that neither their pages nor their signals rest on old counts, and no page
// waits for them.
func (d *Desk) Refresh(ctx context.Context) error {
	list, err := d.d.Register.List(ctx, campaign.Filter{State: campaign.Running, Now: d.d.Now()})
	if err != nil {
		return err
	}
	for i := range list {
		id, now := list[i].ID, d.d.Now()
		if _, err := d.left.renew(id, now, func() (card.Departures, error) { return d.d.People.Departures(ctx, id) }); err != nil {
			return err
		}
		if _, err := d.hurt.renew(id, now, func() ([]Complainer, error) { return d.d.People.Complainers(ctx, id) }); err != nil {
			return err
		}
	}
	return nil
}
