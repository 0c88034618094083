package outreach

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Tick queues the notices of all approved rules for the mishaps up to now, and
// returns how many it added. It may be run again at any time and after any
// crash: a mishap is queued once. An error of one rule does not keep the others
// from their work.
func (r *Rules) Tick(ctx context.Context, now time.Time) (added int, err error) {
	rules, err := r.store.EventRules(ctx)
	if err != nil {
		return 0, fmt.Errorf("outreach: read event rules: %w", err)
	}
	var failed []error
	for i := range rules {
		if rules[i].Status != prevention.EventRuleApproved {
			continue
		}
		n, err := r.apply(ctx, &rules[i], now)
		added += n
		if err != nil {
			failed = append(failed, fmt.Errorf("outreach: rule %s: %w", rules[i].ID, err))
		}
	}
	return added, errors.Join(failed...)
}

func (r *Rules) apply(ctx context.Context, rule *prevention.EventRule, now time.Time) (int, error) {
	plan, found, err := r.plan(ctx, rule.ID)
	if err != nil || !found || plan.Status != prevention.PlanRunning {
		return 0, err
	}
	if err := r.withdraw(ctx, rule, &plan, now); err != nil {
		return 0, err
	}
	from, to := r.window(rule, now)
	if !from.Before(to) {
		return 0, nil // the clock ran backwards, or nothing has waited long enough
	}
	mishaps, err := r.mishaps(ctx, rule, from, to)
	if err != nil {
		return 0, err
	}
	if mishaps, err = r.standing(ctx, rule, mishaps, now); err != nil {
		return 0, err
	}
	if mishaps, err = r.unrepeated(ctx, rule.ID, plan.ID, mishaps, now); err != nil {
		return 0, err
	}
	notices, through, err := r.capped(ctx, rule, &plan, mishaps, to, now)
	if err != nil {
		return 0, err
	}
	return r.store.Enqueue(ctx, rule.ID, through, notices)
}

// window is which exposures to look at: again those that may have come in late,
// none that is too old to be told or from before the approval, and none that
// has not waited long enough.
func (r *Rules) window(rule *prevention.EventRule, now time.Time) (from, to time.Time) {
	policy := &r.desk.d.Policy
	from, to = rule.ApprovedAt, now.Add(-rule.Wait)
	for _, t := range []time.Time{to.Add(-policy.RuleMaxAge), rule.Through.Add(-policy.RuleLookback), rule.When.From} {
		if t.After(from) {
			from = t
		}
	}
	if !rule.When.To.IsZero() && rule.When.To.Before(to) {
		to = rule.When.To
	}
	return from, to
}

// mishaps returns the exposures that fit When, oldest first.
func (r *Rules) mishaps(ctx context.Context, rule *prevention.EventRule, from, to time.Time) ([]triage.Exposure, error) {
	var list []triage.Exposure
	err := r.exposures.ScanExposures(ctx, rule.When.Kind, rule.When.Key, from, to, func(e triage.Exposure) error {
		if e.CustomerID != "" && fits(&rule.When, &e) {
			list = append(list, e)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read exposures: %w", err)
	}
	slices.SortFunc(list, func(a, b triage.Exposure) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.CustomerID, b.CustomerID))
	})
	return list, nil
}

// standing leaves out the mishaps that were undone since, and of the others all
// but the first of each customer.
func (r *Rules) standing(ctx context.Context, rule *prevention.EventRule, mishaps []triage.Exposure, now time.Time) ([]triage.Exposure, error) {
	at := make(map[triage.CustomerID]time.Time, len(mishaps))
	for _, e := range slices.Backward(mishaps) {
		at[e.CustomerID] = e.At // the earliest
	}
	undone, err := r.undone(ctx, rule, at, now)
	if err != nil {
		return nil, err
	}
	seen := map[triage.CustomerID]bool{}
	return slices.DeleteFunc(mishaps, func(e triage.Exposure) bool {
		if seen[e.CustomerID] || undone[e.CustomerID].After(e.At) {
			return true
		}
		seen[e.CustomerID] = true
		return false
	}), nil
}

// undone returns when the customers, whose first mishap was at that time, last
// had what undoes one.
func (r *Rules) undone(ctx context.Context, rule *prevention.EventRule, at map[triage.CustomerID]time.Time, now time.Time) (map[triage.CustomerID]time.Time, error) {
	if rule.Unless.Kind == "" || len(at) == 0 {
		return nil, nil
	}
	ids := slices.Collect(maps.Keys(at))
	since := slices.MinFunc(slices.Collect(maps.Values(at)), time.Time.Compare)
	later, err := r.exposures.ExposuresOf(ctx, ids, since, now.Add(time.Millisecond))
	if err != nil {
		return nil, fmt.Errorf("read exposures: %w", err)
	}
	undone := map[triage.CustomerID]time.Time{}
	for i := range later {
		e := &later[i]
		if fits(&rule.Unless, e) && e.At.After(undone[e.CustomerID]) {
			undone[e.CustomerID] = e.At
		}
	}
	return undone, nil
}

