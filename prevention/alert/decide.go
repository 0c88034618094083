package alert

import (
	"cmp"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// The reasons for which an announcement is dropped or deferred.
const (
	ReasonNoReceiver = "no_receiver" // nobody wants to know
	ReasonInhibited  = "inhibited"   // swallowed by later news of the cluster
	ReasonUntold     = "untold"      // over before anybody was told
	ReasonRepeated   = "repeated"    // told within the repeat interval
	ReasonClosed     = "closed"      // a person has closed or dismissed the cluster
	ReasonSilenced   = "silenced"
	ReasonQuiet      = "quiet"
	ReasonRetry      = "retry"     // the latest attempt failed
	ReasonRejected   = "rejected"  // refused by the channel for ever
	ReasonExhausted  = "exhausted" // out of attempts
)

// known is what the decision about one cluster's news to one receiver rests on.
type known struct {
	told     []prevention.Announcement // to this receiver, latest first
	closed   bool                      // by a person, dismissed, merged or gone
	silenced time.Time                 // zero when not
	now      time.Time
}

// verdict is what becomes of an announcement now. With neither drop nor hold
// it may be told.
type verdict struct {
	drop  string
	hold  string
	until time.Time
}

// decide judges the waiting news of one cluster for one receiver: at most one
// is left to be told. It is pure.
func (a *Announcer) decide(waiting []prevention.Announcement, k known) []verdict {
	verdicts := make([]verdict, len(waiting))
	left := condense(waiting, verdicts, k.toldOfAlarm())
	if left < 0 {
		return verdicts
	}
	n, v := &waiting[left], &verdicts[left]
	isEnd := n.Kind == prevention.AnnounceResolved
	switch {
	case !isEnd && k.closed:
		v.drop = ReasonClosed
	case k.repeats(n, a.d.Config.RepeatInterval):
		v.drop = ReasonRepeated
	case isEnd && !k.silenced.IsZero():
		v.drop = ReasonSilenced
	case !k.silenced.IsZero():
		v.hold, v.until = ReasonSilenced, k.silenced
	case n.Severity != prevention.SeverityCritical && a.d.Config.Quiet.Contains(k.now, a.d.Zone):
		v.hold, v.until = ReasonQuiet, a.d.Config.Quiet.Next(k.now, a.d.Zone)
	case n.NextAt.After(k.now) && n.Reason != ReasonSilenced: // a person may have ended the silence
		v.hold, v.until = n.Reason, n.NextAt
	}
	return verdicts
}

// condense drops all news but the one that matters, and returns its index, -1
// when none does. News is judged in order of time: an alarm swallows an earlier
// one that is not stronger, an alarm cancels an end, an end cancels an alarm
// that nobody was told.
func condense(waiting []prevention.Announcement, verdicts []verdict, told bool) int {
	order := make([]int, len(waiting))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(waiting[i].At.Compare(waiting[j].At), cmp.Compare(waiting[i].ID, waiting[j].ID))
	})
	left := -1
	for _, i := range order {
		end := waiting[i].Kind == prevention.AnnounceResolved
		switch {
		case end && left >= 0 && waiting[left].Kind == prevention.AnnounceResolved:
			verdicts[i].drop = ReasonInhibited
			continue
		case end && left >= 0:
			verdicts[left].drop = ReasonUntold
			left = -1
		case left >= 0 && rank(waiting[left].Kind) > rank(waiting[i].Kind):
			verdicts[i].drop = ReasonInhibited
			continue
		case left >= 0:
			verdicts[left].drop = ReasonInhibited
		}
		if end && !told {
			verdicts[i].drop = ReasonUntold
			continue
		}
		left = i
	}
	return left
}

// rank orders alarms by strength; an end has none.
func rank(k prevention.AnnouncementKind) int {
	return slices.Index([]prevention.AnnouncementKind{
		prevention.AnnounceResolved, prevention.AnnounceRaised, prevention.AnnounceReopened, prevention.AnnounceEscalated,
	}, k)
}

// toldOfAlarm says whether the receiver believes the problem to go on.
func (k *known) toldOfAlarm() bool {
	return len(k.told) > 0 && k.told[0].Kind != prevention.AnnounceResolved
}

// repeats says whether the receiver was told the same within the interval.
func (k *known) repeats(n *prevention.Announcement, interval time.Duration) bool {
	return slices.ContainsFunc(k.told, func(t prevention.Announcement) bool {
		return t.Kind == n.Kind && t.SentAt.After(k.now.Add(-interval))
	})
}
