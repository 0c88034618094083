package storetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// factWorld lets things happen to cases at random, through the ports alone.
type factWorld struct {
	t     *testing.T
	s     Store
	rng   *rand.Rand
	ids   []triage.ComplaintID
	tier  map[triage.CustomerID]triage.Tier
	steps int
	// sending are messages that are on their way.
	sending []reply.Message
}

func newFactWorld(t *testing.T, s Store, seed uint64) *factWorld {
	w := &factWorld{t: t, s: s, rng: rand.New(rand.NewPCG(seed, seed)), tier: map[triage.CustomerID]triage.Tier{}} //nolint:gosec // repeatable
	var list []triage.Customer
	for n := range 5 {
		id := triage.CustomerID(fmt.Sprintf("k%d", n))
		list = append(list, triage.Customer{ID: id, Tier: triage.TierOrdinary})
		w.tier[id] = triage.TierOrdinary
	}
	_, err := s.PutCustomers(t.Context(), list)
	check(t, err)
	return w
}

// live lets n things happen.
func (w *factWorld) live(n int) {
	w.t.Helper()
	for range n {
		if len(w.ids) == 0 || chance(w.rng, 30) {
			w.complain()
			continue
		}
		id := pick(w.rng, w.ids...)
		pick(w.rng, w.confirm, w.work, w.work, w.work, w.reply, w.settle, w.survey, w.survey, w.attribute, w.retier)(id)
	}
}

func (w *factWorld) when() time.Time {
	return start.Add(time.Duration(w.rng.IntN(5*24*60*60*1000)) * time.Millisecond)
}

// maybe returns a time, or none.
func (w *factWorld) maybe() time.Time {
	if chance(w.rng, 40) {
		return time.Time{}
	}
	return w.when()
}

var factTexts = []string{
	"话费多扣了", "再不退费就去12315投诉", "我要向工信部申诉", "马上联系记者曝光你们", "我的律师会处理，等着起诉", "打12345反映了", "宽带很慢 &<script>",
}

func (w *factWorld) complain() {
	var cases []triage.Case
	for range 1 + w.rng.IntN(4) {
		id := triage.ComplaintID(fmt.Sprintf("f%05d", len(w.ids)))
		c := triage.Case{
			Complaint: triage.Complaint{
				ID: id, At: w.when(), Text: pick(w.rng, factTexts...), Channel: pick(w.rng, triage.Channels...),
				CustomerID: pick(w.rng, "", triage.CustomerID(fmt.Sprintf("k%d", w.rng.IntN(5)))),
				Region:     pick(w.rng, "", "广东/深圳", "北京"), Product: pick(w.rng, "宽带", "5G", "=1+1"), Campaign: pick(w.rng, "", "spring", "autumn"),
			},
			Assessment: triage.Assessment{
				Type: pick(w.rng, "billing", "network"), Subtype: pick(w.rng, "a", "b"), NeedsReview: chance(w.rng, 30), Department: pick(w.rng, "", "客服部", "网络部"),
				Sentiment: nlp.Sentiment{Label: pick(w.rng, nlp.Negative, nlp.Neutral), Intensity: w.rng.IntN(4)},
				Urgency:   nlp.Urgency{Level: pick(w.rng, nlp.UrgencyHigh, nlp.UrgencyNormal)}, Demand: pick(w.rng, nlp.DemandFix, nlp.DemandNone), Style: nlp.StyleEmotional,
			},
			Status: triage.StatusReceived, ReceivedAt: w.when(), Predecessor: pick(w.rng, "", triage.ComplaintID("f00000")),
			Work: w.clocks(),
		}
		if chance(w.rng, 10) {
			c.At = time.Time{}
		}
		if chance(w.rng, 20) { // history
			score := float64(w.rng.IntN(101))
			c.Type, c.Status, c.Resolution, c.ClosedAt, c.Satisfaction = "billing", triage.StatusClosed, "已解决", w.when(), &score
		}
		w.ids = append(w.ids, id)
		cases = append(cases, c)
	}
	accept(w.t, w.s, cases...)
}

func (w *factWorld) clocks() triage.Work {
	return triage.Work{
		Owner: pick(w.rng, "", "li", "zhao"), Department: pick(w.rng, "", "客服部", "维修部"), Tier: pick(w.rng, triage.TierOrdinary, triage.TierVIP),
		Clocks:      triage.SLA{RespondBy: w.maybe(), VerifyBy: w.maybe(), ResolveBy: w.maybe()},
		RespondedAt: w.maybe(), VerifiedAt: w.maybe(), Cause: pick(w.rng, "", triage.CauseProduct), CauseDepartment: pick(w.rng, "", "产品部"),
	}
}

func (w *factWorld) confirm(id triage.ComplaintID) {
	check(w.t, w.s.Confirm(w.t.Context(), triage.Label{
		Complaint: id, Type: pick(w.rng, "billing", "network"), Subtype: "c", Suggested: pick(w.rng, "", "billing", "network"), By: "li", At: start,
	}))
}

