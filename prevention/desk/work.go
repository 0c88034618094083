package desk

import (
	"context"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

const maxText = 2_000 // runes of a remark

// AddNote adds a remark.
func (s *Service) AddNote(ctx context.Context, id prevention.ClusterID, text, by string) error {
	text = strings.TrimSpace(text)
	if err := wanted("text", text, maxText); err != nil {
		return err
	}
	if _, err := s.standing(ctx, id); err != nil {
		return err
	}
	return s.d.Actions.AddNote(ctx, prevention.Note{Cluster: id, By: by, At: s.d.Now(), Text: text})
}

// PutAction adds work (ID 0) or changes it, and returns its id. It needs a
// title, a department and a due time.
func (s *Service) PutAction(ctx context.Context, a prevention.Action, by string) (int64, error) {
	a.Title, a.Department, a.Owner = oneLine(a.Title), oneLine(a.Department), oneLine(a.Owner)
	if err := wanted("title", a.Title, maxTitle); err != nil {
		return 0, err
	}
	if err := wanted("department", a.Department, maxName); err != nil {
		return 0, err
	}
	if err := short("owner", a.Owner, maxName); err != nil {
		return 0, err
	}
	if a.DueAt.IsZero() {
		return 0, triage.FieldErrorf("due_at", "is missing: say by when")
	}
	if _, err := s.standing(ctx, a.Cluster); err != nil {
		return 0, err
	}
	if a.ID == 0 {
		a.CreatedAt, a.CreatedBy = s.d.Now(), by
	}
	return s.d.Actions.PutAction(ctx, a, s.entry(a.Cluster, by, "cluster.action", nil))
}

// Done marks work as done, now; done work stays as it is. The work on a cluster
// that was merged stays with it and can still be done.
func (s *Service) Done(ctx context.Context, id prevention.ClusterID, action int64, by string) error {
	list, err := s.d.Actions.Actions(ctx, id)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.ID != action {
			continue
		}
		if !a.DoneAt.IsZero() {
			return nil
		}
		a.DoneAt = s.d.Now()
		_, err := s.d.Actions.PutAction(ctx, a, s.entry(id, by, "cluster.action_done", nil))
		return err
	}
	return triage.Errorf(triage.CodeNotFound, "cluster %s has no action %d", id, action)
}
