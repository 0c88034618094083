package web_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/survey"
	"github.com/qianyi-dev/qianyi/web"
)

// clientele is a server over a database with customers of whom one has two
// records, and two cases of theirs, one of them closed.
type clientele struct {
	*bundle
	db    *store.DB
	clock *testkit.Clock
}

// everyDay counts every day as a working day.
type everyDay struct{}

func (everyDay) AddDays(t time.Time, days int) time.Time { return t.AddDate(0, 0, days) }

func (everyDay) Limit(_ nlp.UrgencyLevel, t time.Time, limit time.Duration) time.Time {
	return t.Add(limit)
}

// noIndex has nothing to do with changed cases.
type noIndex struct{}

func (noIndex) Enqueue([]triage.Case) {}

func setupClientele(t *testing.T, changes ...func(*web.Deps)) *clientele {
	t.Helper()
	c := &clientele{clock: testkit.NewClock(noon)}
	var err error
	if c.db, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "qianyi.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, "the database", c.db.Shutdown()) })
	c.fill(t)
	zone := time.FixedZone("Asia/Shanghai", 8*60*60)
	policy := customer.DefaultPolicy()
	customers, err := customer.New(customer.Deps{
		Store: c.db.Care(), Cases: c.db, Calendar: everyDay{}, Policy: policy, Zone: zone, Now: c.clock.Now, Log: discard,
	})
	if err != nil {
		t.Fatal(err)
	}
	var intake intakeLater
	surveys, err := survey.New(survey.Deps{
		Store: c.db.Surveys(), Cases: c.db, Scores: life.New(life.Deps{Store: c.db, Index: noIndex{}, Zone: zone, Now: c.clock.Now}), Care: customers, Intake: &intake, Config: survey.Default(),
		LowScore: policy.LowScore, Now: c.clock.Now, Log: discard,
	})
	if err == nil {
		_, err = customers.Plan(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	c.bundle = setup(t, append([]func(*web.Deps){func(d *web.Deps) {
		intake.Service = triage.New(triage.Deps{
			Analyzer: analyzer{}, Catalogue: catalogue{}, Cases: c.db, Decisions: c.db, Queue: c.db, Solutions: c.db, Audit: c.db,
			Similar: newMemory(), Now: c.clock.Now, Log: discard,
		})
		d.Service, d.Audit, d.Replays, d.Now = intake.Service, c.db, c.db, c.clock.Now
		d.Customers, d.Surveys = customers, surveys
	}}, changes...)...)
	return c
}

// intakeLater is a service that is made after those that need it.
type intakeLater struct{ *triage.Service }

// assessed is the least that triage says of a complaint.
func assessed(typ string) triage.Assessment {
	return triage.Assessment{Type: typ, Urgency: nlp.Urgency{Level: nlp.UrgencyNormal}, Sentiment: nlp.Sentiment{Label: nlp.Negative}}
}

func (c *clientele) fill(t *testing.T) {
	t.Helper()
	_, err := c.db.PutCustomers(t.Context(), []triage.Customer{
		{ID: "c1", Name: "王小明", Phone: "13812345678", Email: "wang@example.com", Region: "沈阳", Tier: triage.TierHigh, JoinedAt: noon.AddDate(-1, 0, 0)},
		{ID: "c2", Name: "王小明", Phone: "13812345678", Region: "沈阳"},
		{ID: "c3", Name: "李秀英", Email: "li@example.com", Region: "大连", OptedOut: true},
	})
	if err == nil {
		_, err = c.db.PutExposures(t.Context(), []triage.Exposure{{
			CustomerID: "c1", Kind: "payment", Key: "银联", At: noon.Add(-time.Hour), Attrs: map[string]any{"phone": "13812345678"},
		}})
	}
	if err == nil {
		_, err = c.db.Accept(t.Context(), []triage.Case{
			{Complaint: triage.Complaint{ID: "t1", CustomerID: "c1", At: noon.Add(-50 * time.Hour), Text: "充值没有到账，电话13812345678", ClosedAt: noon.Add(-2 * time.Hour), Resolution: "已退款"}, Assessment: assessed("billing"), Status: triage.StatusClosed, ReceivedAt: noon.Add(-50 * time.Hour)},
			{Complaint: triage.Complaint{ID: "t2", CustomerID: "c2", At: noon.Add(-time.Hour), Text: "断网"}, Assessment: assessed("network"), Status: triage.StatusReceived, ReceivedAt: noon.Add(-time.Hour)},
			{Complaint: triage.Complaint{ID: "t3", At: noon.Add(-time.Hour), Text: "不知是谁"}, Assessment: assessed("network"), Status: triage.StatusReceived, ReceivedAt: noon.Add(-time.Hour)},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// peopleSteps have a good request for every operation about customers, tasks
// and satisfaction, in an order in which they work.
var peopleSteps = []struct {
	id, method, target, body string
	status                   int
	has                      []string
}{
	{"list-customers", "GET", "/customers?limit=2", "", 200, []string{`"id":"c1"`, `"name":"王*"`, `"phone":"138****5678"`, `"email":"w***@example.com"`, `"tier":"high"`, `"due_at":"2026-04-01T00:00:00+08:00"`, `"next":"`}},
	{"list-customers", "GET", "/customers?phone=138-1234-5678", "", 200, []string{`"id":"c1"`, `"id":"c2"`}},
	{"list-customers", "GET", "/customers?email=LI@example.com", "", 200, []string{`"id":"c3"`}},
	{"list-customers", "GET", "/customers?tier=high&region=%E6%B2%88%E9%98%B3", "", 200, []string{`"id":"c1"`}},
	{"list-customer-twins", "GET", "/customers/c1/twins", "", 200, []string{`"id":"c2"`, `"basis":"phone"`, `"strength":"strong"`}},
	{"merge-customer", "POST", "/customers/c1/merge", `{"record":"c2","reason":"本人确认13812345678"}`, 200, []string{`"customer":{"id":"c1"`, `"records":[{"id":"c1"`, `{"id":"c2","person":"c1"`, `"complaints":2`, `"open":1`}},
	{"get-customer", "GET", "/customers/c2", "", 200, []string{`"id":"c1"`, `"scores":[]`, `"told":[]`, `"tasks":[]`, `"satisfaction":null`, `"opted_out":false`}},
	{"list-customer-cases", "GET", "/customers/c1/cases?limit=1", "", 200, []string{`"id":"t2"`, `"next":"`}},
	{"list-customer-exposures", "GET", "/customers/c1/exposures", "", 200, []string{`"key":"银联"`, `"phone":"138****5678"`}},
	{"unmerge-customer", "POST", "/customers/c2/unmerge", `{"reason":"弄错了"}`, 200, []string{`"id":"c2"`, `"complaints":1`}},
	{"set-tier", "POST", "/customers/c2/tier", `{"tier":"vip","reason":"续约"}`, 200, []string{`"tier":"vip"`, `"tier_by":"api:local"`, `"tier_reason":"续约"`, `"tier_at":"2026-03-01T12:00:00+08:00"`}},
	{"set-manager", "POST", "/customers/c2/manager", `{"manager":"ann"}`, 200, []string{`"manager":"ann"`}},
	{"log-contact", "POST", "/customers/c1/contacts", `{"channel":"hotline","content":"回访13812345678","feedback":"好","people":"ann","at":"2026-03-01 11:00"}`, 201, []string{`"content":"回访138****5678"`, `"at":"2026-03-01T11:00:00+08:00"`, `"by":"api:local"`}},
	{"list-customer-contacts", "GET", "/customers/c1/contacts", "", 200, []string{`"content":"回访138****5678"`}},
	{"list-due-contacts", "GET", "/contacts/due?until=2026-05-02&limit=1", "", 200, []string{`"id":"c2"`, `"next":"`}},
	{"list-due-contacts", "GET", "/contacts/due?until=2026-05-02&reach=opted_out", "", 200, []string{`"id":"c3"`, `"opted_out":true`}},
	{"list-customer-trail", "GET", "/customers/c2/trail", "", 200, []string{`"action":"customer.tier"`, `"actor":"api:local"`}},
	{"add-task", "POST", "/tasks", `{"kind":"contact","customer_id":"c1","title":"邀请体验13812345678","owner":"ann","due_at":"2026-03-05 18:00"}`, 201, []string{`"id":1`, `"title":"邀请体验138****5678"`, `"due_at":"2026-03-05T18:00:00+08:00"`, `"overdue":false`, `"version":1`, `"candidates":[]`}},
	{"add-task", "POST", "/tasks", `{"kind":"call_back","complaint":"t1"}`, 201, []string{`"id":2`, `"complaint":"t1"`, `"kind":"call_back"`}},
	{"plan-task", "POST", "/tasks/1/plan", `{"plan":"周三前致电","version":1}`, 200, []string{`"plan":"周三前致电"`, `"version":2`, `"planned_at":"2026-03-01T12:00:00+08:00"`}},
	{"reassign-task", "POST", "/tasks/1/reassign", `{"owner":"bo","version":2}`, 200, []string{`"owner":"bo"`}},
	{"list-tasks", "GET", "/tasks?owner=bo&state=open&kind=contact", "", 200, []string{`"id":1`}},
	{"finish-task", "POST", "/tasks/1/done", `{"outcome":"已致电","version":3}`, 200, []string{`"outcome":"已致电"`, `"done_at":"2026-03-01T12:00:00+08:00"`}},
	{"get-task", "GET", "/tasks/1", "", 200, []string{`"version":4`}},
	{"record-call-back", "POST", "/complaints/t1/call-back", `{"score":60,"reasons":["slow"],"text":"太慢，打13812345678没人接"}`, 200, []string{`"score":60`, `"via":"call"`, `"reasons":["slow"]`, `138****5678`, `"state":"answered"`}},
	{"list-tasks", "GET", "/tasks?state=done&complaint=t1", "", 200, []string{`"kind":"call_back"`}},
	{"list-tasks", "GET", "/tasks?kind=low_score&complaint=t1", "", 200, []string{`"due_at":"2026-03-04T12:00:00+08:00"`, `"plan_due_at":"2026-03-02T12:00:00+08:00"`, `"customer_id":"c1"`}},
	{"list-surveys", "GET", "/surveys?below=80&reason=slow&complaint=t1&limit=1", "", 200, []string{`"complaint":"t1"`, `"score":60`}},
	{"get-satisfaction", "GET", "/satisfaction?to=2026-03-02", "", 200, []string{`"answered":1`, `"mean":60`, `"bands":[0,0,0,1,0]`, `"low":1`, `"slow":1`, `"attitude":0`}},
	{"get-customer", "GET", "/customers/c1", "", 200, []string{`"satisfaction":60`, `"scores":[{"complaint":"t1","score":60,"reasons":["slow"]`}},
	{"take-up-survey", "POST", "/surveys/1/take-up", "", 200, []string{`"customer_id":"c1"`}},
	{"identify-customer", "POST", "/complaints/t3/customer", `{"customer_id":"c3"}`, 200, []string{`"customer_id":"c3"`}},
}

func TestPeopleOperations(t *testing.T) {
	t.Parallel()
	c := setupClientele(t)
	seen := map[string]bool{}
	for i, op := range peopleSteps {
		got := c.do(op.method, "/api/v1"+op.target, op.body)
		if got.status != op.status {
			t.Fatalf("%d %s: got status %d, want %d\n%s", i, op.id, got.status, op.status, got.body)
		}
		for _, want := range op.has {
			if !strings.Contains(string(got.body), want) {
				t.Errorf("%d %s: %s is missing in\n%s", i, op.id, want, got.body)
			}
		}
		for _, secret := range []string{"13812345678", "王小明", "李秀英", "wang@", ":null,\"items\"", `"items":null`} {
			if strings.Contains(string(got.body), secret) {
				t.Errorf("%d %s: %s shows in\n%s", i, op.id, secret, got.body)
			}
		}
		if op.status == 201 && strings.HasPrefix(op.target, "/tasks") && !strings.HasPrefix(got.header.Get("Location"), "/api/v1/tasks/") {
			t.Errorf("%d %s: Location is %q", i, op.id, got.header.Get("Location"))
		}
		seen[op.id] = true
	}
	for path, item := range c.doc.Paths.Map() {
		for method, op := range item.Operations() {
			if ours(path) && !seen[op.OperationID] {
				t.Errorf("operation %s (%s %s) has no request in this test", op.OperationID, method, path)
			}
		}
	}
	for _, secret := range []string{"13812345678", "138-1234", "王小明", "wang@", "太慢"} {
		if strings.Contains(c.log.String(), secret) {
			t.Errorf("%q shows in the log", secret)
		}
	}
}

// ours says whether an address is of this part of the API.
func ours(path string) bool {
	for _, part := range []string{"/customers", "/contacts", "/tasks", "/surveys", "/satisfaction", "/call-back", "/customer"} {
		if strings.HasPrefix(path, part) || strings.HasSuffix(path, part) {
			return true
		}
	}
	return false
}

// badPeopleRequests are refused with a problem that says has. T1 is an open
// task, version 1.
var badPeopleRequests = []struct {
	name, method, target, body string
	status                     int
	has                        string
}{
	{"an unknown customer", "GET", "/customers/c404", "", 404, `"code":"not_found"`},
	{"cases of an unknown customer", "GET", "/customers/c404/cases", "", 404, "c404"},
	{"trail of an unknown customer", "GET", "/customers/c404/trail", "", 404, "c404"},
	{"an unknown tier in a list", "GET", "/customers?tier=gold", "", 422, `"location":"query.tier"`},
	{"a foreign cursor", "GET", "/customers?cursor=%21x", "", 422, `"location":"query.cursor"`},
	{"a merge with itself", "POST", "/customers/c1/merge", `{"record":"c1","reason":"r"}`, 409, `"code":"conflict"`},
	{"a merge with nobody", "POST", "/customers/c1/merge", `{"record":"c404","reason":"r"}`, 404, "c404"},
	{"a merge without a reason", "POST", "/customers/c1/merge", `{"record":"c2","reason":" "}`, 422, `"location":"body.reason"`},
	{"parting what is not merged", "POST", "/customers/c2/unmerge", `{"reason":"r"}`, 409, `"code":"conflict"`},
	{"an unknown tier", "POST", "/customers/c1/tier", `{"tier":"gold","reason":"r"}`, 422, `"location":"body.tier"`},
	{"a tier without a reason", "POST", "/customers/c1/tier", `{"tier":"vip","reason":""}`, 422, `"location":"body.reason"`},
	{"a contact to come", "POST", "/customers/c1/contacts", `{"channel":"hotline","content":"x","at":"2026-03-02"}`, 422, `"location":"body.at"`},
	{"a contact without content", "POST", "/customers/c1/contacts", `{"channel":"hotline","content":""}`, 422, `"location":"body.content"`},
	{"a contact on no channel", "POST", "/customers/c1/contacts", `{"channel":"fax","content":"x"}`, 422, `"location":"body.channel"`},
	{"a wrong time in the plan", "GET", "/contacts/due?until=soon", "", 422, `"location":"query.until"`},
	{"an unknown task", "GET", "/tasks/99", "", 404, "99"},
	{"a task that is no number", "GET", "/tasks/x", "", 422, `"location":"path.task"`},
	{"a task for nobody", "POST", "/tasks", `{"kind":"contact","title":"t"}`, 422, `"location":"body.owner"`},
	{"a call-back about nothing", "POST", "/tasks", `{"kind":"call_back"}`, 422, `"location":"body.complaint"`},
	{"a task of the machine", "POST", "/tasks", `{"kind":"low_score","title":"t","owner":"ann"}`, 422, `"location":"body.kind"`},
	{"a plan for an old version", "POST", "/tasks/1/plan", `{"plan":"p","version":7}`, 409, `"code":"conflict"`},
	{"a plan without a version", "POST", "/tasks/1/plan", `{"plan":"p"}`, 422, "version"},
	{"a score out of range", "POST", "/complaints/t1/call-back", `{"score":101}`, 422, `"location":"body.score"`},
	{"an unknown reason", "POST", "/complaints/t1/call-back", `{"score":1,"reasons":["bored"]}`, 422, `"location":"body.reasons"`},
	{"a call-back about an open case", "POST", "/complaints/t2/call-back", `{"score":1}`, 409, `"code":"conflict"`},
	{"a call-back about no case", "POST", "/complaints/t404/call-back", `{"score":1}`, 404, "t404"},
	{"taking up nothing", "POST", "/surveys/9/take-up", "", 404, "9"},
	{"identifying nobody", "POST", "/complaints/t3/customer", `{"customer_id":"c404"}`, 404, "c404"},
	{"a wrong time of surveys", "GET", "/surveys?from=soon", "", 422, `"location":"query.from"`},
}

func TestBadPeopleRequests(t *testing.T) {
	t.Parallel()
	c := setupClientele(t)
	c.do("POST", "/api/v1/tasks", `{"kind":"contact","customer_id":"c1","title":"t","owner":"ann"}`).want(t, 201)
	for _, bad := range badPeopleRequests {
		got := c.do(bad.method, "/api/v1"+bad.target, bad.body)
		if got.status != bad.status || !strings.Contains(string(got.body), bad.has) {
			t.Errorf("%s: got status %d, want %d with %s\n%s", bad.name, got.status, bad.status, bad.has, got.body)
		}
	}
}

// A second call-back task about one case would send two people to one customer.
func TestOneCallBackForACase(t *testing.T) {
	t.Parallel()
	c := setupClientele(t)
	c.do("POST", "/api/v1/tasks", `{"kind":"call_back","complaint":"t1"}`).want(t, 201)
	c.do("POST", "/api/v1/tasks", `{"kind":"call_back","complaint":"t1"}`).want(t, 409, `"code":"conflict"`)
}

// Pages of one row go through everybody once.
func TestCustomersPageByPage(t *testing.T) {
	t.Parallel()
	c := setupClientele(t)
	var got []string
	next := ""
	for range 5 {
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		c.do("GET", fmt.Sprintf("/api/v1/customers?limit=1%s", next), "").want(t, 200).decode(t, &page)
		for _, x := range page.Items {
			got = append(got, x.ID)
		}
		if next = "&cursor=" + page.Next; page.Next == "" {
			break
		}
	}
	if strings.Join(got, " ") != "c1 c2 c3" {
		t.Errorf("got %q", got)
	}
}
