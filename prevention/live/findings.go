package live

import (
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
)

// findings gathers the changes of one batch.
type findings struct {
	clusters  map[prevention.ClusterID]prevention.Cluster
	members   map[prevention.ClusterID][]prevention.Member
	stages    map[prevention.ClusterID]prevention.Stage
	announced []prevention.Announcement
	raised    int
}

func newFindings() *findings {
	return &findings{
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

func (f *findings) add(change detect.Change, now time.Time) {
	c := change.Cluster
	if old, known := f.clusters[c.ID]; known {
		c.Historic = c.Historic || old.Historic
	}
	late := change.At.Before(now.Add(-fresh))
	switch change.Kind {
	case detect.Raised:
		f.raised++
		c.Historic, c.Stage, c.CreatedAt, c.StageAt = late, prevention.StageCandidate, now, now
		if late {
			c.Stage = prevention.StageClosed
		}
	case detect.Reopened, detect.Escalated:
		if !late {
			f.stages[c.ID] = prevention.StageCandidate
		}
	case detect.Resolved:
		f.stages[c.ID] = prevention.StageClosed
	case detect.Merged:
		c.MergedInto = change.Into
	}
	f.clusters[c.ID] = c
	f.members[c.ID] = append(f.members[c.ID], change.Members...)
	if kind, told := announceAs[change.Kind]; told && !late {
		f.announced = append(f.announced, prevention.Announcement{Cluster: c.ID, Kind: kind, At: change.At, Severity: c.Alarm.Severity})
	}
}

func (f *findings) all(at prevention.Progress) prevention.Found {
	clusters := make([]prevention.Cluster, 0, len(f.clusters))
	for _, id := range slices.Sorted(maps.Keys(f.clusters)) {
		clusters = append(clusters, f.clusters[id])
	}
	return prevention.Found{Progress: at, Clusters: clusters, Members: f.members, Stages: f.stages, Announcements: f.announced}
}
