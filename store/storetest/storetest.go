// Package storetest is the conformance suite that every store must pass: one
// subtest per promise of the ports, the same for SQLite and PostgreSQL.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/privacy"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// Ports are the roles that one type plays.
type Ports interface {
	triage.CaseStore
	triage.DecisionStore
	triage.SolutionStore
	triage.QueueStore
	triage.AuditStore
	triage.AuditReader
	triage.CustomerStore
	triage.HistoryStore
	triage.UserStore
	triage.AccountStore
	triage.SessionStore
	triage.SessionKeeper
	triage.KeyStore
	triage.ReplayStore
	triage.ChangeFeed
	life.Store
	Passed(ctx context.Context, department string, ids []triage.ComplaintID) (map[triage.ComplaintID]bool, error)
	prevention.ClusterStore
	prevention.MembershipStore
	prevention.ClusterCounter
	prevention.ActionStore
	prevention.DetectionStore
	prevention.ArrivalFeed
	prevention.ExposureReader
	prevention.ExposureFeed
	prevention.CustomerReader
	prevention.PlanStore
	prevention.NoticeReader
	prevention.GuardStore
	prevention.SuppressionLister
	prevention.EventRuleStore
	prevention.AnnouncementStore
	intakePorts
	workbenchPorts
	launchPorts
	campaignPorts
	privacy.Store
	learningPorts
	solution.Store
	solution.Solved
	reply.Store
	factPorts
	improvePorts
	marketingPorts
	reportPorts
}

// Store is a store under test.
type Store struct {
	Ports
	Runs   jobs.RunLog
	Outbox Outbox
	// Care and Surveys keep customers and what they say.
	Care    customer.Store
	Surveys survey.Store
	// Facts are the roll-ups by the days of a zone.
	Facts   func(zone *time.Location, mark fact.Marker) Facts
	Counter counterStore
}

// Outbox is the notices as senders and people work on them.
type Outbox interface {
	prevention.NoticeStore
	prevention.NoticeDecider
}

// Run runs the suite. open returns an empty store that lives until the end of
// the test; it is called once for each subtest, and these run in parallel.
func Run(t *testing.T, open func(testing.TB) Store) {
	for name, group := range map[string]map[string]func(*testing.T, Store){
		"accept":    acceptTests,
		"read":      readTests,
		"changes":   changeTests,
		"decide":    decideTests,
		"queue":     queueTests,
		"history":   historyTests,
		"audit":     auditTests,
		"accounts":  accountTests,
		"people":    peopleTests,
		"keys":      keyTests,
		"chain":     chainTests,
		"replays":   replayTests,
		"runs":      runTests,
		"bad input": badInputTests,

		"life":          lifeTests,
		"workbench":     workbenchTests,
		"record":        recordTests,
		"clusters":      clusterTests,
		"corrections":   correctionTests,
		"work":          workTests,
		"exposures":     exposureTests,
		"daily":         dailyTests,
		"replay":        replayCaseTests,
		"plans":         planTests,
		"outbox":        outboxTests,
		"receipts":      receiptTests,
		"guards":        guardTests,
		"solutions":     solutionTests,
		"event rules":   eventRuleTests,
		"marketing":     marketingTests,
		"announcements": announcementTests,
		"intake":        intakeTests,
		"learning":      learnTests,
		"opinions":      opinionTests,
		"privacy":       privacyTests,
		"persons":       personTests,
		"tiers":         retierTests,
		"contact plan":  contactPlanTests,
		"tasks":         taskTests,
		"campaigns":     campaignTests,
		"surveys":       surveyTests,
		"launch":        launchTests,
		"reports":       reportTests,
		"facts":         factTests,
		"improvements":  improveTests,
		"counter":       counterTests,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for name, test := range group {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					test(t, open(t))
				})
			}
		})
	}
}

// check stops the test at an error.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// equal compares two values; nil and empty are the same.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// code compares the code of an error, "" for none.
func code(t *testing.T, err error, want triage.Code) {
	t.Helper()
	if got := triage.CodeOf(err); got != want {
		t.Errorf("got an error of code %q (%v), want %q", got, err, want)
	}
}
