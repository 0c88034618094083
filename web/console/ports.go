package console

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

// Cases is the reading half of [triage.Service].
type Cases interface {
	Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error)
	View(ctx context.Context, id triage.ComplaintID, similar int) (triage.View, error)
	Queue(ctx context.Context, f triage.QueueFilter) (triage.QueuePage, error)
	CountByStatus(ctx context.Context) (map[triage.Status]int, error)
	Catalogue() triage.Catalogue
}

// Desk is the deciding half of [triage.Service].
type Desk interface {
	Assess(ctx context.Context, c triage.Complaint, similar int) (triage.Assessment, error)
	Submit(ctx context.Context, c triage.Complaint, similar int) (triage.Receipt, error)
	Confirm(ctx context.Context, id triage.ComplaintID, typ, subtype, by string) (triage.Case, error)
	Close(ctx context.Context, d triage.Closing) (triage.Case, error)
}

var (
	_ Cases = (*triage.Service)(nil)
	_ Desk  = (*triage.Service)(nil)
)

// Searcher finds cases by words.
type Searcher interface {
	// Search returns the cases that match words and every field of the filter,
	// best first, with the number of all matches. Of the filter, Sort does not
	// apply, Limit bounds the answer and Cursor is the decimal number of
	// matches to skip. The answer may be shorter than Limit before the end.
	Search(ctx context.Context, words string, f triage.QueueFilter) (cases []triage.Case, total int, err error)
}

// JobRunner shows and starts the scheduled work.
type JobRunner interface {
	Jobs() []jobs.Job
	// Runs returns the latest runs of a job, newest first.
	Runs(ctx context.Context, job string, limit int) ([]jobs.Run, error)
	// RunNow starts a run and returns without waiting for its end. It returns
	// CodeNotFound for an unknown job and CodeConflict while it is running.
	RunNow(ctx context.Context, job, by string) error
}

// Clusters is the reading half of the cluster desk, [desk.Service].
type Clusters interface {
	Clusters(ctx context.Context, f prevention.ClusterFilter) (prevention.ClusterPage, error)
	Cluster(ctx context.Context, id prevention.ClusterID) (prevention.Cluster, error)
	View(ctx context.Context, id prevention.ClusterID) (desk.View, error)
	// Cohort returns the silent customers by the cluster's own rule, or by one
	// that a person tries out.
	Cohort(ctx context.Context, id prevention.ClusterID, try *prevention.Rule) (prevention.Cohort, error)
}

// ClusterLife moves a cluster on.
type ClusterLife interface {
	SetStage(ctx context.Context, id prevention.ClusterID, to prevention.Stage, by string) error
	Assign(ctx context.Context, id prevention.ClusterID, owner, by string) error
	SetSolution(ctx context.Context, id prevention.ClusterID, solution, by string) error
	SetRule(ctx context.Context, id prevention.ClusterID, rule prevention.Rule, by string) error
	Silence(ctx context.Context, id prevention.ClusterID, until time.Time, by string) error
}

// ClusterWork keeps what is done and said about a cluster.
type ClusterWork interface {
	SetTitle(ctx context.Context, id prevention.ClusterID, title, by string) error
	AddNote(ctx context.Context, id prevention.ClusterID, text, by string) error
	PutAction(ctx context.Context, a prevention.Action, by string) (int64, error)
	Done(ctx context.Context, id prevention.ClusterID, action int64, by string) error
}

// Corrections are a person's word on which complaints belong together.
type Corrections interface {
	Move(ctx context.Context, from, target prevention.ClusterID, complaints []triage.ComplaintID, by string) error
	Split(ctx context.Context, from prevention.ClusterID, complaints []triage.ComplaintID, title, by string) (prevention.ClusterID, error)
	Propose(ctx context.Context, complaints []triage.ComplaintID, title, by string) (prevention.ClusterID, error)
	Merge(ctx context.Context, from, into prevention.ClusterID, by string) error
	Dismiss(ctx context.Context, id prevention.ClusterID, by string) error
}

// ClusterDesk is all of [desk.Service].
type ClusterDesk interface {
	Clusters
	ClusterLife
	ClusterWork
	Corrections
}

var _ ClusterDesk = (*desk.Service)(nil)

