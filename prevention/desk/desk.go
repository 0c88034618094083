package desk

import (
	"context"
	"encoding/json"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Cohorts finds the customers under a cluster.
type Cohorts interface {
	// Select returns everybody whom the rule matches by now, minus those who must
	// not be told about the cluster.
	Select(ctx context.Context, id prevention.ClusterID, rule prevention.Rule, now time.Time) (prevention.Cohort, error)
	// Validate refuses a rule that means nothing, naming the field.
	Validate(rule prevention.Rule) error
}

// Deps is what a Service is made of; all are needed.
type Deps struct {
	Clusters prevention.ClusterStore
	Members  prevention.MembershipStore
	Actions  prevention.ActionStore
	Alarms   prevention.AnnouncementStore
	Audit    triage.AuditStore
	Cohorts  Cohorts
	Zone     *time.Location
	Now      func() time.Time
}

// Service is the desk. It is safe for concurrent use.
type Service struct{ d Deps }

// New makes a Service.
func New(d Deps) *Service { return &Service{d: d} }

// Clusters lists clusters, latest alarm first.
func (s *Service) Clusters(ctx context.Context, f prevention.ClusterFilter) (prevention.ClusterPage, error) {
	return s.d.Clusters.Clusters(ctx, f)
}

// Cluster returns one cluster.
func (s *Service) Cluster(ctx context.Context, id prevention.ClusterID) (prevention.Cluster, error) {
	return s.d.Clusters.Cluster(ctx, id)
}

// Members returns all complaints of a cluster, latest first. One that was merged
// has none.
func (s *Service) Members(ctx context.Context, id prevention.ClusterID) ([]prevention.Member, error) {
	if _, err := s.d.Clusters.Cluster(ctx, id); err != nil {
		return nil, err
	}
	return s.d.Clusters.Members(ctx, id)
}

// View is everything that a cluster's page shows.
type View struct {
	Cluster prevention.Cluster
	// Members are all complaints, latest first.
	Members []prevention.Member
	Series  []Point
	Actions []prevention.Action
	Notes   []prevention.Note
	Trail   []triage.AuditEntry
	// Announced is what the team was told, latest first.
	Announced []prevention.Announcement
	// Silenced is until when the team is not alarmed; zero is not silenced.
	Silenced time.Time
}

// View returns a cluster with all that belongs to it.
func (s *Service) View(ctx context.Context, id prevention.ClusterID) (View, error) {
	c, err := s.d.Clusters.Cluster(ctx, id)
	if err != nil {
		return View{}, err
	}
	v := View{Cluster: c}
	if v.Members, err = s.d.Clusters.Members(ctx, id); err != nil {
		return View{}, err
	}
	if v.Series, err = s.series(ctx, &c); err != nil {
		return View{}, err
	}
	if v.Actions, err = s.d.Actions.Actions(ctx, id); err != nil {
		return View{}, err
	}
	if v.Notes, err = s.d.Actions.Notes(ctx, id); err != nil {
		return View{}, err
	}
	if v.Trail, err = s.d.Audit.Trail(ctx, prevention.ClusterObject(id)); err != nil {
		return View{}, err
	}
	if v.Announced, err = s.d.Alarms.Announced(ctx, id); err != nil {
		return View{}, err
	}
	silenced, err := s.d.Alarms.Silenced(ctx, s.d.Now())
	v.Silenced = silenced[id]
	return v, err
}

// Cohort returns the silent customers under a cluster by its own rule, or by
// another one that a person tries out. A cluster without a rule has an empty
// cohort. One that was merged is CodeConflict: by its own members, customers who
// complained would seem silent.
func (s *Service) Cohort(ctx context.Context, id prevention.ClusterID, try *prevention.Rule) (prevention.Cohort, error) {
	c, err := s.standing(ctx, id)
	if err != nil {
		return prevention.Cohort{}, err
	}
	rule := try
	if rule == nil {
		rule = c.Rule
	}
	if rule == nil {
		return prevention.Cohort{}, nil
	}
	if err := s.d.Cohorts.Validate(*rule); err != nil {
		return prevention.Cohort{}, err
	}
	return s.d.Cohorts.Select(ctx, id, *rule, s.d.Now())
}

// Silence keeps alarms about a cluster from the team until a time; zero ends it.
func (s *Service) Silence(ctx context.Context, id prevention.ClusterID, until time.Time, by string) error {
	if !until.IsZero() && !until.After(s.d.Now()) {
		return triage.FieldErrorf("until", "%s is over", until.Format(time.DateTime))
	}
	if _, err := s.standing(ctx, id); err != nil {
		return err
	}
	detail := map[string]string{"until": ""}
	if !until.IsZero() {
		detail["until"] = until.In(s.d.Zone).Format(time.RFC3339)
	}
	return s.d.Alarms.Silence(ctx, id, until, s.entry(id, by, "cluster.silence", detail))
}

// standing returns a cluster on which people may work. One that was merged is
// CodeConflict and names the one that took it in.
func (s *Service) standing(ctx context.Context, id prevention.ClusterID) (prevention.Cluster, error) {
	c, err := s.d.Clusters.Cluster(ctx, id)
	if err == nil && c.MergedInto != "" {
		err = triage.Errorf(triage.CodeConflict, "cluster %s was merged into %s: work on that one", id, c.MergedInto)
	}
	return c, err
}

func (s *Service) entry(id prevention.ClusterID, by, action string, detail map[string]string) triage.AuditEntry {
	e := triage.AuditEntry{At: s.d.Now(), Actor: by, Action: action, Object: prevention.ClusterObject(id)}
	if len(detail) > 0 {
		if text, err := json.Marshal(detail); err == nil {
			e.Detail = string(text)
		}
	}
	return e
}
