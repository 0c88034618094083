package web

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/triage"
)

// Deps is what a Server is made of. The fields up to Log are required, the
// others have the default their comment states.
type Deps struct {
	Service service
	Audit   trailReader
	Replays triage.ReplayStore
	Search  Searcher
	Jobs    JobRunner
	// Mask hides telephone and identity numbers, e-mail addresses and house
	// numbers in a text and keeps its length in runes. It is safe for
	// concurrent use.
	Mask func(text string) string
	Now  func() time.Time
	Log  *slog.Logger

	// Clusters answers about common problems, Plans and Notices about outreach,
	// Effects about what outreach has prevented, Rules about event rules, and
	// Hooks takes the callbacks of gateways. Without one its paths are not found.
	// Plans needs Clusters and Notices, Effects needs Plans.
	Clusters clusterDesk
	Plans    planDesk
	Notices  noticeReader
	Effects  planEffects
	Rules    ruleDesk
	Hooks    Hooks
	// Customers answers about customers, contacts and tasks, Surveys about
	// satisfaction. Without one its paths are not found.
	Customers customerDesk
	Surveys   surveyDesk
	// Life moves cases from hand to hand; its paths are not found without it.
	// Passed extends the scope of API keys to the cases that went through the
	// department of their owner.
	Life   lifeDesk
	Passed passedCases
	// Solutions keeps the library, Replies answers customers; the paths of one are
	// not found without it.
	Solutions solutionDesk
	Replies   replyDesk
	// Persons gives people their data, or takes it away; its paths are not found
	// without it.
	Persons personalData

	// Webhooks takes complaints of other systems; without it its path is not found.
	Webhooks Webhooks
	// Public serves what customers see, below /p/; without it the console answers
	// there that there is nothing.
	Public http.Handler
	// Learning answers about the model; nil leaves its paths out.
	Learning *LearningDeps
	// Campaigns keeps the register of campaigns and what complaints are about; its
	// paths are not found without it.
	Campaigns campaignRegister
	// What the stream says: figures, campaigns, the counter, checks before launch,
	// cards of agents and departments, reports. Nil leaves the paths of one out.
	Figures   *FiguresDeps
	Quality   *QualityDeps
	Marketing *MarketingDeps
	Counter   *CounterDeps
	Launch    *LaunchDeps
	Staff     *StaffDeps
	Reports   *ReportsDeps

	// Console serves every path outside /api and the probes; without it they
	// are not found.
	Console http.Handler
	// Checks decide readiness; without any the server is ready while it runs.
	Checks []Check
	// IndexLag tells how many changes the search index is behind, for metrics.
	IndexLag func() float64
	// Tokens maps the SHA-256 of an API token, in lower-case hex, to the name
	// of its holder. Without any, only clients on this machine may use the API.
	Tokens map[string]string
	// Keys are the API keys that people have made, beside the Tokens; nil for none.
	Keys keyring
	// TrustedProxies are the addresses or networks whose X-Forwarded-For is
	// believed; none by default.
	TrustedProxies []string
	// RateLimit bounds each client; see its default.
	RateLimit RateLimit
	// Zone is where times without an offset are; nil means Asia/Shanghai.
	Zone *time.Location
	// Version is shown in the OpenAPI documents; "" becomes "dev".
	Version string
}

// Check is one condition of readiness.
type Check struct {
	// Name is shown to anyone who asks whether the server is ready.
	Name string
	// Probe returns an error while the condition does not hold. The error goes
	// to the log only.
	Probe func(ctx context.Context) error
}

// RateLimit is how many requests one client address may make. The zero value
// means 300 a second in bursts of up to 600.
type RateLimit struct {
	PerSecond float64
	Burst     int
}

// service is the part of triage.Service that the API calls.
type service interface {
	intake
	lists
	caseDesk
}

var _ service = (*triage.Service)(nil)

type intake interface {
	Assess(ctx context.Context, c triage.Complaint, similar int) (triage.Assessment, error)
	Submit(ctx context.Context, c triage.Complaint, similar int) (triage.Receipt, error)
}

type lists interface {
	Queue(ctx context.Context, f triage.QueueFilter) (triage.QueuePage, error)
	CountByStatus(ctx context.Context) (map[triage.Status]int, error)
	Catalogue() triage.Catalogue
}

type caseDesk interface {
	Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error)
	Similar(ctx context.Context, id triage.ComplaintID, limit int) ([]triage.SimilarCase, error)
	Confirm(ctx context.Context, id triage.ComplaintID, typ, subtype, by string) (triage.Case, error)
	Close(ctx context.Context, d triage.Closing) (triage.Case, error)
}

// trailReader reads the audit trail of one object.
type trailReader interface {
	Trail(ctx context.Context, object string) ([]triage.AuditEntry, error)
}

// Searcher finds cases by words.
type Searcher interface {
	// Search returns the cases that match words and every field of the filter,
	// best first, with the number of all matches. Of the filter, Sort does not
	// apply, Limit bounds the answer and Cursor is the decimal number of
	// matches to skip. The answer may be shorter than Limit before the end. An
	// index that cannot answer is CodeUnavailable.
	Search(ctx context.Context, words string, f triage.QueueFilter) (cases []triage.Case, total int, err error)
}

// JobRunner shows the scheduled jobs and runs one by hand.
type JobRunner interface {
	Jobs() []jobs.Job
	// Runs returns the latest runs of a job, newest first.
	Runs(ctx context.Context, job string, limit int) ([]jobs.Run, error)
	// RunNow starts a run on behalf of by and does not wait for its end. It
	// returns CodeNotFound for an unknown job and CodeConflict while the job runs.
	RunNow(ctx context.Context, job, by string) error
}

// complete fills the defaults and names the first field that is missing or wrong.
func (d *Deps) complete() error {
	for _, f := range []struct {
		name    string
		missing bool
	}{
		{"Service", d.Service == nil}, {"Audit", d.Audit == nil},
		{"Replays", d.Replays == nil}, {"Search", d.Search == nil}, {"Jobs", d.Jobs == nil},
		{"Mask", d.Mask == nil}, {"Now", d.Now == nil}, {"Log", d.Log == nil},
		{"Clusters", d.Plans != nil && d.Clusters == nil}, {"Notices", d.Plans != nil && d.Notices == nil},
		{"Plans", d.Effects != nil && d.Plans == nil},
	} {
		if f.missing {
			return fmt.Errorf("web: Deps.%s is missing", f.name)
		}
	}
	for hash, name := range d.Tokens {
		if b, err := hex.DecodeString(hash); err != nil || len(b) != 32 || name == "" {
			return fmt.Errorf("web: API token of %q: want a name and the SHA-256 of the token as 64 hex digits", name)
		}
	}
	if d.RateLimit.PerSecond < 0 || d.RateLimit.Burst < 0 {
		return fmt.Errorf("web: rate limit %v/s, burst %d: want positive numbers", d.RateLimit.PerSecond, d.RateLimit.Burst)
	}
	if d.RateLimit.PerSecond == 0 {
		d.RateLimit.PerSecond = 300
	}
	if d.RateLimit.Burst == 0 {
		d.RateLimit.Burst = max(1, int(2*d.RateLimit.PerSecond))
	}
	if d.Zone == nil {
		// China has known no other offset since 1991; a fixed zone needs no
		// time zone database.
		d.Zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	if d.Version == "" {
		d.Version = "dev"
	}
	return nil
}
