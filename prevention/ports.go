package prevention

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// ClusterFilter narrows a list of clusters. Zero fields do not filter; merged
// clusters are in no list.
type ClusterFilter struct {
	Stages []Stage
	// Active leaves out closed and dismissed clusters.
	Active bool
	Limit  int
	// Cursor continues after the last one of the page before.
	Cursor string
}

// ClusterPage is one page of clusters, latest alarm first. Next is "" on the
// last page.
type ClusterPage struct {
	Clusters []Cluster
	Next     string
}

// ClusterStore keeps clusters for people. Errors carry CodeNotFound,
// CodeConflict (an old Version) or CodeUnavailable. Every change writes its
// audit entry in the same transaction.
type ClusterStore interface {
	Clusters(ctx context.Context, f ClusterFilter) (ClusterPage, error)
	Cluster(ctx context.Context, id ClusterID) (Cluster, error)
	// Members returns all complaints of a cluster, latest first.
	Members(ctx context.Context, id ClusterID) ([]Member, error)
	// UpdateCluster stores stage, owner, solution, rule, title and estimate of
	// the cluster when its Version is the stored one.
	UpdateCluster(ctx context.Context, c Cluster, e triage.AuditEntry) error
	// Correct applies a correction to the members and appends it to the log. It
	// returns the cluster that the complaints are in now; a split or a proposal
	// makes a new one.
	Correct(ctx context.Context, c Correction) (ClusterID, error)
}

// MembershipStore answers which cluster complaints are in.
type MembershipStore interface {
	// ClustersOf returns the cluster of each complaint that is in one.
	ClustersOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]ClusterID, error)
	// Daily counts the members' distinct customers, and all complaints, of each
	// local day of the zone, over From <= day < To; days without any are zero.
	Daily(ctx context.Context, id ClusterID, from, to time.Time, zone *time.Location) ([]DayCount, error)
}

// ClusterSpan is a cluster and a time, From <= t < To.
type ClusterSpan struct {
	Cluster  ClusterID
	From, To time.Time
}

// ClusterCounter counts for many clusters at once.
type ClusterCounter interface {
	// DailyCustomers counts distinct customers as MembershipStore.Daily does, for
	// each span one list of days, in the order of the spans.
	DailyCustomers(ctx context.Context, spans []ClusterSpan, zone *time.Location) ([][]int, error)
}

// DayCount is one day of a cluster's chart.
type DayCount struct {
	Day        time.Time
	Customers  int // distinct customers of the cluster
	Complaints int // all complaints of the service: the message clock
}

// ActionStore keeps the work on clusters and the remarks.
type ActionStore interface {
	Actions(ctx context.Context, id ClusterID) ([]Action, error)
	// PutAction adds an action (ID 0) or replaces one, and returns its id.
	PutAction(ctx context.Context, a Action, e triage.AuditEntry) (int64, error)
	Notes(ctx context.Context, id ClusterID) ([]Note, error)
	AddNote(ctx context.Context, n Note) error
}

// Progress is how far detection has read: the last case and the last correction
// it knows.
type Progress struct {
	Seq        int64
	Correction int64
}

// ArrivalFeed tells what cases came in.
type ArrivalFeed interface {
	// Arrived returns the cases with a greater Seq, in order of it, at most
	// limit. Of the assessment only type and sub-type are read. No case ever
	// appears behind one that was returned.
	Arrived(ctx context.Context, after int64, limit int) ([]triage.Case, error)
}

// Found is what detection has to store at once.
type Found struct {
	Progress Progress
	// Clusters are new or changed by the machine. For a stored cluster the
	// machine's fields are replaced, those of people (owner, solution, edited
	// title and rule) are kept; the stage is changed by Stages only.
	Clusters []Cluster
	// Members are added to clusters. A complaint that is in a cluster already
	// stays there.
	Members map[ClusterID][]Member
	// Stages are where detection leads clusters: closed or candidate (Stage.Led).
	Stages map[ClusterID]Stage
	// Announcements are to be told to the quality team.
	Announcements []Announcement
}

// DetectionStore is what the detection job reads and writes.
type DetectionStore interface {
	Progress(ctx context.Context) (Progress, error)
	// Record stores everything or nothing.
	Record(ctx context.Context, f Found) error
	// Corrections returns those after a sequence number, oldest first.
	Corrections(ctx context.Context, after int64) ([]Correction, error)
	// Replay calls each with the cases received up to seq whose time is at or
	// after since, in the order of acceptance, and the cluster of each, "" for
	// none. It stops at the first error.
	Replay(ctx context.Context, since time.Time, upTo int64, each func(c triage.Case, in ClusterID) error) error
	// NextCluster reserves a cluster id.
	NextCluster(ctx context.Context) (ClusterID, error)
}