// work moves a case somewhere, closes, reopens or withdraws it, or hands it over.
func (w *factWorld) work(id triage.ComplaintID) {
	c, err := w.s.Case(w.t.Context(), id)
	check(w.t, err)
	from, version := c.Status, c.Work.Version
	c.Work = w.clocks()
	c.Work.Version, c.Work.Reopened = version, w.rng.IntN(2)
	c.Status = pick(w.rng, triage.StatusVerifying, triage.StatusExecuting, triage.StatusClosed, triage.StatusCalledBack, triage.StatusWithdrawn)
	c.ClosedAt, c.Satisfaction = time.Time{}, nil
	if !c.Status.Open() {
		c.ClosedAt = w.when()
		if score := w.rng.Float64() * 100; chance(w.rng, 60) {
			c.Satisfaction = &score
		}
	}
	w.steps++
	ch := life.Change{
		Case: c, Audit: triage.AuditEntry{At: start, Actor: "li", Object: triage.CaseObject(id)},
		Step: life.Step{
			Case: id, From: from, To: c.Status, Owner: c.Work.Owner, Department: c.Work.Department, By: "li",
			Entered: start.Add(time.Duration(w.steps) * 17 * time.Minute),
		},
	}
	if chance(w.rng, 40) {
		ch.HandOver = &life.HandOver{Case: id, Department: "维修部", By: "li", At: start, State: life.HandOverSent, Facts: w.told()}
	}
	check(w.t, w.s.Advance(w.t.Context(), ch))
}

func (w *factWorld) told() map[string]string {
	facts := map[string]string{}
	for _, n := range life.Needed {
		if said := pick(w.rng, "", "unknown: 没问到", " UNKNOWN: 没有", "已核实"); said != "" {
			facts[n.Key] = said
		}
	}
	return facts
}

func (w *factWorld) reply(id triage.ComplaintID) {
	state := pick(w.rng, reply.StateSaid, reply.StateSending)
	m := reply.Message{
		Complaint: id, Direction: pick(w.rng, reply.Out, reply.Out, reply.In), Text: strings.Repeat("好", w.rng.IntN(9)), State: state, By: "li", At: start,
	}
	var err error
	m.ID, err = w.s.AddMessage(w.t.Context(), m, triage.AuditEntry{At: start, Actor: "li", Object: triage.CaseObject(id)})
	check(w.t, err)
	if state == reply.StateSending {
		w.sending = append(w.sending, m)
	}
}

// settle ends the sending of the last message that is being sent, whichever case
// it belongs to.
func (w *factWorld) settle(triage.ComplaintID) {
	n := len(w.sending) - 1
	if n < 0 {
		return
	}
	m := w.sending[n]
	w.sending, m.State = w.sending[:n], reply.StateSaid
	_, err := w.s.SettleMessage(w.t.Context(), m, triage.AuditEntry{At: start, Actor: "li", Object: triage.CaseObject(m.Complaint)})
	check(w.t, err)
}

// survey asks about the present closing, and answers.
func (w *factWorld) survey(id triage.ComplaintID) {
	c, err := w.s.Case(w.t.Context(), id)
	check(w.t, err)
	v := question(id)
	v.ClosedAt = c.ClosedAt
	created, err := w.s.Surveys.Create(w.t.Context(), []survey.Survey{v})
	check(w.t, err)
	if created[0] == 0 {
		return
	}
	v.ID, v.AnsweredAt = created[0], start
	v.Answer = survey.Answer{Score: 40}
	for _, r := range survey.Reasons {
		if chance(w.rng, 50) {
			v.Answer.Reasons = append(v.Answer.Reasons, r)
		}
	}
	_, err = w.s.Surveys.Answer(w.t.Context(), v, triage.AuditEntry{At: start, Actor: "customer", Object: triage.CaseObject(id)})
	check(w.t, err)
}

func (w *factWorld) attribute(id triage.ComplaintID) {
	check(w.t, w.s.AttributeByHand(w.t.Context(), campaign.Attribution{
		Complaint: id, Campaign: pick(w.rng, "", "spring", "summer"), Basis: campaign.ByHand, Score: 1, By: "li", At: start,
	}, triage.AuditEntry{At: start, Actor: "li", Object: triage.CaseObject(id)}))
}

// retier changes the tier of the customer of a case.
func (w *factWorld) retier(id triage.ComplaintID) {
	c, err := w.s.Case(w.t.Context(), id)
	check(w.t, err)
	if c.CustomerID == "" {
		return
	}
	to := pick(w.rng, triage.TierHigh, triage.TierVIP, triage.TierPotential)
	check(w.t, w.s.Care.SetTier(w.t.Context(), customer.TierChange{Customer: c.CustomerID, Tier: to, Was: w.tier[c.CustomerID], By: "li", At: start},
		triage.AuditEntry{At: start, Actor: "li", Object: "customer:" + string(c.CustomerID)}))
	w.tier[c.CustomerID] = to
}
