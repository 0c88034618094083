package replay

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// refresh is how often the cohort of a cluster that grows is looked at anew.
	refresh = 24 * time.Hour
	// growth is the part by which a cohort must grow to be told again between.
	growth = 1.2
	// patience is the same for complainants of whom no rule was found.
	patience = 1.5
)

// cohorts follows the silent customers of every cluster.
type cohorts struct {
	sources cohort.Sources
	of      map[prevention.ClusterID]*following
	order   []prevention.ClusterID
}

// following is one cluster with the cohort that was told last.
type following struct {
	people   map[triage.CustomerID]time.Time // first complaint
	seen     int                             // people when last looked at
	looked   time.Time
	told     bool
	rule     prevention.Rule
	matched  int
	estimate prevention.Estimate
	over     bool
}

func newCohorts(in Input) *cohorts {
	memory := cohort.NewMemory(in.Exposures, in.Customers)
	return &cohorts{sources: cohort.Sources{Exposures: memory, Customers: memory}, of: map[prevention.ClusterID]*following{}}
}

// follow takes in a change and returns the cohort that is to be told after it.
func (c *cohorts) follow(ctx context.Context, change detect.Change) (*prevention.Cohort, error) {
	id := change.Cluster.ID
	f := c.of[id]
	if f == nil {
		f = &following{people: map[triage.CustomerID]time.Time{}}
		c.of[id] = f
		c.order = append(c.order, id)
	}
	for _, m := range change.Members {
		if at, known := f.people[m.Customer]; m.Customer != "" && (!known || m.At.Before(at)) {
			f.people[m.Customer] = m.At
		}
	}
	last := false
	switch change.Kind {
	case detect.Merged, detect.Resolved:
		last, f.over = true, true
	case detect.Raised, detect.Reopened, detect.Escalated:
		f.over, f.looked = false, time.Time{}
	case detect.Updated:
	}
	if change.Kind == detect.Merged {
		return nil, nil
	}
	return c.look(ctx, f, change.At, last)
}

// look finds the cohort of a cluster when it is time. Last tells it whatever
// changed since.
func (c *cohorts) look(ctx context.Context, f *following, at time.Time, last bool) (*prevention.Cohort, error) {
	people, aged := len(f.people), at.Sub(f.looked) >= refresh
	enough := growth
	if !f.told {
		enough = patience
	}
	grown := float64(people) >= enough*float64(max(f.seen, 1))
	switch {
	case f.told && last, grown, f.told && aged && people > f.seen:
	default:
		return nil, nil
	}
	f.looked, f.seen = at, people
	found, err := cohort.Find(ctx, c.sources, f.complainants(), cohort.Options{Now: at.Add(time.Nanosecond)})
	if err != nil || !found.Found {
		return nil, err
	}
	all, err := cohort.Select(ctx, c.sources, found.Rule, cohort.Exclusions{Complained: f.people}, at)
	if err != nil {
		return nil, err
	}
	changed := !f.told || !reflect.DeepEqual(f.rule, found.Rule)
	if !changed && !last && !aged && float64(all.Matched) < growth*float64(f.matched) {
		return nil, nil
	}
	f.told, f.rule, f.matched = true, found.Rule, all.Matched
	all.Reasons, all.Explained, all.Known = found.Evidence, found.Explained, found.Known
	f.estimate = cohort.Estimate(all)
	return &all, nil
}

// known returns what is known of a cluster whose cohort was told, else nil.
func (c *cohorts) known(id prevention.ClusterID) *following {
	if c == nil || c.of[id] == nil || !c.of[id].told {
		return nil
	}
	return c.of[id]
}

func (f *following) complainants() []cohort.Complainant {
	list := make([]cohort.Complainant, 0, len(f.people))
	for id, at := range f.people {
		list = append(list, cohort.Complainant{Customer: id, At: at})
	}
	slices.SortFunc(list, func(a, b cohort.Complainant) int {
		if n := a.At.Compare(b.At); n != 0 {
			return n
		}
		if a.Customer < b.Customer {
			return -1
		}
		return 1
	})
	return list
}