// ExposureReader answers what customers had to do with.
type ExposureReader interface {
	// ExposuresOf returns the exposures of the customers, From <= At < To, in
	// order of customer and time.
	ExposuresOf(ctx context.Context, customers []triage.CustomerID, from, to time.Time) ([]triage.Exposure, error)
	// ScanExposures calls each for every exposure of the kind and key, From <= At
	// < To, in order of time; a key of "" is every key. Attrs are shared between
	// calls: the callee may keep them but not change them.
	ScanExposures(ctx context.Context, kind, key string, from, to time.Time, each func(e triage.Exposure) error) error
	// CountKinds counts exposures by kind and key in the time.
	CountKinds(ctx context.Context, from, to time.Time) ([]KindCount, error)
}

// KindCount counts the exposures of one kind and key.
type KindCount struct {
	Kind, Key string
	Count     int
}

// ExposureFeed tells what exposures came in, in order of arrival: imports bring
// them late and in any order of time.
type ExposureFeed interface {
	// ExposureBatches returns batches after one, oldest first, at most limit.
	ExposureBatches(ctx context.Context, after int64, limit int) ([]ExposureBatch, error)
}

// ExposureBatch is the span of time of some exposures that came in together,
// both ends included.
type ExposureBatch struct {
	Seq      int64
	From, To time.Time
}

// CustomerReader reads the customer file.
type CustomerReader interface {
	// CustomersByID returns those that exist, by id.
	CustomersByID(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error)
	// CountByRegion counts all customers; a region of "" is unknown.
	CountByRegion(ctx context.Context) (map[string]int, error)
	// Complainants returns the customers of the complaints that are in the
	// cluster, with the time of the first one of each.
	Complainants(ctx context.Context, id ClusterID) (map[triage.CustomerID]time.Time, error)
}

// PlanFilter narrows a list of plans. Zero fields do not filter.
type PlanFilter struct {
	Cluster  ClusterID
	Rule     EventRuleID
	Statuses []PlanStatus
	Before   PlanID // the last one of the page before: only older ones
	Limit    int
}

// PlanStore keeps outreach plans. Every change writes its audit entry in the
// same transaction; an old Version fails with CodeConflict.
type PlanStore interface {
	Plans(ctx context.Context, f PlanFilter) ([]Plan, error)
	Plan(ctx context.Context, id PlanID) (Plan, error)
	// CreatePlan gives the plan its id.
	CreatePlan(ctx context.Context, p Plan, e triage.AuditEntry) (PlanID, error)
	UpdatePlan(ctx context.Context, p Plan, e triage.AuditEntry) error
	// FixPlan stores the plan as approved together with its notices, in one
	// transaction. A customer who has a notice of the same cause already is left
	// out; it returns how many were added, told and held.
	FixPlan(ctx context.Context, p Plan, notices []Notice, e triage.AuditEntry) (told, held int, err error)
}

// NoticeStore is the sender's outbox.
type NoticeStore interface {
	// Due returns queued notices of running plans with NextAt <= now, oldest
	// first.
	Due(ctx context.Context, now time.Time, limit int) ([]Notice, error)
	// Begin makes a queued notice sending, durably, before the attempt: it stores
	// Channel, Key, Attempts and BegunAt. It returns false when the notice is not
	// queued any more, its Reason is not the stored one (another sender tried
	// after it was read) or its plan does not run: then nothing may be sent.
	Begin(ctx context.Context, n Notice) (bool, error)
	// Settle stores the end of an attempt of a sending notice, or defers or skips
	// a queued one, or what turned out about an unclear one: sent or failed. It
	// returns false when the notice was in no such state.
	Settle(ctx context.Context, n Notice) (bool, error)
	// Stranded returns notices that have been sending since before the time: the
	// process that began them is gone.
	Stranded(ctx context.Context, before time.Time, limit int) ([]Notice, error)
	// FinishPlans makes running plans without queued and sending notices
	// finished, and returns them.
	FinishPlans(ctx context.Context, now time.Time) ([]PlanID, error)
}

// NoticeDecider stores what people decide about a notice.
type NoticeDecider interface {
	// Decide stores the end of an unclear notice, sent or failed, with its audit
	// entry in the same transaction. It returns false when the notice is not
	// unclear any more.
	Decide(ctx context.Context, n Notice, e triage.AuditEntry) (bool, error)
}

// NoticeQuery narrows a list of notices. Zero fields do not filter.
type NoticeQuery struct {
	Plan     PlanID
	Customer triage.CustomerID
	States   []NoticeState
	After    int64 // id of the last one of the page before
	Limit    int
}

