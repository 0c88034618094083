package console

import (
	"cmp"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// busyFor is how long a person counts as working on a case after the last sign
// of it.
const busyFor = 45 * time.Second

// presence knows who looks at which case now. It lives in memory: of several
// processes behind one address each knows its own readers.
type presence struct {
	mu    sync.Mutex
	cases map[triage.ComplaintID]map[string]*reader
}

// reader is one person at one case.
type reader struct {
	pages int // how many pages of the case are open
	busy  time.Time
}

// person is somebody else at a case, as the page is told.
type person struct {
	Name string `json:"name"`
	// Busy is set while the person is filling in a form.
	Busy bool `json:"busy"`
}

func newPresence() *presence {
	return &presence{cases: map[triage.ComplaintID]map[string]*reader{}}
}

// enter notes that a person has opened the case; leave undoes it.
func (p *presence) enter(id triage.ComplaintID, name string) (leave func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	readers := p.cases[id]
	if readers == nil {
		readers = map[string]*reader{}
		p.cases[id] = readers
	}
	if readers[name] == nil {
		readers[name] = &reader{}
	}
	readers[name].pages++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if readers[name].pages--; readers[name].pages > 0 {
			return
		}
		if delete(readers, name); len(readers) == 0 {
			delete(p.cases, id)
		}
	}
}

// work notes that a person who has the case open is filling in a form.
func (p *presence) work(id triage.ComplaintID, name string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.cases[id][name]; r != nil {
		r.busy = now
	}
}

// others are the people at the case but the one who asks, by name.
func (p *presence) others(id triage.ComplaintID, name string, now time.Time) []person {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := []person{}
	for other, r := range p.cases[id] {
		if other != name {
			all = append(all, person{Name: other, Busy: !r.busy.IsZero() && now.Sub(r.busy) < busyFor})
		}
	}
	slices.SortFunc(all, func(a, b person) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// watchCase streams who else is in the case and whether it has changed since
// the page was made. While the stream is open its reader counts as present.
func (c *Console) watchCase(v *visit) error {
	id := v.caseID()
	k, err := c.visibleCase(v, id)
	if err != nil {
		return err
	}
	defer c.present.enter(k.ID, v.user.Name)()
	shown, told := k.Work.Version, []person(nil)
	return c.stream(v, func(s *eventStream) error {
		others := c.present.others(k.ID, v.user.Name, c.d.Now())
		if told == nil || !slices.Equal(others, told) {
			if err := s.send("present", others); err != nil {
				return err
			}
			told = others
		}
		k, err := c.d.Cases.Case(v.r.Context(), k.ID)
		if err != nil {
			return err
		}
		if k.Work.Version == shown {
			return nil
		}
		shown = k.Work.Version
		return s.send("changed", map[string]string{"status": v.lang.label("status", k.Status)})
	})
}

// beatPresence is the page's word that its reader is filling in a form.
func (c *Console) beatPresence(v *visit) error {
	k, err := c.visibleCase(v, v.caseID())
	if err != nil {
		return err
	}
	c.present.work(k.ID, v.user.Name, c.d.Now())
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}
