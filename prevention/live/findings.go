package live

import (
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
)

// fresh is how old a complaint may be for people to be alarmed about what it
// raises; older ones are history that came in late.
const fresh = 48 * time.Hour

// findings gathers the changes of one batch.
type findings struct {
	now time.Time
	// historic are the clusters, of this batch and before, of which nobody was
	// alarmed.
	historic  map[prevention.ClusterID]bool
	clusters  map[prevention.ClusterID]prevention.Cluster
	members   map[prevention.ClusterID][]prevention.Member
	stages    map[prevention.ClusterID]prevention.Stage
	announced []prevention.Announcement
	raised    int
}

func newFindings(now time.Time, historic map[prevention.ClusterID]bool) *findings {
	return &findings{
		now: now, historic: historic,
		clusters: map[prevention.ClusterID]prevention.Cluster{},
		members:  map[prevention.ClusterID][]prevention.Member{},
		stages:   map[prevention.ClusterID]prevention.Stage{},
	}
}

// announceAs says which changes people hear of.
var announceAs = map[detect.ChangeKind]prevention.AnnouncementKind{
	detect.Raised:    prevention.AnnounceRaised,
	detect.Escalated: prevention.AnnounceEscalated,
	detect.Reopened:  prevention.AnnounceReopened,
	detect.Resolved:  prevention.AnnounceResolved,
}

func (f *findings) add(change detect.Change) {
	c := change.Cluster
	late := change.At.Before(f.now.Add(-fresh))
	switch change.Kind {
	case detect.Raised:
		f.raised++
		f.historic[c.ID] = late
	case detect.Reopened, detect.Escalated:
		if !late {
			f.stages[c.ID] = prevention.StageCandidate
			f.historic[c.ID] = false
		}
	case detect.Resolved:
		f.stages[c.ID] = prevention.StageClosed
	case detect.Merged:
		c.MergedInto = change.Into
	}
	f.keep(c, change.Kind == detect.Raised)
	if len(change.Members) > 0 {
		f.members[c.ID] = append(f.members[c.ID], change.Members...)
	}
	if kind, told := announceAs[change.Kind]; told && !late && !f.historic[c.ID] {
		f.announced = append(f.announced, prevention.Announcement{Cluster: c.ID, Kind: kind, At: change.At, Severity: c.Alarm.Severity})
	}
}

// keep remembers a cluster as it is now. One that was raised in this batch
// begins its life now: as a candidate, or closed when it is history.
func (f *findings) keep(c prevention.Cluster, raised bool) {
	c.Historic = f.historic[c.ID]
	if old, known := f.clusters[c.ID]; raised {
		c.Stage, c.CreatedAt, c.StageAt = prevention.StageCandidate, f.now, f.now
		if c.Historic {
			c.Stage = prevention.StageClosed
		}
	} else if known {
		c.Stage, c.CreatedAt = old.Stage, old.CreatedAt
	}
	f.clusters[c.ID] = c
}

func (f *findings) all(at prevention.Progress) prevention.Found {
	clusters := make([]prevention.Cluster, 0, len(f.clusters))
	for _, id := range slices.Sorted(maps.Keys(f.clusters)) {
		clusters = append(clusters, f.clusters[id])
	}
	return prevention.Found{Progress: at, Clusters: clusters, Members: f.members, Stages: f.stages, Announcements: f.announced}
}
