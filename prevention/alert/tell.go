package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/qianyi-dev/qianyi/prevention"
)

// run is one Tick.
type run struct {
	*Announcer
	now      time.Time
	silenced map[prevention.ClusterID]time.Time
	clusters map[prevention.ClusterID]*subject
	report   *Report
}

// tell judges what waits for one receiver and sends what is due in one message.
func (r *run) tell(ctx context.Context, waiting []prevention.Announcement) error {
	to, ok := r.receivers[waiting[0].Receiver]
	if !ok {
		for i := range waiting {
			r.drop(&waiting[i], ReasonNoReceiver)
		}
		return r.settle(ctx, waiting)
	}
	due, changed, err := r.judge(ctx, waiting)
	if err != nil {
		return err
	}
	if err := r.settle(ctx, changed); err != nil {
		return err
	}
	if !r.ready(due) || !to.limiter.AllowN(r.now, 1) {
		return nil
	}
	var items []item
	for _, n := range due {
		s, err := r.subject(ctx, n.Cluster)
		if err != nil {
			return err
		}
		items = append(items, item{kind: n.Kind, severity: n.Severity, cluster: &s.cluster})
	}
	m := r.write(items)
	m.Key, m.To = keyOf(due), to.To
	sendCtx, cancel := context.WithTimeout(ctx, r.d.Config.SendTimeout)
	_, err = to.channel.Sender.Send(sendCtx, m)
	cancel()
	if err != nil {
		r.d.Log.WarnContext(ctx, "alert: could not tell", "receiver", to.Name, "announcements", len(due), "err", err)
	}
	for i := range due {
		r.after(&due[i], err)
	}
	// The message may be out: that is stored even when the context has ended.
	return r.settle(context.WithoutCancel(ctx), due)
}

// judge parts what waits for one receiver into what is due now and what is
// dropped or deferred.
func (r *run) judge(ctx context.Context, waiting []prevention.Announcement) (due, changed []prevention.Announcement, err error) {
	byCluster := map[prevention.ClusterID][]prevention.Announcement{}
	var order []prevention.ClusterID
	for _, n := range waiting {
		if byCluster[n.Cluster] == nil {
			order = append(order, n.Cluster)
		}
		byCluster[n.Cluster] = append(byCluster[n.Cluster], n)
	}
	for _, id := range order {
		news := byCluster[id]
		s, err := r.subject(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		k := known{closed: s.closed(), silenced: r.silenced[id], now: r.now}
		k.told = slices.DeleteFunc(slices.Clone(s.told), func(n prevention.Announcement) bool { return n.Receiver != news[0].Receiver })
		for i, v := range r.decide(news, k) {
			switch n := news[i]; {
			case v.drop != "":
				r.drop(&n, v.drop)
				changed = append(changed, n)
			case v.hold == "":
				due = append(due, n)
			case n.Reason != v.hold || !n.NextAt.Equal(v.until):
				n.Reason, n.NextAt = v.hold, v.until
				r.report.Deferred++
				changed = append(changed, n)
			}
		}
	}
	return due, changed, nil
}

func (r *run) drop(n *prevention.Announcement, reason string) {
	n.Reason, n.NextAt = reason, time.Time{}
	r.report.Dropped++
}

// ready says whether the first of the group has waited for the others.
func (r *run) ready(due []prevention.Announcement) bool {
	return slices.ContainsFunc(due, func(n prevention.Announcement) bool {
		return !n.At.Add(r.d.Config.GroupWait).After(r.now)
	})
}

// after notes the end of an attempt.
func (r *run) after(n *prevention.Announcement, err error) {
	n.Attempts++
	if err == nil {
		n.SentAt, n.NextAt, n.Reason = r.now, time.Time{}, ""
		r.report.Told++
		return
	}
	wait := interval(r.d.Config.Backoff, n.Attempts)
	if e, ok := errors.AsType[*prevention.SendError](err); ok {
		if e.Outcome == prevention.OutcomeRejected {
			r.drop(n, ReasonRejected)
			return
		}
		wait = max(wait, min(e.RetryAfter, maxInterval))
	}
	if n.Attempts >= r.d.Config.MaxAttempts {
		r.drop(n, ReasonExhausted)
		return
	}
	n.Reason, n.NextAt = ReasonRetry, r.now.Add(wait)
	r.report.Deferred++
}

// maxInterval bounds the wait between attempts.
const maxInterval = time.Hour

// interval is how long to wait after so many attempts, from 1.
func interval(first time.Duration, attempts int) time.Duration {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier = first, maxInterval, 3
	b.Reset()
	var d time.Duration
	for range attempts {
		d = b.NextBackOff()
	}
	return d
}

// keyOf is the same for the same announcements.
func keyOf(due []prevention.Announcement) string {
	h := sha256.New()
	for _, n := range due {
		fmt.Fprintf(h, "%d\n", n.ID)
	}
	return "qy-alert-" + hex.EncodeToString(h.Sum(nil)[:16])
}
