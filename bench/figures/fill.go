//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
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
)

// fill makes up cases in the order of their time, most of them closed.
func fill(ctx context.Context, db *store.DB, s settings) error {
	rng := rand.New(rand.NewPCG(1, 1))
	end := time.Date(2026, time.July, 1, 0, 0, 0, 0, zone)
	begin := end.AddDate(-s.years, 0, 0)
	apart := end.Sub(begin) / time.Duration(max(s.cases, 1))
	for from := 0; from < s.cases; from += acceptAtOnce {
		cases := make([]triage.Case, min(acceptAtOnce, s.cases-from))
		for i := range cases {
			cases[i] = madeUp(rng, from+i, begin.Add(time.Duration(from+i)*apart))
		}
		if _, err := db.Accept(ctx, cases); err != nil {
			return err
		}
		if err := work(ctx, db, cases[:int(s.worked*float64(len(cases)))]); err != nil {
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

func madeUp(rng *rand.Rand, n int, at time.Time) triage.Case {
	minutes := func(mean float64) time.Time { return at.Add(time.Duration(rng.ExpFloat64()*mean) * time.Minute) }
	id := triage.ComplaintID(fmt.Sprintf("F%08d", n))
	typ := pick(rng, "network", "billing", "marketing", "service", "contract", "privacy")
	department := pick(rng, "网络部", "财务部", "市场部", "客服部", "营业厅")
	c := triage.Case{
		Complaint: triage.Complaint{
			ID: id, CustomerID: triage.CustomerID(fmt.Sprintf("K%07d", rng.IntN(400_000))), Channel: pick(rng, triage.Channels...), At: at,
			Text: pick(rng, texts...), Region: fmt.Sprintf("地区%02d", rng.IntN(31)), Product: fmt.Sprintf("产品%02d", rng.IntN(20)),
			Campaign: pick(rng, "", "", "", "CMP-1", "CMP-2", "CMP-3"),
		},
		Assessment: triage.Assessment{
			ID: id, Pack: "telecom", Type: typ, Subtype: typ + fmt.Sprintf(".%d", rng.IntN(5)), Confidence: 0.9, Department: department,
			Sentiment: nlp.Sentiment{Label: nlp.Negative, Score: -0.5, Intensity: rng.IntN(4)},
			Urgency:   nlp.Urgency{Level: pick(rng, nlp.UrgencyNormal, nlp.UrgencyLow, nlp.UrgencyHigh, nlp.UrgencyCritical)},
			Demand:    pick(rng, nlp.DemandFix, nlp.DemandRefund, nlp.DemandNone), Style: nlp.StyleEmotional,
			Entities: []nlp.Entity{{Kind: nlp.EntityTime, Text: "三天", Start: 4, End: 6, Value: "P3D"}},
			Reasons:  []nlp.Reason{{Text: "宽带", Weight: 2.25}, {Text: "没人来修", Weight: 1.5}},
		},
		Status: triage.StatusReceived, ReceivedAt: at.Add(time.Second),
		Work: triage.Work{
			Owner: fmt.Sprintf("agent%03d", rng.IntN(120)), Department: department, Tier: pick(rng, triage.TierOrdinary, triage.TierHigh, triage.TierVIP), Version: 1,
			Clocks: triage.SLA{RespondBy: at.Add(2 * time.Hour), VerifyBy: at.Add(24 * time.Hour), ResolveBy: at.Add(72 * time.Hour)},
			Cause:  pick(rng, triage.CauseProduct, triage.CauseService, triage.CauseMisunderstanding), CauseDepartment: department,
		},
	}
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

// work gives cases a record, many writers at once so that they share
// transactions.
func work(ctx context.Context, db *store.DB, cases []triage.Case) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var all error
	for w := range writers {
		wg.Go(func() {
			for i := w; i < len(cases); i += writers {
				if err := workOn(ctx, db, cases[i]); err != nil {
					mu.Lock()
					all = errors.Join(all, err)
					mu.Unlock()
					return
				}
			}
		})
	}
	wg.Wait()
	return all
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
