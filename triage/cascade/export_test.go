package cascade

import (
	"context"

	"github.com/qianyi-dev/qianyi/triage"
)

// The layers by themselves.
var (
	Suspect = suspect
	Plain   = plain
)

// Unfiltered consults about a text that the first layer has not looked at.
func (r *Reviewer) Unfiltered(ctx context.Context, c *triage.Case) (Opinion, error) {
	o := Opinion{Case: c.ID, Model: r.d.Model, Ours: c.Assessment.Type, Verdict: VerdictNone}
	err := r.listen(ctx, &o, plain(c.Body()), r.d.Catalogue.Types())
	return o, err
}
