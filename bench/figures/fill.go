//go:build unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/reply"
)

var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

const (
	acceptAtOnce = 2000
	writers      = 32
	agents       = 60
)

// fill makes up cases in the order of their time, most of them closed.
func fill(ctx context.Context, db *store.DB, s settings) error {
	rng := rand.New(rand.NewPCG(1, 1))
	begin := s.end.AddDate(-s.years, 0, 0)
	apart := s.end.Sub(begin) / time.Duration(max(s.cases, 1))
	for from := 0; from < s.cases; from += acceptAtOnce {
		cases := make([]triage.Case, min(acceptAtOnce, s.cases-from))
		for i := range cases {
			cases[i] = s.madeUp(rng, from+i, begin.Add(time.Duration(from+i)*apart))
		}
		if _, err := db.Accept(ctx, cases); err != nil {
			return err
		}
		worked := cases[:int(s.worked*float64(len(cases)))]
		if err := atOnce(worked, func(c triage.Case) error { return workOn(ctx, db, c) }); err != nil {
			return err
		}
	}
	return nil
}

func pick[T any](rng *rand.Rand, from ...T) T {
	return from[int(rng.Float64()*rng.Float64()*float64(len(from)))]
}

var texts = []string{
	"宽带断了三天没人来修，打了好几次电话都说在排队，影响孩子上网课。", "这个月话费多扣了五十元，请核实后退还。",
	"办理套餐时说好可以随时取消，现在又说要违约金，再不处理我就打12315投诉。", "营业厅排队两个小时，工作人员态度也不好。",
	"短信一天收到好几条营销信息，退订了还在发，打算向工信部反映。", "充值没有到账，客服一直让等。",
}

var departments = []string{"网络部", "财务部", "市场部", "客服部", "营业厅", "政企部", "渠道部", "信息部"}

func agent(n int) string { return fmt.Sprintf("agent%02d", n%agents) }

func department(n int) string { return departments[n%len(departments)] }

// share is the part of a number for a million cases.
func (s settings) share(n int) int { return int(int64(n) * int64(s.cases) / 1_000_000) }

// marketed makes some texts about a campaign that is on: by what its source
// says, or by name.
func (s settings) marketed(rng *rand.Rand, c *triage.Complaint) {
	if rng.IntN(8) > 0 {
		return
	}
	for n := rng.IntN(campaigns); n < campaigns; n++ {
		if on := c.At.Sub(s.starts(n)); on < 0 || on > runs {
			continue
		}
		if rng.IntN(2) == 0 {
			c.Campaign = campaignID(n)
		} else {
			c.Text = "办了" + campaignName(n) + "的活动，" + c.Text
		}
		return
	}
}

func (s settings) madeUp(rng *rand.Rand, n int, at time.Time) triage.Case {
	minutes := func(mean float64) time.Time { return at.Add(time.Duration(rng.ExpFloat64()*mean) * time.Minute) }
	id := triage.ComplaintID(fmt.Sprintf("F%08d", n))
	typ := pick(rng, "network", "billing", "marketing", "service", "contract", "privacy")
	owner := rng.IntN(agents)
	c := triage.Case{
		Complaint: triage.Complaint{
			ID: id, CustomerID: customerID(rng.IntN(customers)), Channel: pick(rng, triage.Channels...), At: at,
			Text: pick(rng, texts...), Region: fmt.Sprintf("地区%02d", rng.IntN(31)), Product: fmt.Sprintf("产品%02d", rng.IntN(20)),
		},
		Assessment: triage.Assessment{
			ID: id, Pack: "telecom", Type: typ, Subtype: typ + fmt.Sprintf(".%d", rng.IntN(5)), Confidence: 0.9, Department: department(owner),
			Sentiment: nlp.Sentiment{Label: nlp.Negative, Score: -0.5, Intensity: rng.IntN(4)},
			Urgency:   nlp.Urgency{Level: pick(rng, nlp.UrgencyNormal, nlp.UrgencyLow, nlp.UrgencyHigh, nlp.UrgencyCritical)},
			Demand:    pick(rng, nlp.DemandFix, nlp.DemandRefund, nlp.DemandNone), Style: nlp.StyleEmotional,
			Entities: []nlp.Entity{{Kind: nlp.EntityTime, Text: "三天", Start: 4, End: 6, Value: "P3D"}},
			Reasons:  []nlp.Reason{{Text: "宽带", Weight: 2.25}, {Text: "没人来修", Weight: 1.5}},
		},
		Status: triage.StatusReceived, ReceivedAt: at.Add(time.Second),
		Work: triage.Work{
			Owner: agent(owner), Department: department(owner), Tier: pick(rng, triage.TierOrdinary, triage.TierHigh, triage.TierVIP), Version: 1,
			Clocks: triage.SLA{RespondBy: at.Add(2 * time.Hour), VerifyBy: at.Add(24 * time.Hour), ResolveBy: at.Add(72 * time.Hour)},
			Cause:  pick(rng, triage.CauseProduct, triage.CauseService, triage.CauseMisunderstanding), CauseDepartment: department(owner),
		},
	}
	s.marketed(rng, &c.Complaint)
	if rng.IntN(50) > 0 {
		c.Status, c.Resolution = triage.StatusClosed, "已核实并处理，客户认可"
		c.Work.RespondedAt, c.Work.VerifiedAt, c.ClosedAt = minutes(60), minutes(900), minutes(2500)
		score := float64(20 * rng.IntN(6))
		c.Satisfaction = &score
	}
	if rng.IntN(12) == 0 {
		c.Predecessor = "F00000000"
	}
	return c
}

func workOn(ctx context.Context, db *store.DB, c triage.Case) error {
	at := c.At
	entry := triage.AuditEntry{At: at, Actor: "agent", Action: "move", Object: triage.CaseObject(c.ID)}
	from := triage.StatusReceived
	for n, to := range []triage.Status{triage.StatusAcknowledged, triage.StatusVerifying, c.Status} {
		at = at.Add(time.Duration(n+1) * 40 * time.Minute)
		ch := life.Change{Case: c, Audit: entry, Step: life.Step{
			Case: c.ID, Move: life.MoveAssign, From: from, To: to, Owner: c.Work.Owner, Department: c.Work.Department, By: "agent", Entered: at,
		}}
		ch.Case.Status, ch.Case.Work.Version, from = to, c.Work.Version+int64(n), to
		if err := db.Advance(ctx, ch); err != nil {
			return err
		}
	}
	_, err := db.AddMessage(ctx, reply.Message{
		Complaint: c.ID, Direction: reply.Out, Text: "您好，您反映的问题我们已经核实，费用将在三个工作日内退回，请留意查收。", By: "agent", At: at,
	}, entry)
	return err
}
