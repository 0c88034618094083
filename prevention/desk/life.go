package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	maxTitle = 80  // runes
	maxName  = 200 // runes of an owner, a department or the id of a solution
)

// SetStage moves a cluster on; the stage that it is in changes nothing. A move
// that the table of stages does not have is CodeConflict and names the ones it
// has. "dismissed" is the correction that Dismiss makes, and
// "candidate" of a dismissed cluster the one that Restore makes.
func (s *Service) SetStage(ctx context.Context, id prevention.ClusterID, to prevention.Stage, by string) error {
	if to == prevention.StageDismissed {
		return s.Dismiss(ctx, id, by)
	}
	if to == prevention.StageCandidate {
		c, err := s.standing(ctx, id)
		if err != nil {
			return err
		}
		if c.Stage == prevention.StageDismissed {
			return s.Restore(ctx, id, by)
		}
	}
	if !slices.Contains(prevention.Stages, to) {
		return triage.FieldErrorf("stage", "%q is unknown; use one of %s", to, join(prevention.Stages))
	}
	return s.change(ctx, id, by, "cluster.stage", map[string]string{"to": string(to)}, func(c *prevention.Cluster) (bool, error) {
		if c.Stage == to {
			return false, nil
		}
		return true, s.move(c, to)
	})
}

// move changes the stage if the table allows it.
func (s *Service) move(c *prevention.Cluster, to prevention.Stage) error {
	if !c.Stage.MayBecome(to) {
		return &triage.Error{
			Code: triage.CodeConflict, Field: "stage",
			Message: fmt.Sprintf("cluster %s is %s and cannot become %s; it may become %s", c.ID, c.Stage, to, join(c.Stage.Moves())),
		}
	}
	c.Stage, c.StageAt = to, s.d.Now()
	return nil
}

func join(stages []prevention.Stage) string {
	names := make([]string, len(stages))
	for i, stage := range stages {
		names[i] = string(stage)
	}
	return strings.Join(names, ", ")
}

// Assign gives a cluster to a person; "" takes it away.
func (s *Service) Assign(ctx context.Context, id prevention.ClusterID, owner, by string) error {
	owner = strings.TrimSpace(owner)
	if err := short("owner", owner, maxName); err != nil {
		return err
	}
	return s.change(ctx, id, by, "cluster.assign", map[string]string{"owner": owner}, func(c *prevention.Cluster) (bool, error) {
		return replace(&c.Owner, owner), nil
	})
}

// SetTitle names a cluster in a person's words, which the machine then keeps.
func (s *Service) SetTitle(ctx context.Context, id prevention.ClusterID, title, by string) error {
	title = oneLine(title)
	if err := wanted("title", title, maxTitle); err != nil {
		return err
	}
	return s.change(ctx, id, by, "cluster.title", nil, func(c *prevention.Cluster) (bool, error) {
		return replace(&c.Title, title), nil
	})
}

// SetSolution links the standard solution that ended the problem; "" unlinks.
func (s *Service) SetSolution(ctx context.Context, id prevention.ClusterID, solution, by string) error {
	solution = strings.TrimSpace(solution)
	if err := short("solution", solution, maxName); err != nil {
		return err
	}
	return s.change(ctx, id, by, "cluster.solution", map[string]string{"solution": solution}, func(c *prevention.Cluster) (bool, error) {
		return replace(&c.Solution, solution), nil
	})
}

// SetRule stores a person's rule of the cohort, which the machine then keeps.
func (s *Service) SetRule(ctx context.Context, id prevention.ClusterID, rule prevention.Rule, by string) error {
	if err := s.d.Cohorts.Validate(rule); err != nil {
		return err
	}
	return s.change(ctx, id, by, "cluster.rule", nil, func(c *prevention.Cluster) (bool, error) {
		c.Rule, c.RuleBy = &rule, by
		return true, nil
	})
}

// change loads a cluster, changes it and stores it with its audit entry, unless
// do says that there is nothing to store. A change that another one overtook is
// tried again.
func (s *Service) change(ctx context.Context, id prevention.ClusterID, by, action string, detail map[string]string, do func(*prevention.Cluster) (bool, error)) error {
	for attempt := 0; ; attempt++ {
		c, err := s.standing(ctx, id)
		if err != nil {
			return err
		}
		changed, err := do(&c)
		if err != nil || !changed {
			return err
		}
		err = s.d.Clusters.UpdateCluster(ctx, c, s.entry(id, by, action, detail))
		if triage.CodeOf(err) != triage.CodeConflict || attempt == attempts {
			return err
		}
	}
}

// attempts bounds how often an overtaken change is tried again.
const attempts = 3

// replace says whether the new value is another one.
func replace(field *string, value string) bool {
	changed := *field != value
	*field = value
	return changed
}

// oneLine makes one blank of every run of white space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// wanted refuses a text that is empty or too long.
func wanted(field, text string, most int) error {
	if text == "" {
		return triage.FieldErrorf(field, "is empty; write 1 to %d characters", most)
	}
	return short(field, text, most)
}

func short(field, text string, most int) error {
	if n := len([]rune(text)); n > most {
		return triage.FieldErrorf(field, "has %d characters; %d are allowed", n, most)
	}
	return nil
}