// Records finds what a page of clusters shows beside them: the complaints
// themselves, their clusters, and the days of a small chart.
type Records interface {
	Cases(ctx context.Context, ids []triage.ComplaintID) ([]triage.Case, error)
	ClustersOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]prevention.ClusterID, error)
	// DailyCustomers counts distinct customers by local day, one list for each
	// span.
	DailyCustomers(ctx context.Context, spans []prevention.ClusterSpan, zone *time.Location) ([][]int, error)
}

// Plans is the reading half of the outreach desk, [outreach.Service].
type Plans interface {
	Plans(ctx context.Context, f prevention.PlanFilter) ([]prevention.Plan, error)
	Plan(ctx context.Context, id prevention.PlanID) (prevention.Plan, error)
	Preview(ctx context.Context, content prevention.Plan, limit int) (outreach.Preview, error)
	Policy() outreach.Policy
}

// PlanDrafts brings a plan from its first words to its approval.
type PlanDrafts interface {
	Create(ctx context.Context, content prevention.Plan, by string) (prevention.Plan, error)
	Edit(ctx context.Context, content prevention.Plan, by string) (prevention.Plan, error)
	Submit(ctx context.Context, id prevention.PlanID, version int64, by string) (prevention.Plan, error)
	Approve(ctx context.Context, id prevention.PlanID, version int64, by string) (prevention.Plan, error)
	Reject(ctx context.Context, id prevention.PlanID, version int64, by, remark string) (prevention.Plan, error)
}

// Letters proposes messages; nothing of them is stored.
type Letters interface {
	// Letter is the template of the program.
	Letter(b outreach.Brief) prevention.Template
	// Draft is a model's proposal, or the template.
	Draft(ctx context.Context, b outreach.Brief) outreach.Draft
}

// PlanControl holds and ends a plan that is on its way.
type PlanControl interface {
	Stop(ctx context.Context, id prevention.PlanID, by, remark string) (prevention.Plan, error)
	Resume(ctx context.Context, id prevention.PlanID, by string) (prevention.Plan, error)
	Cancel(ctx context.Context, id prevention.PlanID, by, remark string) (prevention.Plan, error)
	// Decide settles a notice that may or may not have arrived.
	Decide(ctx context.Context, plan prevention.PlanID, notice int64, told bool, by string) error
}

// PlanDesk is all of [outreach.Service] that people use.
type PlanDesk interface {
	Plans
	PlanDrafts
	PlanControl
	Letters
}

var _ PlanDesk = (*outreach.Service)(nil)

// Notices shows what became of the messages of a plan.
type Notices interface {
	Notices(ctx context.Context, q prevention.NoticeQuery) ([]prevention.Notice, error)
	CountNotices(ctx context.Context, plan prevention.PlanID) (map[prevention.NoticeState]int, error)
}

// Effects measures what telling customers has prevented, [live.Effects].
type Effects interface {
	// Effect compares the told with the held-out of a plan.
	Effect(ctx context.Context, id prevention.PlanID) (effect.Report, error)
	// Sum is the effect of all plans together.
	Sum(ctx context.Context) (live.Sum, error)
	// Forecast compares the complaints about a plan's cluster since customers
	// were told with what was to be expected without that; ok is false for a plan
	// without a cluster.
	Forecast(ctx context.Context, id prevention.PlanID) (f effect.Forecast, ok bool, err error)
}

var _ Effects = (*live.Effects)(nil)

// RuleDesk keeps event rules, [outreach.Rules].
type RuleDesk interface {
	List(ctx context.Context) ([]prevention.EventRule, error)
	Create(ctx context.Context, content prevention.EventRule, by string) (prevention.EventRule, error)
	Edit(ctx context.Context, content prevention.EventRule, by string) (prevention.EventRule, error)
	Approve(ctx context.Context, id prevention.EventRuleID, version int64, by string) (prevention.EventRule, error)
	Pause(ctx context.Context, id prevention.EventRuleID, by string) (prevention.EventRule, error)
}

var _ RuleDesk = (*outreach.Rules)(nil)

// RuleCounter counts the notices of an event rule.
type RuleCounter interface {
	EnqueuedSince(ctx context.Context, rule prevention.EventRuleID, since time.Time) (int, error)
}
