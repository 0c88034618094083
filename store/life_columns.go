package store

import (
	"github.com/qianyi-dev/qianyi/triage"
)

// workColumns are the columns of triage.Work, in the order of workValues and
// workDest; stepColumns are those that what is done to a case changes.
const (
	stepColumns = `owner, department, entered_at, due_at, task_by, execute_by, respond_by, verify_by, settle_by, waiting_since,
	responded_at, verified_at, cause, cause_department, watch_at, raised, reopened, merged_into, version`
	workColumns = stepColumns + `, tier, priority_at`
)

func workValues(w triage.Work) []any {
	return append(stepValues(w), clean(string(w.Tier)), instant(w.PriorityAt))
}

func stepValues(w triage.Work) []any {
	return []any{
		clean(w.Owner), clean(w.Department), instant(w.EnteredAt), instant(w.DueAt), instant(w.TaskBy), instant(w.ExecuteBy),
		instant(encodable(w.Clocks.RespondBy)), instant(encodable(w.Clocks.VerifyBy)), instant(encodable(w.Clocks.ResolveBy)),
		instant(w.WaitingSince), instant(w.RespondedAt), instant(w.VerifiedAt), clean(string(w.Cause)), clean(w.CauseDepartment),
		instant(w.WatchAt), w.Raised, w.Reopened, clean(string(w.MergedInto)), w.Version,
	}
}

func workDest(w *triage.Work) []any {
	return []any{
		&w.Owner, &w.Department, (*instant)(&w.EnteredAt), (*instant)(&w.DueAt), (*instant)(&w.TaskBy), (*instant)(&w.ExecuteBy),
		(*instant)(&w.Clocks.RespondBy), (*instant)(&w.Clocks.VerifyBy), (*instant)(&w.Clocks.ResolveBy),
		(*instant)(&w.WaitingSince), (*instant)(&w.RespondedAt), (*instant)(&w.VerifiedAt), &w.Cause, &w.CauseDepartment,
		(*instant)(&w.WatchAt), &w.Raised, &w.Reopened, &w.MergedInto, &w.Version, &w.Tier, (*instant)(&w.PriorityAt),
	}
}
