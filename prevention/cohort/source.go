package cohort

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Customers is what this package reads of the customer file; every
// prevention.CustomerReader is one.
type Customers interface {
	CustomersByID(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error)
	CountByRegion(ctx context.Context) (map[string]int, error)
}

// Sources are the records that rules are found in and applied to.
type Sources struct {
	Exposures prevention.ExposureReader
	Customers Customers
}

// Complainant is one customer of a cluster and the time of the first complaint.
// Region is used when the customer file does not know the customer.
type Complainant struct {
	Customer triage.CustomerID
	At       time.Time
	Region   string
}

// defaultHorizon is longer than a quarter's bill takes to be noticed.
const defaultHorizon = 90 * 24 * time.Hour

// Options sets how Find looks.
type Options struct {
	// Now is required: no complaint and no exposure at or after it is used.
	Now time.Time
	// Horizon is how long before the first complaint exposures count; zero is
	// 90 days.
	Horizon time.Duration
	// Weight is how often a customer complains of anything, relative to others;
	// nil weighs all alike. Shares among customers are weighted by it, so that
	// what frequent complainers use anyway explains nothing.
	Weight func(triage.CustomerID) float64
}

func (o *Options) weigh(id triage.CustomerID) float64 {
	if o.Weight == nil {
		return 1
	}
	return o.Weight(id)
}

// Finding is what Find made of a cluster. Found false is the ordinary answer
// when nothing that the complainants share is significant: then Rule is zero.
type Finding struct {
	Found bool
	Rule  prevention.Rule
	// Evidence has one entry for each value of the rule.
	Evidence []prevention.Evidence
	// Explained of the Known complainants match the rule; Known have exposures
	// before their complaint, Complainants counts all.
	Explained, Known, Complainants int
	// LLR is the log-likelihood ratio of the rule less the logarithm of the
	// number of rules looked at; PValue = exp(-LLR), at most 1, bounds the chance
	// that unrelated complaints share anything as rare.
	LLR    float64
	PValue float64
}
