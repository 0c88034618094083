package outreach

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Outbox is the sender's outbox in the hands of people.
type Outbox interface {
	prevention.NoticeStore
	prevention.NoticeDecider
}

// Guards are who must not be told, with the list of them.
type Guards interface {
	prevention.GuardStore
	prevention.SuppressionLister
}

// Customers reads the customer file and who complained.
type Customers interface {
	CustomersByID(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error)
	Complainants(ctx context.Context, id prevention.ClusterID) (map[triage.CustomerID]time.Time, error)
}

// Exposures reads what customers had to do with.
type Exposures interface {
	ExposuresOf(ctx context.Context, customers []triage.CustomerID, from, to time.Time) ([]triage.Exposure, error)
}

// Complaints reads the latest complaints of a customer, also those that
// detection has not seen yet.
type Complaints interface {
	Recent(ctx context.Context, q triage.RecentQuery) ([]triage.Case, error)
}

// Cohorts selects whom a rule matches, minus those who complained about the
// cluster, were told about it, opted out or were contacted too recently.
type Cohorts interface {
	Select(ctx context.Context, cluster prevention.ClusterID, rule prevention.Rule, now time.Time) (prevention.Cohort, error)
}

// Draw deals customers to the arms: the share holdout of them, to the nearest
// one, is held out. The same customers and seed give the same arms, in any
// order.
type Draw func(customers []triage.CustomerID, holdout float64, seed uint64) map[triage.CustomerID]prevention.Arm
