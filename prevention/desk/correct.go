package desk

import (
	"context"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// maxCorrected bounds the complaints of one correction.
const maxCorrected = 10_000

// Move takes complaints out of a cluster and puts them into another; target ""
// is none. It holds for ever.
func (s *Service) Move(ctx context.Context, from, target prevention.ClusterID, complaints []triage.ComplaintID, by string) error {
	if from == target {
		return triage.FieldErrorf("target", "the complaints are in %s already", target)
	}
	_, err := s.correctSome(ctx, prevention.Correction{Kind: prevention.CorrectMove, Cluster: from, Target: target, Complaints: complaints, By: by})
	return err
}

// Split makes a new cluster of some members, named like the old one unless it
// has a title of its own. The machine never joins the two again.
func (s *Service) Split(ctx context.Context, from prevention.ClusterID, complaints []triage.ComplaintID, title, by string) (prevention.ClusterID, error) {
	return s.correctSome(ctx, prevention.Correction{Kind: prevention.CorrectSplit, Cluster: from, Complaints: complaints, Title: title, By: by})
}

// Propose makes a cluster of complaints that a person sees together. They leave
// the clusters that they are in.
func (s *Service) Propose(ctx context.Context, complaints []triage.ComplaintID, title, by string) (prevention.ClusterID, error) {
	if err := wanted("title", oneLine(title), maxTitle); err != nil {
		return "", err
	}
	return s.correctSome(ctx, prevention.Correction{Kind: prevention.CorrectPropose, Complaints: complaints, Title: title, By: by})
}

// Merge puts a cluster into another one.
func (s *Service) Merge(ctx context.Context, from, into prevention.ClusterID, by string) error {
	if from == into {
		return triage.FieldErrorf("target", "a cluster cannot be merged into itself")
	}
	_, err := s.correct(ctx, prevention.Correction{Kind: prevention.CorrectMerge, Cluster: from, Target: into, By: by})
	return err
}

// Dismiss says that a cluster is none: it never alarms again.
func (s *Service) Dismiss(ctx context.Context, id prevention.ClusterID, by string) error {
	_, err := s.correct(ctx, prevention.Correction{Kind: prevention.CorrectDismiss, Cluster: id, By: by})
	return err
}

// Restore takes a dismissal back: the cluster is a candidate, and alarms, again.
func (s *Service) Restore(ctx context.Context, id prevention.ClusterID, by string) error {
	_, err := s.correct(ctx, prevention.Correction{Kind: prevention.CorrectRestore, Cluster: id, By: by})
	return err
}

// correctSome makes a correction of chosen complaints.
func (s *Service) correctSome(ctx context.Context, c prevention.Correction) (prevention.ClusterID, error) {
	c.Complaints, c.Title = distinct(c.Complaints), oneLine(c.Title)
	if len(c.Complaints) == 0 {
		return "", triage.FieldErrorf("complaints", "choose at least one complaint")
	}
	if len(c.Complaints) > maxCorrected {
		return "", triage.FieldErrorf("complaints", "%d at once; %d are allowed", len(c.Complaints), maxCorrected)
	}
	if err := short("title", c.Title, maxTitle); err != nil {
		return "", err
	}
	return s.correct(ctx, c)
}

func (s *Service) correct(ctx context.Context, c prevention.Correction) (prevention.ClusterID, error) {
	c.At = s.d.Now()
	return s.d.Clusters.Correct(ctx, c)
}

// distinct sorts ids and drops repeats and empty ones.
func distinct(ids []triage.ComplaintID) []triage.ComplaintID {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id triage.ComplaintID) bool { return id == "" })
	slices.Sort(ids)
	return slices.Compact(ids)
}
