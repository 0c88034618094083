package reply

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/qianyi-dev/qianyi/triage"
)

// batch bounds what is read at once.
const batch = 200

// byJob acts in the record when nobody is there to.
const byJob = "system"

// Counts is what one run of CatchUp did.
type Counts struct {
	Unclear  int // letters of processes that died while they sent them
	Followed int // replies whose consequences had to be made up
}

// CatchUp is a job: it marks the letters of processes that died as unclear,
// because they may have gone out, and makes up what should have followed from
// replies. It may be stopped anywhere and run again, also by two processes at
// once.
func (d *Desk) CatchUp(ctx context.Context) (n Counts, err error) {
	left, err := d.d.Talk.StrandedMessages(ctx, d.d.Now().Add(-lease), batch)
	if err != nil {
		return n, err
	}
	for i := range left {
		m := &left[i]
		m.State = StateUnclear
		settled, err := d.d.Talk.SettleMessage(ctx, *m, d.stranded(m))
		if err != nil {
			return n, err
		}
		if settled {
			n.Unclear++
		}
	}
	loose, err := d.d.Talk.UnfollowedMessages(ctx, batch)
	if err != nil {
		return n, err
	}
	for i := range loose {
		m := &loose[i]
		switch err := d.follow(ctx, m); {
		case err == nil:
			n.Followed++
		case ctx.Err() != nil || triage.CodeOf(err) == triage.CodeUnavailable:
			return n, err
		default: // trying for ever would keep later ones waiting
			d.d.Log.ErrorContext(ctx, "a reply cannot be followed up; look whether its case is acknowledged", "complaint_id", m.Complaint, "err", err)
			if err := d.d.Talk.MessageFollowed(ctx, m.ID); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// stranded is the audit entry of a letter whose process died.
func (d *Desk) stranded(m *Message) triage.AuditEntry {
	detail, err := json.Marshal(map[string]any{"key": m.Key, "begun_by": m.By})
	if err != nil {
		detail = nil // cannot happen: texts have a JSON form
	}
	return triage.AuditEntry{At: d.d.Now(), Actor: byJob, Action: actionUnclear, Object: triage.CaseObject(m.Complaint), Detail: string(detail)}
}

// follow does what a reply brings with it. All of it may be repeated.
func (d *Desk) follow(ctx context.Context, m *Message) error {
	k, err := d.d.Cases.Case(ctx, m.Complaint)
	if err != nil {
		return err
	}
	var failed []error
	if m.Solution != "" && stageOf(&k) >= known {
		failed = append(failed, d.d.Solutions.Use(ctx, k.ID, m.Solution, m.By))
	}
	if d.d.Answered != nil {
		failed = append(failed, d.d.Answered(ctx, k.ID, m.By))
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	return d.d.Talk.MessageFollowed(ctx, m.ID)
}
