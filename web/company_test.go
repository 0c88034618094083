package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web"
)

// company is a server over a database in which ten customers had a payment
// fail, four of them complained (cluster K1) and one wants to hear nothing. Its
// gateway "sms" is a real one. People are the tokens ann and bo.
type company struct {
	*bundle
	db      *store.DB
	clock   *testkit.Clock
	gateway *channeltest.Gateway
	sender  *outreach.Sender
	deps    web.Deps
}

func setupCompany(t *testing.T) *company {
	t.Helper()
	c := &company{clock: testkit.NewClock(noon)}
	var err error
	if c.db, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "qianyi.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, "the database", c.db.Shutdown()) })
	c.fill(t)
	hooks := c.openGateway(t)
	zone := time.FixedZone("Asia/Shanghai", 8*60*60)
	policy := outreach.DefaultPolicy()
	cohorts := live.NewCohorts(live.CohortDeps{
		Exposures: c.db, Customers: c.db, Guards: c.db, Clusters: c.db, Policy: policy, Now: c.clock.Now,
	})
	if hooks.plans, err = outreach.New(outreach.Deps{
		Plans: c.db, Outbox: c.db.Outbox(), Notices: c.db, Guards: c.db, Customers: c.db, Exposures: c.db, Cohorts: cohorts,
		Draw: effect.Draw, Channels: hooks.set.All(), Policy: policy, Zone: zone, Now: c.clock.Now,
	}); err != nil {
		t.Fatal(err)
	}
	if c.sender, err = outreach.NewSender(outreach.SenderDeps{
		Plans: c.db, Outbox: c.db.Outbox(), Guards: c.db, Customers: c.db, Exposures: c.db, Complaints: c.db,
		Channels: hooks.set.All(), Policy: policy, Zone: zone, Now: c.clock.Now, Log: discard,
	}); err != nil {
		t.Fatal(err)
	}
	c.bundle = setup(t, func(d *web.Deps) {
		d.Audit, d.Replays, d.Now = c.db, c.db, c.clock.Now
		d.Tokens = map[string]string{tokenHash("ann"): "ann", tokenHash("bo"): "bo"}
		d.Clusters = desk.New(desk.Deps{
			Clusters: c.db, Members: c.db, Actions: c.db, Alarms: c.db, Audit: c.db, Cohorts: cohorts, Zone: zone, Now: c.clock.Now,
		})
		d.Plans, d.Notices, d.Hooks = hooks.plans, c.db, hooks
		d.Effects = live.NewEffects(live.EffectDeps{Plans: c.db, Notices: c.db, Members: c.db, Audit: c.db, Zone: zone, Now: c.clock.Now})
		d.Rules = outreach.NewRules(hooks.plans, c.db, c.db)
		c.deps = *d
	})
	return c
}

func closed(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("close %s: %v", what, err)
	}
}

