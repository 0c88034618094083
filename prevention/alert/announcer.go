package alert

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/time/rate"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Clusters reads what an alarm is about. An unknown cluster is CodeNotFound.
type Clusters interface {
	Cluster(ctx context.Context, id prevention.ClusterID) (prevention.Cluster, error)
}

// Deps is what an Announcer needs. Every field is required.
type Deps struct {
	Store    prevention.AnnouncementStore
	Clusters Clusters
	Channels []prevention.Channel
	Config   Config
	Zone     *time.Location
	Now      func() time.Time
	Log      *slog.Logger
}

// Announcer tells the quality team what waits to be told. One at a time may
// work on a store: two would tell the same twice.
type Announcer struct {
	d         Deps
	receivers map[string]*receiver
}

// receiver is a configured receiver with its way out.
type receiver struct {
	Receiver
	channel prevention.Channel
	limiter *rate.Limiter
}

// New checks the configuration.
func New(d Deps) (*Announcer, error) {
	if err := d.Config.Validate(d.Channels); err != nil {
		return nil, fmt.Errorf("alert: %w", err)
	}
	channels := make(map[string]prevention.Channel, len(d.Channels))
	for _, ch := range d.Channels {
		channels[ch.Name] = ch
	}
	a := &Announcer{d: d, receivers: make(map[string]*receiver, len(d.Config.Receivers))}
	for _, r := range d.Config.Receivers {
		ch := channels[r.Channel]
		a.receivers[r.Name] = &receiver{Receiver: r, channel: ch, limiter: rate.NewLimiter(rate.Limit(d.Config.PerMinute/60), 1)}
	}
	return a, nil
}

// Report counts what one Tick did with announcements.
type Report struct{ Told, Dropped, Deferred int }

// maxWaiting bounds how many announcements one Tick looks at.
const maxWaiting = 2000

// Tick tells what is due. A failure of one channel is no error: what it could
// not tell is tried again, or dropped with its reason. After an error of the
// store the next Tick goes on.
func (a *Announcer) Tick(ctx context.Context) (Report, error) {
	var report Report
	if err := a.fanOut(ctx, &report); err != nil {
		return report, err
	}
	waiting, err := a.d.Store.Waiting(ctx, maxWaiting)
	if err != nil {
		return report, fmt.Errorf("alert: read what waits: %w", err)
	}
	now := a.d.Now()
	silenced, err := a.d.Store.Silenced(ctx, now)
	if err != nil {
		return report, fmt.Errorf("alert: read silences: %w", err)
	}
	r := &run{Announcer: a, now: now, silenced: silenced, clusters: map[prevention.ClusterID]*subject{}, report: &report}
	for _, mine := range byReceiver(waiting) {
		if err := r.tell(ctx, mine); err != nil {
			return report, err
		}
	}
	return report, nil
}

// fanOut gives every receiver its own line of what is new, all in one
// transaction, so that each is told or tried again by itself.
func (a *Announcer) fanOut(ctx context.Context, report *Report) error {
	waiting, err := a.d.Store.Waiting(ctx, maxWaiting)
	if err != nil {
		return fmt.Errorf("alert: read what waits: %w", err)
	}
	var lines []prevention.Announcement
	for _, n := range waiting {
		if n.Receiver != "" {
			continue
		}
		id := n.ID
		for _, r := range a.d.Config.Receivers {
			if r.wants(n.Severity) {
				n.ID, n.Receiver = id, r.Name
				lines = append(lines, n)
				id = 0 // the store adds what has no id
			}
		}
		if n.Receiver == "" {
			n.Reason, n.NextAt = ReasonNoReceiver, time.Time{}
			lines = append(lines, n)
			report.Dropped++
		}
	}
	return a.settle(ctx, lines)
}

func (a *Announcer) settle(ctx context.Context, list []prevention.Announcement) error {
	if len(list) == 0 {
		return nil
	}
	if err := a.d.Store.SettleAnnouncements(ctx, list); err != nil {
		return fmt.Errorf("alert: store what became of %d announcements: %w", len(list), err)
	}
	return nil
}

// byReceiver parts announcements, receivers in order of their oldest one.
func byReceiver(waiting []prevention.Announcement) [][]prevention.Announcement {
	var parts [][]prevention.Announcement
	index := map[string]int{}
	for _, n := range waiting {
		if n.Receiver == "" {
			continue // came in since the fan-out
		}
		i, ok := index[n.Receiver]
		if !ok {
			i = len(parts)
			index[n.Receiver] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], n)
	}
	return parts
}

// subject is a cluster that news is about. Cluster is zero when it is gone.
type subject struct {
	cluster prevention.Cluster
	told    []prevention.Announcement
}

func (r *run) subject(ctx context.Context, id prevention.ClusterID) (*subject, error) {
	if s, ok := r.clusters[id]; ok {
		return s, nil
	}
	var s subject
	var err error
	if s.cluster, err = r.d.Clusters.Cluster(ctx, id); err != nil && triage.CodeOf(err) != triage.CodeNotFound {
		return nil, fmt.Errorf("alert: read cluster %s: %w", id, err)
	}
	if s.told, err = r.d.Store.Announced(ctx, id); err != nil {
		return nil, fmt.Errorf("alert: read what was told of %s: %w", id, err)
	}
	r.clusters[id] = &s
	return &s, nil
}

// closed says whether people have no more interest in alarms of the cluster.
func (s *subject) closed() bool {
	c := &s.cluster
	return c.ID == "" || c.MergedInto != "" || c.Stage == prevention.StageClosed || c.Stage == prevention.StageDismissed
}
