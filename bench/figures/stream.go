//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const (
	customers    = 400_000
	campaigns    = 60
	contacts     = 1_500_000 // of campaigns
	captures     = 20_000
	improvements = 30
	measured     = 10 // of the improvements, done long enough ago
	// runs is how long a campaign is on.
	runs = 90 * 24 * time.Hour
)

func customerID(n int) triage.CustomerID { return triage.CustomerID(fmt.Sprintf("K%07d", n)) }

func campaignID(n int) string { return fmt.Sprintf("CMP-%d", n+1) }

func campaignName(n int) string { return fmt.Sprintf("充%d送%d", 10*(n+1), 5*(n+2)) }

// starts is when a campaign begins: they follow each other evenly, and five run
// at the end.
func (s settings) starts(n int) time.Time {
	first := s.end.AddDate(-s.years, 0, 0)
	return first.Add(s.end.Add(-7*24*time.Hour).Sub(first) / (campaigns - 1) * time.Duration(n))
}

// surround stores what cases are about: customers, campaigns and whom they
// reached, what was heard at the counter, improvements.
func surround(ctx context.Context, db *store.DB, s settings) error {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, step := range []func(context.Context, *store.DB, settings, *rand.Rand) error{people, advertise, reach, hear, improveOn} {
		if err := step(ctx, db, s, rng); err != nil {
			return err
		}
	}
	return nil
}

func people(ctx context.Context, db *store.DB, s settings, rng *rand.Rand) error {
	list := make([]triage.Customer, customers)
	for i := range list {
		list[i] = triage.Customer{
			ID: customerID(i), Name: "王小明", Phone: triage.Phone(fmt.Sprintf("138%08d", i)), Region: fmt.Sprintf("地区%02d", rng.IntN(31)),
			Tier: pick(rng, triage.TierOrdinary, triage.TierHigh, triage.TierVIP), JoinedAt: s.end.AddDate(-4, 0, -rng.IntN(1000)), OptedOut: rng.IntN(30) == 0,
		}
	}
	_, err := db.PutCustomers(ctx, list)
	return err
}

func advertise(ctx context.Context, db *store.DB, s settings, _ *rand.Rand) error {
	list := make([]triage.Campaign, campaigns)
	for i := range list {
		list[i] = triage.Campaign{
			ID: campaignID(i), Name: campaignName(i), From: s.starts(i), To: s.starts(i).Add(runs), Channel: "sms",
			Rules: "赠送话费自次月起分十二个月返还，合约期内不得销户", Copy: campaignName(i) + "，每月返还，先到先得",
			Objective: "提高充值金额", Owner: agent(i), Department: "市场部", Aliases: []string{campaignName(i) + "话费"},
		}
	}
	_, err := db.PutCampaigns(ctx, list)
	return err
}

// reach lets each campaign reach customers in its first weeks; from the second
// half on by other rules.
func reach(ctx context.Context, db *store.DB, s settings, rng *rand.Rand) error {
	for n := range campaigns {
		list := make([]triage.Exposure, s.share(contacts)/campaigns)
		for i := range list {
			on := time.Duration(float64(i) / float64(len(list)) * float64(min(runs, s.end.Sub(s.starts(n)))))
			rule := "old"
			if 2*i > len(list) {
				rule = "new"
			}
			list[i] = triage.Exposure{
				CustomerID: customerID(rng.IntN(customers)), Kind: campaign.ExposureKind, Key: campaignID(n), At: s.starts(n).Add(on),
				Attrs: map[string]any{"name": campaignName(n), "rule": rule, "wave": fmt.Sprint(rng.IntN(4))},
			}
		}
		if _, err := db.PutExposures(ctx, list); err != nil {
			return err
		}
	}
	return nil
}

func hear(ctx context.Context, db *store.DB, s settings, rng *rand.Rand) error {
	list := make([]counter.Capture, s.share(captures))
	for i := range list {
		n := rng.IntN(campaigns)
		at := s.starts(n).Add(time.Duration(rng.Float64() * float64(min(runs, s.end.Sub(s.starts(n))))))
		list[i] = counter.Capture{
			Campaign: campaignID(n), Customer: customerID(rng.IntN(customers)), Attitude: pick(rng, campaign.Attitudes...),
			Behaviour: pick(rng, counter.Behaviours...), Reasons: []counter.Reason{pick(rng, counter.Reasons...)},
			Clerk: agent(rng.IntN(agents)), Shop: fmt.Sprintf("营业厅%02d", rng.IntN(20)), Source: counter.FromConsole, At: at, Day: fact.DayOf(at, zone), RecordedAt: at,
		}
	}
	return atOnce(list, func(c counter.Capture) error {
		_, _, err := db.Counter().AddCapture(ctx, c, triage.AuditEntry{At: c.At, Actor: c.Clerk, Action: "counter.take"})
		return err
	})
}

func improveOn(ctx context.Context, db *store.DB, s settings, _ *rand.Rand) error {
	today := fact.DayOf(s.end, zone)
	for i := range improvements {
		a := improve.Improvement{
			Title: fmt.Sprintf("改进%02d", i+1), Scope: fact.Filter{}.With(fact.Region, fmt.Sprintf("地区%02d", i)), Owner: agent(i), Department: department(i),
			Due: today - 20, Target: -0.2, Status: improve.Planned, CreatedAt: s.end.AddDate(0, -6, 0), CreatedBy: agent(0), UpdatedAt: s.end,
		}
		if i < measured {
			a.Status, a.Started, a.Done = improve.Done, today-100, today-90
		}
		_, err := db.PutImprovement(ctx, a, improve.Remark{At: s.end, By: agent(0), Status: a.Status},
			triage.AuditEntry{At: s.end, Actor: agent(0), Action: "improvement.add"})
		if err != nil {
			return err
		}
	}
	return nil
}

// atOnce does something with each of a list, many at once so that they share
// transactions.
func atOnce[T any](list []T, do func(T) error) error {
	var wg sync.WaitGroup
	failed := make([]error, writers)
	for w := range writers {
		wg.Go(func() {
			for i := w; i < len(list) && failed[w] == nil; i += writers {
				failed[w] = do(list[i])
			}
		})
	}
	wg.Wait()
	return errors.Join(failed...)
}
