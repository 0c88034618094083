package life

import (
	"fmt"
	"math"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// Priority is urgency × value of the customer × age, where the weight of age
// doubles with every halfLife of waiting:
//
//	P(t) = U · V · 2^((t − At) / halfLife)
//
// Two cases never change places as time goes by, because t scales both alike.
// So the order needs no clock: it is that of log2 P without t, as a time,
//
//	PriorityAt = At − halfLife · log2(U · V)
//
// the earliest first (the idea of exponentially weighted ageing, and of forward
// decay by Cormode et al., 2009). A factor of two is worth one day of waiting.
// Critical cases, in which somebody may come to harm, go before all others,
// whatever their age. How loud a customer is (sentiment, intensity) is no part
// of it.
const halfLife = 24 * time.Hour

// ahead is how far critical cases are put before others: longer than any case
// waits.
const ahead = 100 * 365 * 24 * time.Hour

// urgencyWeight and tierWeight are judgements: an urgent case of an ordinary
// customer is worth as much as an ordinary one of a VIP, two days of waiting.
var (
	urgencyWeight = map[nlp.UrgencyLevel]float64{nlp.UrgencyLow: 0.5, nlp.UrgencyNormal: 1, nlp.UrgencyHigh: 4, nlp.UrgencyCritical: 8}
	tierWeight    = map[triage.Tier]float64{triage.TierOrdinary: 1, triage.TierPotential: 1.5, triage.TierHigh: 2, triage.TierVIP: 4}
)

func weights(c *triage.Case) (urgency, tier float64) {
	urgency, tier = urgencyWeight[c.Assessment.Urgency.Level], tierWeight[c.Work.Tier]
	if urgency == 0 {
		urgency = 1
	}
	if tier == 0 {
		tier = 1
	}
	return urgency, tier
}

func since(c *triage.Case) time.Time {
	if c.At.IsZero() {
		return c.ReceivedAt
	}
	return c.At
}

func critical(c *triage.Case) bool { return c.Assessment.Urgency.Level == nlp.UrgencyCritical }

// PriorityAt is the sort key of a case by its urgency, tier and time; the weights
// count to the millisecond.
func PriorityAt(c *triage.Case) time.Time {
	u, v := weights(c)
	lead := math.Round(math.Log2(u*v) * float64(halfLife.Milliseconds()))
	at := since(c).Add(-time.Duration(lead) * time.Millisecond)
	if critical(c) {
		at = at.Add(-ahead)
	}
	return at
}

// Rank is the priority of a case with its reasons.
type Rank struct {
	// Score is log2 P: one more is twice the priority. Critical cases come
	// first whatever their score.
	Score    float64
	Critical bool
	Reasons  []Reason
}

// Reason is one factor of a priority.
type Reason struct {
	// Factor is "harm", "urgency", "tier" or "age"; Value its level: a level of
	// urgency, a tier, or a number of hours.
	Factor string
	Value  string
	// Times is the weight.
	Times float64
	// Text says it in Chinese.
	Text string
}

var (
	urgencyNames = map[nlp.UrgencyLevel]string{nlp.UrgencyLow: "低", nlp.UrgencyNormal: "一般", nlp.UrgencyHigh: "高", nlp.UrgencyCritical: "危急"}
	tierNames    = map[triage.Tier]string{
		triage.TierOrdinary: "普通客户", triage.TierPotential: "潜力客户", triage.TierHigh: "高价值客户", triage.TierVIP: "VIP 客户",
	}
)

// Priority says how urgent a case is now, and why.
func Priority(c *triage.Case, now time.Time) Rank {
	u, v := weights(c)
	age := max(now.Sub(since(c)), 0)
	ageing := float64(age) / float64(halfLife)
	r := Rank{Score: math.Log2(u*v) + ageing, Critical: critical(c)}
	if r.Critical {
		r.Reasons = append(r.Reasons, Reason{Factor: "harm", Value: "critical", Times: 1, Text: "涉及安全或人身伤害，先于一切处理"})
	}
	level, tier := c.Assessment.Urgency.Level, c.Work.Tier
	if name := urgencyNames[level]; name != "" {
		r.Reasons = append(r.Reasons, Reason{"urgency", string(level), u, fmt.Sprintf("紧急程度%s（×%g）", name, u)})
	}
	if name := tierNames[tier]; name != "" {
		r.Reasons = append(r.Reasons, Reason{"tier", string(tier), v, fmt.Sprintf("%s（×%g）", name, v)})
	}
	hours := int(age.Hours())
	r.Reasons = append(r.Reasons, Reason{"age", fmt.Sprint(hours), math.Exp2(ageing), "已等待 " + waited(hours)})
	return r
}

func waited(hours int) string {
	if hours < 48 {
		return fmt.Sprintf("%d 小时", hours)
	}
	return fmt.Sprintf("%d 天", hours/24)
}
