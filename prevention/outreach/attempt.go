package outreach

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// settleLimit bounds the storing of an outcome after the context has ended.
const settleLimit = 10 * time.Second

// attempt sends one notice: choose the channel, wait for the rate, begin, check
// once more, send, settle. Until Begin nothing has happened; from then on the
// notice is this sender's alone.
func (r *round) attempt(ctx context.Context, plan *prevention.Plan, n prevention.Notice, c *triage.Customer, e *triage.Exposure) error {
	ch, more, ok := r.write.route(plan.Channels, &n, c)
	if !ok {
		if n.Reason == ReasonRejected || n.Reason == ReasonExhausted {
			return r.conclude(ctx, n, end(n, prevention.NoticeFailed, n.Reason))
		}
		return r.conclude(ctx, n, end(n, prevention.NoticeSkipped, ReasonNoAddress))
	}
	m, err := r.write.message(plan.Template, &ch, c.Name.Reveal(), c, e)
	if err != nil {
		return r.conclude(ctx, n, end(n, prevention.NoticeSkipped, reasonFor(err)))
	}
	if doubtful(&n) && r.d.Now().Sub(n.BegunAt) > r.d.Policy.KeyLife {
		return r.conclude(ctx, n, end(n, prevention.NoticeUnclear, ReasonUnknown))
	}
	gate := r.gates[ch.Name]
	if until := gate.shut(r.d.Now()); !until.IsZero() {
		later := n
		later.NextAt = until
		if n.Reason == "" {
			later.Reason = ReasonChannelDown
		}
		return r.conclude(ctx, n, later)
	}
	if err := gate.wait(ctx); err != nil {
		return err
	}
	before := n
	n.Channel, n.Key, n.Attempts, n.BegunAt = ch.Name, keyOf(&n, ch.Name), n.Attempts+1, r.d.Now()
	if r.quiet(n.BegunAt) {
		return errQuiet
	}
	if won, err := r.d.Outbox.Begin(ctx, n); err != nil || !won {
		return err
	}
	n.State, m.Key = prevention.NoticeSending, n.Key
	r.advance()

	// What was begun is brought to an end even when the context is cancelled.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.d.Policy.SendTimeout+settleLimit)
	defer cancel()
	if proceed, err := r.recheck(ctx, plan, before, n, &ch, m.To); err != nil || !proceed {
		return err
	}
	return r.send(ctx, attempted{notice: n, channel: &ch, more: more}, m)
}

// conclude brings a queued notice to an end, or defers it, without an attempt.
// It claims the notice first, under no key: another sender may have begun it
// since it was read.
func (r *round) conclude(ctx context.Context, n, ended prevention.Notice) error {
	n.Key, n.BegunAt = "", r.d.Now()
	if won, err := r.d.Outbox.Begin(ctx, n); err != nil || !won {
		return err
	}
	r.advance()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	return r.settle(ctx, ended)
}

// recheck looks again at what may have changed between the reading of the batch
// and Begin: rate limits and the store may have taken their time. When the
// notice may not go out it is settled, and proceed is false. Past the lease it
// is somebody else's, and left alone.
func (r *round) recheck(ctx context.Context, plan *prevention.Plan, before, n prevention.Notice, ch *prevention.Channel, to string) (proceed bool, err error) {
	now := r.d.Now()
	f, err := r.guard.look(ctx, []triage.CustomerID{n.Customer}, now)
	var reason string
	var complained bool
	if err == nil {
		reason = r.guard.forbids(f, &n, 1)
		complained, err = r.guard.complained(ctx, &n, plan.Cluster == "", now)
	}
	if complained && reason == "" {
		reason = ReasonComplained
	}
	c := f.customerOf(n.Customer)
	now = r.d.Now()
	age := now.Sub(n.BegunAt)
	switch {
	case age >= r.d.Policy.Lease:
		return false, err
	case err != nil:
		// Nothing has left: queue it again, and report why.
		before.NextAt = now
		if errSettle := r.settle(ctx, before); errSettle != nil {
			return false, errSettle
		}
		return false, err
	case reason != "":
		return false, r.settle(ctx, end(n, prevention.NoticeSkipped, reason))
	case r.quiet(now), age > r.d.Policy.Lease-r.d.Policy.SendTimeout, addressOf(ch, &c) != to:
		before.NextAt = now
		return false, r.settle(ctx, before)
	}
	return true, nil
}

// customerOf is safe on nil facts.
func (f *facts) customerOf(id triage.CustomerID) triage.Customer {
	if f == nil {
		return triage.Customer{}
	}
	return f.customers[id]
}

// send makes the attempt and stores its end. An attempt that took longer than
// the lease belongs to somebody else by now: unless it succeeded, its end is
// left to them.
func (r *round) send(ctx context.Context, a attempted, m prevention.Message) error {
	sendCtx, cancel := context.WithTimeout(ctx, r.d.Policy.SendTimeout)
	a.receipt, a.err = a.channel.Sender.Send(sendCtx, m)
	cancel()
	a.at = r.d.Now()
	outcome := outcomeOf(a.err)
	r.gates[a.channel.Name].report(outcome == "" || outcome == prevention.OutcomeRejected, a.at)
	if a.err != nil {
		r.d.Log.WarnContext(ctx, "outreach: attempt failed", "notice", a.notice.ID, "channel", a.channel.Name, "err", a.err)
		if a.at.Sub(a.notice.BegunAt) >= r.d.Policy.Lease {
			return nil
		}
	}
	return r.settle(ctx, r.d.Policy.after(a))
}