// withdraw skips the queued notices whose mishap was undone while they waited,
// for the end of quiet hours or for their channel. One that may have been sent
// is left to the sender.
func (r *Rules) withdraw(ctx context.Context, rule *prevention.EventRule, plan *prevention.Plan, now time.Time) error {
	if rule.Unless.Kind == "" {
		return nil
	}
	q := prevention.NoticeQuery{Plan: plan.ID, States: []prevention.NoticeState{prevention.NoticeQueued}, Limit: batch}
	for {
		page, err := r.desk.d.Notices.Notices(ctx, q)
		if err != nil || len(page) == 0 {
			return err
		}
		at := make(map[triage.CustomerID]time.Time, len(page))
		for i := range page {
			n := &page[i]
			if first, ok := at[n.Customer]; !ok || n.Exposed.Before(first) {
				at[n.Customer] = n.Exposed
			}
		}
		undone, err := r.undone(ctx, rule, at, now)
		if err != nil {
			return err
		}
		for _, n := range page {
			if doubtful(&n) || !undone[n.Customer].After(n.Exposed) {
				continue
			}
			if err := r.skip(ctx, n, now); err != nil {
				return err
			}
		}
		q.After = page[len(page)-1].ID
	}
}

// skip claims a queued notice as an attempt does, under no key, so that no
// sender has it meanwhile, and ends it.
func (r *Rules) skip(ctx context.Context, n prevention.Notice, now time.Time) error {
	claim := n
	claim.Key, claim.BegunAt = "", now
	won, err := r.desk.d.Outbox.Begin(ctx, claim)
	if err == nil && won {
		_, err = r.desk.d.Outbox.Settle(ctx, end(n, prevention.NoticeSkipped, ReasonUndone))
	}
	if err != nil {
		return fmt.Errorf("skip notice %d: %w", n.ID, err)
	}
	return nil
}

// unrepeated leaves out the customers to whom the rule has a notice of late,
// held-out ones included, but for one whose mishap was undone before it was sent.
func (r *Rules) unrepeated(ctx context.Context, rule prevention.EventRuleID, plan prevention.PlanID, mishaps []triage.Exposure, now time.Time) ([]triage.Exposure, error) {
	since := now.Add(-r.desk.d.Policy.RuleRepeat)
	var failed error
	mishaps = slices.DeleteFunc(mishaps, func(e triage.Exposure) bool {
		if failed != nil {
			return false
		}
		var notices []prevention.Notice
		notices, failed = r.desk.d.Notices.Notices(ctx, prevention.NoticeQuery{Plan: plan, Customer: e.CustomerID})
		return slices.ContainsFunc(notices, func(n prevention.Notice) bool {
			return n.Reason != ReasonUndone && n.CreatedAt.After(since) || n.Cause == mishapCause(rule, e)
		})
	})
	return mishaps, failed
}

// capped makes the notices that the day's cap allows. Through is how far the
// exposures are dealt with: only up to the first that has to wait for another
// day. One that came in late and has to wait is found again for as long as the
// look-back reaches.
func (r *Rules) capped(ctx context.Context, rule *prevention.EventRule, plan *prevention.Plan, mishaps []triage.Exposure, to, now time.Time) ([]prevention.Notice, time.Time, error) {
	local := now.In(r.desk.d.Zone)
	y, m, d := local.Date()
	today, err := r.store.EnqueuedSince(ctx, rule.ID, time.Date(y, m, d, 0, 0, 0, 0, r.desk.d.Zone))
	if err != nil {
		return nil, to, fmt.Errorf("count notices of today: %w", err)
	}
	left := rule.DailyCap - today
	due := r.desk.d.Policy.Quiet.Next(now, r.desk.d.Zone)
	var notices []prevention.Notice
	for _, e := range mishaps {
		n := prevention.Notice{
			Plan: plan.ID, Cause: mishapCause(rule.ID, e), Customer: e.CustomerID,
			Arm: prevention.ArmTold, State: prevention.NoticeQueued,
			Score: 1, Exposed: e.At, NextAt: due, CreatedAt: now,
		}
		if heldOut(plan, e.CustomerID) {
			n.Arm, n.State = prevention.ArmHeld, prevention.NoticeHeld
		} else if left--; left < 0 {
			return notices, e.At, nil
		}
		notices = append(notices, n)
	}
	return notices, to, nil
}

// mishapCause names a mishap by customer and time, the same on every look.
func mishapCause(rule prevention.EventRuleID, e triage.Exposure) prevention.Cause {
	sum := sha256.Sum256([]byte(string(e.CustomerID) + "\x00" + strconv.FormatInt(e.At.UnixMilli(), 10)))
	return prevention.Cause("rule:" + string(rule) + ":" + hex.EncodeToString(sum[:8]))
}

// heldOut draws a customer's arm: one at a time, because a rule's recipients
// come one by one, and for ever, because a customer who is told this time and
// held out the next belongs to neither arm. The chance is the plan's hold-out.
func heldOut(p *prevention.Plan, id triage.CustomerID) bool {
	var key [8]byte
	binary.LittleEndian.PutUint64(key[:], p.Seed)
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(id))
	u := binary.LittleEndian.Uint64(mac.Sum(nil))
	return float64(u>>11)/(1<<53) < p.Holdout
}