// NoticeReader shows notices to people and takes later news of them.
type NoticeReader interface {
	Notices(ctx context.Context, q NoticeQuery) ([]Notice, error)
	// CountNotices counts a plan's notices by state.
	CountNotices(ctx context.Context, plan PlanID) (map[NoticeState]int, error)
	// Delivered stores a delivery report: sent becomes delivered or failed. It
	// returns false for an unknown message; a repeated report changes nothing.
	Delivered(ctx context.Context, channel string, d Delivery) (bool, error)
	// Answered stores that the customer answered the latest notice sent to them,
	// if there is one.
	Answered(ctx context.Context, customer triage.CustomerID, at time.Time) error
	// Followed returns all randomised customers of a plan, told and held alike,
	// with their first later complaint about its cluster (or, for an event rule,
	// any complaint).
	Followed(ctx context.Context, plan PlanID) ([]Followed, error)
}

// GuardStore answers who must not be told.
type GuardStore interface {
	// Suppress adds; the same one again changes nothing.
	Suppress(ctx context.Context, s Suppression) error
	// Suppressed returns those of the customers who may not be told: by
	// themselves, by their phone or their e-mail.
	Suppressed(ctx context.Context, customers []triage.Customer) (map[triage.CustomerID]bool, error)
	// Contacts counts the notices sent (or being sent) to each customer at or
	// after since.
	Contacts(ctx context.Context, customers []triage.CustomerID, since time.Time) (map[triage.CustomerID]int, error)
	// Noticed returns those of the customers who have a notice of the cause in
	// any state but skipped.
	Noticed(ctx context.Context, cause Cause, customers []triage.CustomerID) (map[triage.CustomerID]bool, error)
	// CustomersAt returns the customers with this phone or e-mail.
	CustomersAt(ctx context.Context, address string) ([]triage.CustomerID, error)
}

// SuppressionLister shows whom nobody may tell anything.
type SuppressionLister interface {
	// Suppressions returns at most limit entries from since on, oldest first,
	// without the first skip of them.
	Suppressions(ctx context.Context, since time.Time, skip, limit int) ([]Suppression, error)
}

// EventRuleStore keeps event rules. Every change writes its audit entry in the
// same transaction; an old Version fails with CodeConflict.
type EventRuleStore interface {
	EventRules(ctx context.Context) ([]EventRule, error)
	EventRule(ctx context.Context, id EventRuleID) (EventRule, error)
	// PutEventRule adds a rule (ID "") or replaces one, and returns its id.
	PutEventRule(ctx context.Context, r EventRule, e triage.AuditEntry) (EventRuleID, error)
	// Enqueue adds the notices of a rule, told and held, to its running plan,
	// and stores how far exposures have been looked at, in one transaction. A
	// cause and customer that are known are left out.
	Enqueue(ctx context.Context, rule EventRuleID, through time.Time, notices []Notice) (added int, err error)
	// EnqueuedSince counts the rule's told notices created at or after since.
	EnqueuedSince(ctx context.Context, rule EventRuleID, since time.Time) (int, error)
}

// AnnouncementKind is what an alarm to the team is about.
type AnnouncementKind string

// The kinds of announcements.
const (
	AnnounceRaised    AnnouncementKind = "raised"
	AnnounceEscalated AnnouncementKind = "escalated"
	AnnounceReopened  AnnouncementKind = "reopened"
	AnnounceResolved  AnnouncementKind = "resolved"
)

// Announcement is one alarm to the quality team, waiting or told.
type Announcement struct {
	ID       int64
	Cluster  ClusterID
	Kind     AnnouncementKind
	At       time.Time
	Severity Severity
	// Receiver is the name of the robot or address it goes to; the announcer
	// keeps one line for each.
	Receiver string
	SentAt   time.Time // zero while it waits
	Attempts int
	NextAt   time.Time
	// Reason is why it was dropped (NextAt is zero) or deferred.
	Reason string
}

// AnnouncementStore is the outbox of alarms to people.
type AnnouncementStore interface {
	// Waiting returns announcements that are neither sent nor dropped, oldest
	// first.
	Waiting(ctx context.Context, limit int) ([]Announcement, error)
	// SettleAnnouncements stores SentAt, Attempts, NextAt, Receiver and Reason;
	// one without an ID is added, for a further receiver.
	SettleAnnouncements(ctx context.Context, as []Announcement) error
	// Announced returns what was told of a cluster, latest first.
	Announced(ctx context.Context, id ClusterID) ([]Announcement, error)
	// Silence keeps quiet about a cluster until a time; zero ends the silence.
	Silence(ctx context.Context, id ClusterID, until time.Time, e triage.AuditEntry) error
	// Silenced returns the clusters that are silenced now, and until when.
	Silenced(ctx context.Context, now time.Time) (map[ClusterID]time.Time, error)
}
