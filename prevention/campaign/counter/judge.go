package counter

import (
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

// Advice is what the clerk is told about one campaign for one customer.
type Advice struct {
	Campaign triage.Campaign
	// Why are all reasons against it; it may be recommended when there is none.
	Why []Why
	// Soon says that it has not begun yet.
	Soon     bool
	Standing Standing
	Fit      Fit
}

// Recommended says whether the campaign may be recommended.
func (a *Advice) Recommended() bool { return len(a.Why) == 0 }

// judge is one judgement: who, when, where and by which rule. A nil customer is
// somebody unknown, whom only campaigns without rules about customers fit.
type judge struct {
	who     *Customer
	now     time.Time
	channel string
	policy  Policy
	zone    *time.Location
}

// against returns every reason against a campaign, in the order of Codes.
func (j *judge) against(c *triage.Campaign, s Standing) []Why {
	why := j.time(c)
	if s.Signal == SignalStop {
		why = append(why, Why{Code: Stopped, Text: s.Reason})
	}
	if c.Channel != "" && j.channel != "" && !strings.Contains(c.Channel, j.channel) {
		why = append(why, Why{Code: OtherChannel, Want: []string{c.Channel}})
	}
	if j.who == nil {
		if ruled(&c.Eligible) {
			why = append(why, Why{Code: Nobody})
		}
	} else {
		why = slices.Concat(why, j.customer(), j.quiet(c), j.earlier(c), j.class(c), j.tenure(c), j.records(c))
	}
	slices.SortStableFunc(why, func(a, b Why) int { return slices.Index(Codes, a.Code) - slices.Index(Codes, b.Code) })
	return why
}

// ruled says whether it takes a known customer to follow the rules.
func ruled(e *triage.Eligibility) bool {
	return len(e.Tiers)+len(e.Regions)+len(e.Needs)+len(e.Excludes)+e.MinMonths+e.MaxMonths > 0
}

func (j *judge) time(c *triage.Campaign) []Why {
	switch {
	case !c.To.IsZero() && j.now.After(c.To):
		return []Why{{Code: Ended, At: c.To}}
	case !c.RunsAt(j.now) && !j.soon(c):
		return []Why{{Code: NotStarted, Until: c.From}}
	}
	return nil
}

// soon says that a campaign begins within the days of the policy.
func (j *judge) soon(c *triage.Campaign) bool {
	return j.now.Before(c.From) && !j.now.AddDate(0, 0, j.policy.SoonDays).Before(c.From)
}

// customer returns what speaks against every campaign.
func (j *judge) customer() (why []Why) {
	if j.who.OptedOut {
		why = append(why, Why{Code: IsOptedOut})
	}
	if n := j.who.open(); n > 0 {
		why = append(why, Why{Code: OpenComplaint, N: n})
	}
	asks := j.asks()
	if most := j.policy.AsksPerMonth; most > 0 && len(asks) >= most {
		why = append(why, Why{Code: AskedOften, N: len(asks), Until: asks[most-1].Add(askWindow)})
	}
	return why
}

// asks returns when the customer was asked within the window, the latest first.
func (j *judge) asks() (at []time.Time) {
	for i := range j.who.Captures {
		c := &j.who.Captures[i]
		if c.Behaviour != CameForIt && !c.At.After(j.now) && j.now.Sub(c.At) < askWindow {
			at = append(at, c.At)
		}
	}
	return at
}

// quiet looks for complaints after which nothing is recommended yet: of those of
// an angry customer and of the others the one that counts longest.
func (j *judge) quiet(c *triage.Campaign) (why []Why) {
	days := j.policy.QuietDays
	if c.Eligible.QuietDays > 0 {
		days = c.Eligible.QuietDays
	}
	for _, kind := range []struct {
		code  Code
		angry bool
		days  int
	}{{ComplainedHard, true, max(days, j.policy.AngryDays)}, {Complained, false, days}} {
		var last time.Time
		for i := range j.who.Complaints {
			x := &j.who.Complaints[i]
			if at := x.touched(j.now); !x.Open && x.Angry == kind.angry && at.After(last) {
				last = at
			}
		}
		if until := last.AddDate(0, 0, kind.days); !last.IsZero() && j.now.Before(until) {
			why = append(why, Why{Code: kind.code, At: last, Until: until})
		}
	}
	return why
}

// earlier looks at what became of this campaign with this customer.
func (j *judge) earlier(c *triage.Campaign) (why []Why) {
	joined := j.who.Joined[c.ID]
	for i := range j.who.Captures {
		x := &j.who.Captures[i]
		if x.Campaign != c.ID {
			continue
		}
		switch until := x.At.AddDate(0, 0, j.policy.RefusedDays); x.Attitude {
		case campaign.Accepted:
			joined = true
		case campaign.Refused, campaign.Annoyed:
			if j.now.Before(until) && !slices.ContainsFunc(why, func(w Why) bool { return w.Code == Declined }) {
				why = append(why, Why{Code: Declined, At: x.At, Until: until, Is: string(x.Attitude)})
			}
		}
	}
	if joined && !c.Eligible.Repeatable {
		why = append(why, Why{Code: Joined})
	}
	return why
}

// class looks at tier and region. A region fits those that begin with its name,
// as sources put the city behind the province.
func (j *judge) class(c *triage.Campaign) (why []Why) {
	e := &c.Eligible
	tier := j.who.Tier
	if tier == "" {
		tier = triage.TierOrdinary
	}
	if len(e.Tiers) > 0 && !slices.Contains(e.Tiers, tier) {
		want := make([]string, len(e.Tiers))
		for i, t := range e.Tiers {
			want[i] = string(t)
		}
		why = append(why, Why{Code: WrongTier, Want: want, Is: string(tier)})
	}
	fits := func(region string) bool { return region != "" && strings.HasPrefix(j.who.Region, region) }
	if len(e.Regions) > 0 && !slices.ContainsFunc(e.Regions, fits) {
		why = append(why, Why{Code: WrongRegion, Want: e.Regions, Is: j.who.Region})
	}
	return why
}

func (j *judge) tenure(c *triage.Campaign) []Why {
	least, most := c.Eligible.MinMonths, c.Eligible.MaxMonths
	if least == 0 && most == 0 {
		return nil
	}
	if j.who.JoinedAt.IsZero() {
		return []Why{{Code: TenureUnknown}}
	}
	switch n := months(j.who.JoinedAt, j.now, j.zone); {
	case n < least:
		return []Why{{Code: TooNew, N: least, Until: j.who.JoinedAt.AddDate(0, least, 0)}}
	case most > 0 && n > most:
		return []Why{{Code: TooOld, N: most}}
	}
	return nil
}

func (j *judge) records(c *triage.Campaign) (why []Why) {
	for _, r := range c.Eligible.Needs {
		if !j.who.Has[r] {
			why = append(why, Why{Code: MissingRecord, Record: r})
		}
	}
	for _, r := range c.Eligible.Excludes {
		if j.who.Has[r] {
			why = append(why, Why{Code: ExcludedRecord, Record: r})
		}
	}
	return why
}