// fill stores customers, exposures, complaints and the cluster.
func (c *company) fill(t *testing.T) {
	t.Helper()
	var customers []triage.Customer
	var exposures []triage.Exposure
	for i := range 12 {
		id := triage.CustomerID(fmt.Sprintf("c%02d", i))
		status := "failed"
		if i >= 10 {
			status = "ok"
		}
		customers = append(customers, triage.Customer{
			ID: id, Name: "王小明", Phone: triage.Phone(fmt.Sprintf("138123400%02d", i)), Region: "沈阳", OptedOut: i == 9,
		})
		exposures = append(exposures, triage.Exposure{
			CustomerID: id, Kind: "payment", Key: "银联在线", At: noon.Add(-3 * time.Hour), Attrs: map[string]any{"status": status},
		})
	}
	var cases []triage.Case
	var members []prevention.Member
	for i := range 6 {
		at := noon.Add(time.Duration(i-120) * time.Minute)
		k := triage.Case{
			Complaint:  triage.Complaint{ID: triage.ComplaintID(fmt.Sprintf("t%d", i)), CustomerID: customers[i].ID, At: at, Text: "充值没有到账"},
			Assessment: triage.Assessment{Type: "billing"}, Status: triage.StatusReceived, ReceivedAt: at,
		}
		if i >= 4 { // not of the cluster, and of customers without exposures
			k.CustomerID = triage.CustomerID(fmt.Sprintf("x%d", i))
		} else {
			members = append(members, prevention.Member{Complaint: k.ID, Customer: k.CustomerID, At: at})
		}
		cases = append(cases, k)
	}
	rule := prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "银联在线", Attrs: map[string]string{"status": "failed"}}}}
	_, err := c.db.PutCustomers(t.Context(), customers)
	if err == nil {
		_, err = c.db.PutExposures(t.Context(), exposures)
	}
	if err == nil {
		_, err = c.db.Accept(t.Context(), cases)
	}
	if err == nil {
		err = c.db.Record(t.Context(), prevention.Found{
			Clusters: []prevention.Cluster{{
				ID: "K1", Title: "充值失败 13812345678", Path: prevention.PathText, Type: "billing", CreatedAt: noon, StageAt: noon, Rule: &rule,
				Alarm: prevention.Alarm{
					At: noon.Add(-time.Hour), Score: 6, PValue: 1e-6, Severity: prevention.SeverityAlert, Days: 1, Baseline: 0.5, High: 2, Complaints: 4, Customers: 4,
				},
				Explanation: prevention.Explanation{
					Terms:           []prevention.Term{{Text: "到账13812345678", Weight: 3, Coverage: 1}},
					Attributes:      []prevention.Attribute{{Field: "region", Value: "沈阳", Share: 1, Lift: 4, PValue: 0.01}},
					Representatives: []triage.ComplaintID{"t0"},
				},
				Estimate: prevention.Estimate{Affected: 10, Low: 8, High: 12, Basis: prevention.BasisExposure},
			}},
			Members: map[prevention.ClusterID][]prevention.Member{"K1": members},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// complain stores a complaint that joins the cluster.
func (c *company) complain(t *testing.T, id triage.ComplaintID, customer triage.CustomerID) {
	t.Helper()
	at := c.clock.Now()
	_, err := c.db.Accept(t.Context(), []triage.Case{{
		Complaint: triage.Complaint{ID: id, CustomerID: customer, At: at, Text: "充值没有到账"}, Status: triage.StatusReceived, ReceivedAt: at,
	}})
	if err == nil {
		err = c.db.Record(t.Context(), prevention.Found{Members: map[prevention.ClusterID][]prevention.Member{
			"K1": {{Complaint: id, Customer: customer, At: at}},
		}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// openGateway starts the gateway and a channel for it.
func (c *company) openGateway(t *testing.T) *gatewayHooks {
	t.Helper()
	var err error
	if c.gateway, err = channeltest.NewGateway(channeltest.GatewayOptions{Secret: "s3cret", Now: c.clock.Now}); err != nil {
		t.Fatal(err)
	}
	config := c.gateway.Config()
	set, err := channel.Open([]channel.Config{{Name: "sms", Gateway: &config}}, c.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, closer := range []io.Closer{c.gateway, set} {
		t.Cleanup(func() { closed(t, "the gateway", closer.Close()) })
	}
	return &gatewayHooks{set: set}
}

// gatewayHooks joins the channels and the desk, as the program does.
type gatewayHooks struct {
	set   *channel.Set
	plans *outreach.Service
}

func (h *gatewayHooks) gateway(name string) (*channel.Gateway, error) {
	g, ok := h.set.Gateway(name)
	if !ok {
		return nil, triage.Errorf(triage.CodeNotFound, "there is no gateway of this name")
	}
	return g, nil
}

func (h *gatewayHooks) Receipts(ctx context.Context, name string, c channel.Callback) (int, error) {
	g, err := h.gateway(name)
	if err != nil {
		return 0, err
	}
	list, err := g.ParseReceipts(c)
	if err != nil {
		return 0, err
	}
	return h.plans.Delivered(ctx, name, list)
}

func (h *gatewayHooks) Replies(ctx context.Context, name string, c channel.Callback) error {
	g, err := h.gateway(name)
	if err != nil {
		return err
	}
	list, err := g.ParseReplies(c)
	if err != nil {
		return err
	}
	return h.plans.Replied(ctx, list)
}

// as asks the API as somebody.
func (c *company) as(name, method, target, body string, headers ...string) response {
	c.t.Helper()
	return c.do(method, "/api/v1"+target, body, append([]string{"Authorization", "Bearer " + name}, headers...)...)
}

// send lets the sender work until nothing is due.
func (c *company) send(t *testing.T) {
	t.Helper()
	if _, err := c.sender.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// decode reads the answer.
func (r response) decode(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal(r.body, into); err != nil {
		t.Fatalf("read the answer: %v\n%s", err, r.body)
	}
}

// want checks status and content of an answer.
func (r response) want(t *testing.T, status int, has ...string) response {
	t.Helper()
	if r.status != status {
		t.Fatalf("got status %d, want %d\n%s", r.status, status, r.body)
	}
	for _, part := range has {
		if !strings.Contains(string(r.body), part) {
			t.Errorf("%s is missing in\n%s", part, r.body)
		}
	}
	return r
}
