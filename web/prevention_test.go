package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
)

const (
	failedPayments = `{"conditions":[{"kind":"payment","key":"银联在线","attrs":{"status":"failed"}}]}`
	draft          = `"title":"告知充值失败","cohort":` + failedPayments + `,"template":{"subject":"","text":"{{name}}您好，您的充值没有成功，款项今天退回。"},` +
		`"channels":["sms"]`
	eventRule = `"name":"充值失败先告知","when":{"kind":"payment","attrs":{"status":"failed"}},"unless":{"kind":"payment","attrs":{"status":"ok"}},` +
		`"wait_minutes":30,"template":{"subject":"","text":"您的充值没有成功，款项今天退回。"},"channels":["sms"],"daily_cap":100`
)

// preventionSteps have a good request for every operation about prevention, in
// an order in which they work.
var preventionSteps = []struct {
	id, as, method, target, body string
	status                       int
	has                          []string
}{
	{"list-clusters", "ann", "GET", "/clusters?active=true&stage=candidate&limit=1", "", 200, []string{
		`"id":"K1"`, `"title":"充值失败 138****5678"`, `"complaints":4`, `"distinct_customers":4`, `"at":"2026-03-01T11:00:00+08:00"`, `"basis":"exposure"`,
	}},
	{"get-cluster", "ann", "GET", "/clusters/K1", "", 200, []string{
		`"text":"到账138****5678"`, `"moves":["confirmed"`, `"day":"2026-03-01","distinct_customers":4,"complaints":6,"expected":0.5,"low":0,"high":2`,
		`"rule_by":""`, `"actions":[]`, `"notes":[]`, `"neighbours":[]`, `"silenced_until":null`,
	}},
	{"list-members", "ann", "GET", "/clusters/K1/members?limit=3", "", 200, []string{`"complaint":"t3"`, `"next":"`}},
	{"get-cohort", "ann", "GET", "/clusters/K1/cohort?limit=2", "", 200, []string{
		`"definition":{"conditions":[{"kind":"payment"`, `"matched":10`, `"silent":5`, `"complained":4`, `"opted_out":1`, `"explained":4`,
		`"exposed":"2026-03-01T09:00:00+08:00"`, `"words":"`,
	}},
	{"try-cohort", "ann", "POST", "/clusters/K1/cohort", `{"conditions":[{"kind":"payment","from":"2026-03-01"}],"regions":["沈阳"]}`, 200, []string{
		`"matched":12`, `"customers":[]`, `"silent":7`, `"from":"2026-03-01T00:00:00+08:00"`,
	}},
	{"set-cluster-stage", "ann", "POST", "/clusters/K1/stage", `{"stage":"confirmed"}`, 200, []string{`"stage":"confirmed"`}},
	{"assign-cluster", "ann", "POST", "/clusters/K1/owner", `{"owner":"ann"}`, 200, []string{`"owner":"ann"`}},
	{"set-cluster-title", "ann", "POST", "/clusters/K1/title", `{"title":" 银联充值\n失败 "}`, 200, []string{`"title":"银联充值 失败"`}},
	{"set-cluster-solution", "ann", "POST", "/clusters/K1/solution", `{"solution":"S7"}`, 200, []string{`"solution":"S7"`}},
	{"set-cluster-rule", "ann", "POST", "/clusters/K1/rule", failedPayments, 200, []string{`"rule_by":"api:ann"`}},
	{"add-cluster-note", "ann", "POST", "/clusters/K1/notes", `{"text":"问过13812345678"}`, 200, []string{`"text":"问过138****5678"`, `"by":"api:ann"`}},
	{"add-cluster-action", "ann", "POST", "/clusters/K1/actions", `{"title":"回滚","department":"支付部","due_at":"2026-03-02 18:00"}`, 200, []string{
		`"id":1`, `"due_at":"2026-03-02T18:00:00+08:00"`, `"done_at":null`,
	}},
	{"finish-cluster-action", "ann", "POST", "/clusters/K1/actions/1/done", "", 200, []string{`"done_at":"2026-03-01T12:00:00+08:00"`}},
	{"silence-cluster", "ann", "POST", "/clusters/K1/silence", `{"until":"2026-03-02"}`, 200, []string{`"silenced_until":"2026-03-02T00:00:00+08:00"`}},
	{"propose-cluster", "ann", "POST", "/clusters", `{"complaints":["t4","t5","t4"],"title":"另一个问题"}`, 201, []string{
		`"id":"K2"`, `"path":"hand"`, `"stage":"confirmed"`, `"complaints":2`, `"representatives":[]`,
	}},
	{"move-members", "ann", "POST", "/clusters/K1/move", `{"complaints":["t3"],"target":"K2"}`, 200, []string{`"id":"K1"`, `"complaints":3`}},
	{"split-cluster", "ann", "POST", "/clusters/K2/split", `{"complaints":["t3"]}`, 201, []string{`"id":"K3"`, `"title":"另一个问题"`, `"complaints":1`}},
	{"merge-cluster", "ann", "POST", "/clusters/K3/merge", `{"target":"K1"}`, 200, []string{`"id":"K1"`, `"complaints":4`}},
	{"dismiss-cluster", "ann", "POST", "/clusters/K2/dismiss", "", 200, []string{`"stage":"dismissed"`}},
	{"list-cluster-trail", "ann", "GET", "/clusters/K1/trail", "", 200, []string{
		`"action":"cluster.stage","detail":{"to":"confirmed"}`, `"actor":"api:ann"`, `"kind":"merge"`, `"detail":{"until":"2026-03-02T00:00:00+08:00"}`,
	}},

	{"preview-plan", "ann", "POST", "/clusters/K1/plans/preview", `{` + draft + `,"holdout":0.4}`, 200, []string{
		`"reached":5`, `"by_channel":{"sms":5}`, `"address":"138****0004"`, `"text":"王*您好`, `"first_at":"2026-03-01T12:00:00+08:00"`, `"customers":[]`,
	}},
	{"create-plan", "ann", "POST", "/clusters/K1/plans", `{` + draft + `}`, 201, []string{
		`"id":"P1"`, `"status":"draft"`, `"class":"service"`, `"created_by":"api:ann"`, `"version":1`, `"cluster":"K1"`,
	}},
	{"edit-plan", "ann", "POST", "/plans/P1", `{` + draft + `,"holdout":0.4,"start_at":"2026/3/1 12:00","version":1}`, 200, []string{`"holdout":0.4`, `"version":2`}},
	{"submit-plan", "ann", "POST", "/plans/P1/submit", `{"version":2}`, 200, []string{`"status":"submitted"`}},
	{"reject-plan", "bo", "POST", "/plans/P1/reject", `{"version":3,"remark":"问13812345678"}`, 200, []string{`"status":"rejected"`, `"remark":"问138****5678"`}},
	{"submit-plan", "ann", "POST", "/plans/P1/submit", `{"version":4}`, 200, nil},
	{"approve-plan", "bo", "POST", "/plans/P1/approve", `{"version":5}`, 200, []string{
		`"status":"approved"`, `"approved_by":"api:bo"`, `"size":5`, `"held":2`, `"notices":{"held":2,"queued":3}`,
	}},
	{"stop-plan", "ann", "POST", "/plans/P1/stop", `{"remark":"等等"}`, 200, []string{`"status":"stopped"`, `"stopped_by":"api:ann"`}},
	{"stop-plan", "ann", "POST", "/plans/P1/stop", "", 200, []string{`"status":"stopped"`}},
	{"resume-plan", "ann", "POST", "/plans/P1/resume", "", 200, []string{`"status":"approved"`}},
	{"get-plan", "ann", "GET", "/plans/P1", "", 200, []string{`"notices":{"held":2,"queued":3}`, `"approved_at":"2026-03-01T12:00:00+08:00"`}},
	{"list-notices", "ann", "GET", "/plans/P1/notices?state=queued&limit=2", "", 200, []string{`"state":"queued"`, `"arm":"told"`, `"next":`}},
	{"decide-notice", "ann", "POST", "/plans/P1/notices/1/decide", `{"told":true}`, 409, []string{`"code":"conflict"`}},
	{"get-effect", "ann", "GET", "/plans/P1/effect", "", 200, []string{
		`"told":{"customers":`, `"held":{"customers":`, `"horizon_days":14`, `"since":"2026-03-01T12:00:00+08:00"`, `"verdict":"`, `"forecast":{`,
	}},
	{"cancel-plan", "ann", "POST", "/plans/P1/cancel", `{"remark":"不发了"}`, 200, []string{`"status":"cancelled"`, `"skipped":3`}},
	{"get-pooled-effect", "ann", "GET", "/effect", "", 200, []string{
		`"plans":0`, `"told":{"customers":0,"complained":0}`, `"ratio":1`, `"verdict":"no_comparison"`, `"words":"`,
	}},
	{"list-plans", "ann", "GET", "/plans?cluster=K1&status=cancelled", "", 200, []string{`"id":"P1"`}},
	{"suppress", "ann", "POST", "/suppressions", `{"address":"+86 138-1234-5678"}`, 200, []string{
		`"address":"+86 1**-****-5678"`, `"reason":"blocklist"`, `"at":"2026-03-01T12:00:00+08:00"`, `"by":"api:ann"`,
	}},
	{"suppress", "bo", "POST", "/suppressions", `{"customer_id":"c03","address":"Wang@Example.com","reason":"法务13812345678"}`, 200, []string{
		`"customer_id":"c03"`, `"address":"W***@Example.com"`, `"reason":"法务138****5678"`,
	}},
	{"list-suppressions", "ann", "GET", "/suppressions?limit=1", "", 200, []string{`"address":"138****5678"`, `"next":"`}},

	{"create-event-rule", "ann", "POST", "/event-rules", `{` + eventRule + `}`, 201, []string{
		`"id":"R1"`, `"status":"draft"`, `"wait_minutes":30`, `"unless":{"kind":"payment"`, `"version":1`,
	}},
	{"edit-event-rule", "ann", "POST", "/event-rules/R1", `{` + eventRule + `,"holdout":0.1,"version":1}`, 200, []string{`"holdout":0.1`, `"version":2`}},
	{"approve-event-rule", "bo", "POST", "/event-rules/R1/approve", `{"version":2}`, 200, []string{`"status":"approved"`, `"approved_by":"api:bo"`}},
	{"pause-event-rule", "ann", "POST", "/event-rules/R1/pause", "", 200, []string{`"status":"paused"`}},
	{"get-event-rule", "ann", "GET", "/event-rules/R1", "", 200, []string{`"status":"paused"`}},
	{"list-event-rules", "ann", "GET", "/event-rules", "", 200, []string{`"id":"R1"`}},
}

func TestPreventionOperations(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	seen := map[string]bool{}
	for _, op := range operations {
		seen[op.id] = true
	}
	for i, op := range preventionSteps {
		got := c.as(op.as, op.method, op.target, op.body)
		if got.status != op.status {
			t.Fatalf("%d %s: got status %d, want %d\n%s", i, op.id, got.status, op.status, got.body)
		}
		for _, want := range op.has {
			if !strings.Contains(string(got.body), want) {
				t.Errorf("%d %s: %s is missing in\n%s", i, op.id, want, got.body)
			}
		}
		if op.status == 201 && !strings.HasPrefix(got.header.Get("Location"), "/api/v1/") {
			t.Errorf("%d %s: Location is %q", i, op.id, got.header.Get("Location"))
		}
		for _, secret := range []string{"13812345678", "138123400", "王小明", ":null,\"conditions\"", `"conditions":null`} {
			if strings.Contains(string(got.body), secret) {
				t.Errorf("%d %s: %s shows in\n%s", i, op.id, secret, got.body)
			}
		}
		seen[op.id] = true
	}
	for path, item := range c.doc.Paths.Map() {
		for method, op := range item.Operations() {
			if !seen[op.OperationID] {
				t.Errorf("operation %s (%s %s) has no request in this test", op.OperationID, method, path)
			}
		}
	}
	for _, secret := range []string{"138123", "充值", "王小明", "K1"} {
		if strings.Contains(c.log.String(), secret) {
			t.Errorf("%q shows in the log", secret)
		}
	}
}

// badPreventionRequests are refused by ann's hand with a problem that says has.
// K1 is a candidate, K2 was merged into it; P1 is a draft of ann's, version 1.
var badPreventionRequests = []struct {
	name, method, target, body string
	status                     int
	has                        string
}{
	{"unknown cluster", "GET", "/clusters/K99", "", 404, `"code":"not_found"`},
	{"a long cluster id", "GET", "/clusters/" + strings.Repeat("K", 41), "", 422, `"location":"path.id"`},
	{"members of an unknown cluster", "GET", "/clusters/K99/members", "", 404, "K99"},
	{"a foreign cursor of members", "GET", "/clusters/K1/members?cursor=x", "", 422, `"location":"query.cursor"`},
	{"trail of an unknown cluster", "GET", "/clusters/K99/trail", "", 404, "K99"},
	{"cohort of an unknown cluster", "GET", "/clusters/K99/cohort", "", 404, "K99"},
	{"cohort of a merged cluster", "GET", "/clusters/K2/cohort", "", 409, "merged into K1"},
	{"too many customers", "GET", "/clusters/K1/cohort?limit=100001", "", 422, `"location":"query.limit"`},
	{"unknown stage in a list", "GET", "/clusters?stage=open", "", 422, `"location":"query.stage"`},
	{"a foreign cursor of clusters", "GET", "/clusters?cursor=x", "", 422, `"location":"query.cursor"`},
	{"a rule without conditions", "POST", "/clusters/K1/cohort", `{"conditions":[]}`, 422, `"location":"body.conditions"`},
	{"a rule without a kind", "POST", "/clusters/K1/rule", `{"conditions":[{"kind":" "}]}`, 422, `"location":"body.conditions[0].kind"`},
	{"a rule with a wrong time", "POST", "/clusters/K1/rule", `{"conditions":[{"kind":"p","from":"昨天"}]}`, 422, `"location":"body.conditions[0].from"`},
	{"a rule with a wrong name", "POST", "/clusters/K1/rule", `{"conditions":[{"kind":"p","until":"2026-01-01"}]}`, 422, "until"},
	{"null for conditions", "POST", "/clusters/K1/rule", `{"conditions":null}`, 422, `"location":"body.conditions"`},

	{"stage of an unknown cluster", "POST", "/clusters/K99/stage", `{"stage":"closed"}`, 404, "K99"},
	{"stage of a merged cluster", "POST", "/clusters/K2/stage", `{"stage":"closed"}`, 409, "work on that one"},
	{"unknown stage", "POST", "/clusters/K1/stage", `{"stage":"open"}`, 422, `"location":"body.stage"`},
	{"a move that is not allowed", "POST", "/clusters/K3/stage", `{"stage":"candidate"}`, 409, "acting, watching, closed, dismissed"},
	{"a long owner", "POST", "/clusters/K1/owner", `{"owner":"` + strings.Repeat("王", 201) + `"}`, 422, `"location":"body.owner"`},
	{"no title", "POST", "/clusters/K1/title", `{"title":" "}`, 422, `"location":"body.title"`},
	{"an empty note", "POST", "/clusters/K1/notes", `{"text":""}`, 422, `"location":"body.text"`},
	{"a note on a merged cluster", "POST", "/clusters/K2/notes", `{"text":"t"}`, 409, "K1"},
	{"an action without a time", "POST", "/clusters/K1/actions", `{"title":"t","department":"d","due_at":""}`, 422, `"location":"body.due_at"`},
	{"an action with a wrong time", "POST", "/clusters/K1/actions", `{"title":"t","department":"d","due_at":"soon"}`, 422, `"location":"body.due_at"`},
	{"an unknown action", "POST", "/clusters/K1/actions/7/done", "", 404, "no action 7"},
	{"an action that is no number", "POST", "/clusters/K1/actions/x/done", "", 422, `"location":"path.action"`},
	{"silence into the past", "POST", "/clusters/K1/silence", `{"until":"2026-02-01"}`, 422, `"location":"body.until"`},
	{"silence of an unknown cluster", "POST", "/clusters/K99/silence", `{"until":""}`, 404, "K99"},

	{"a proposal of nothing", "POST", "/clusters", `{"complaints":[],"title":"t"}`, 422, `"location":"body.complaints"`},
	{"a proposal without a title", "POST", "/clusters", `{"complaints":["t0"],"title":""}`, 422, `"location":"body.title"`},
	{"a proposal of an unknown complaint", "POST", "/clusters", `{"complaints":["t99"],"title":"t"}`, 404, "t99"},
	{"a move of what is not there", "POST", "/clusters/K1/move", `{"complaints":["t5"]}`, 409, "t5 is not in cluster K1"},
	{"a move to where it is", "POST", "/clusters/K1/move", `{"complaints":["t0"],"target":"K1"}`, 422, `"location":"body.target"`},
	{"a split of a merged cluster", "POST", "/clusters/K2/split", `{"complaints":["t0"]}`, 409, "K1"},
	{"a merge into itself", "POST", "/clusters/K1/merge", `{"target":"K1"}`, 422, `"location":"body.target"`},
	{"a merge into an unknown cluster", "POST", "/clusters/K1/merge", `{"target":"K99"}`, 404, "K99"},
	{"dismissing an unknown cluster", "POST", "/clusters/K99/dismiss", "", 404, "K99"},

	{"a plan for an unknown cluster", "POST", "/clusters/K99/plans", `{` + draft + `}`, 404, "K99"},
	{"a plan for a merged cluster", "POST", "/clusters/K2/plans", `{` + draft + `}`, 409, "K1"},
	{"a preview for an unknown cluster", "POST", "/clusters/K99/plans/preview", `{` + draft + `}`, 404, "K99"},
	{"a preview of a wrong rule", "POST", "/clusters/K1/plans/preview", strings.Replace(`{`+draft+`}`, `"payment"`, `" "`, 1), 422, `"location":"body.cohort.conditions[0].kind"`},
	{"a preview with a wrong time", "POST", "/clusters/K1/plans/preview", strings.Replace(`{`+draft+`}`, `"key":`, `"from":"x","key":`, 1), 422, `"location":"body.cohort.conditions[0].from"`},
	{"a plan with an unknown channel", "POST", "/clusters/K1/plans", strings.Replace(`{`+draft+`}`, `["sms"]`, `["fax"]`, 1), 422, `"location":"body.channels"`},
	{"a plan that advertises", "POST", "/clusters/K1/plans", strings.Replace(`{`+draft+`}`, `款项`, `限时优惠`, 1), 422, `"location":"body.template.text"`},
	{"a plan with an unknown variable", "POST", "/clusters/K1/plans", strings.Replace(`{`+draft+`}`, `{{name}}`, `{{nmae}}`, 1), 422, `nmae`},
	{"a large hold-out", "POST", "/clusters/K1/plans", `{` + draft + `,"holdout":0.6}`, 422, `"location":"body.holdout"`},
	{"a typo in a plan", "POST", "/clusters/K1/plans", `{` + draft + `,"hold_out":0.1}`, 422, "hold_out"},
	{"unknown plan", "GET", "/plans/P99", "", 404, "P99"},
	{"notices of an unknown plan", "GET", "/plans/P99/notices", "", 404, "P99"},
	{"effect of an unknown plan", "GET", "/plans/P99/effect", "", 404, "P99"},
	{"a change without a version", "POST", "/plans/P1", `{` + draft + `}`, 422, `"location":"body.version"`},
	{"a change of an old version", "POST", "/plans/P1", `{` + draft + `,"version":7}`, 409, `"code":"conflict"`},
	{"approval of a draft", "POST", "/plans/P1/approve", `{"version":1}`, 409, `"code":"conflict"`},
	{"approval without a version", "POST", "/plans/P1/approve", `{}`, 422, "version"},
	{"rejection without a remark", "POST", "/plans/P1/reject", `{"version":1}`, 422, "remark"},
	{"approval of an own plan", "POST", "/plans/P2/approve", `{"version":2}`, 403, `"code":"forbidden"`},
	{"a blank rejection", "POST", "/plans/P2/reject", `{"version":2,"remark":" "}`, 422, `"location":"body.remark"`},
	{"stopping a draft", "POST", "/plans/P1/stop", "", 409, `"code":"conflict"`},
	{"resuming a draft", "POST", "/plans/P1/resume", "", 409, `"code":"conflict"`},

	{"deciding about a notice of an unknown plan", "POST", "/plans/P99/notices/1/decide", `{"told":true}`, 404, "P99"},
	{"deciding about a notice that is not unclear", "POST", "/plans/P1/notices/1/decide", `{"told":true}`, 409, `"code":"conflict"`},
	{"deciding about no number", "POST", "/plans/P1/notices/x/decide", `{"told":true}`, 422, `"location":"path.notice"`},
	{"deciding without a word", "POST", "/plans/P1/notices/1/decide", `{}`, 422, "told"},
	{"suppressing nobody", "POST", "/suppressions", `{"reason":"r"}`, 422, `"location":"body.customer_id"`},
	{"suppressing what is no address", "POST", "/suppressions", `{"address":"王小明"}`, 422, `"location":"body.address"`},
	{"a foreign cursor of suppressions", "GET", "/suppressions?cursor=x", "", 422, `"location":"query.cursor"`},
	{"another foreign cursor of suppressions", "GET", "/suppressions?cursor=1-x", "", 422, `"location":"query.cursor"`},

	{"unknown event rule", "GET", "/event-rules/R99", "", 404, "R99"},
	{"pausing an unknown event rule", "POST", "/event-rules/R99/pause", "", 404, "R99"},
	{"an event rule without a cap", "POST", "/event-rules", strings.Replace(`{`+eventRule+`}`, `:100`, `:0`, 1), 422, `"location":"body.daily_cap"`},
	{"an event rule without a text", "POST", "/event-rules", strings.Replace(`{`+eventRule+`}`, `您的充值没有成功，款项今天退回。`, ``, 1), 422, `"location":"body.template.text"`},
	{"an event rule with a wrong time", "POST", "/event-rules", strings.Replace(`{`+eventRule+`}`, `"attrs"`, `"to":"x","attrs"`, 1), 422, `"location":"body.when.to"`},
	{"approval of an own event rule", "POST", "/event-rules/R1/approve", `{"version":1}`, 403, `"code":"forbidden"`},
	{"approval of an old event rule", "POST", "/event-rules/R1/approve", `{"version":9}`, 409, `"code":"conflict"`},
}

func TestBadPreventionRequests(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	for _, r := range [][2]string{
		{"/clusters", `{"complaints":["t4"],"title":"归入"}`}, {"/clusters/K2/merge", `{"target":"K1"}`},
		{"/clusters", `{"complaints":["t5"],"title":"另一个"}`},
		{"/clusters/K1/plans", `{` + draft + `}`}, {"/clusters/K1/plans", `{` + draft + `}`}, {"/plans/P2/submit", `{"version":1}`},
		{"/event-rules", `{` + eventRule + `}`},
	} {
		if got := c.as("ann", "POST", r[0], r[1]); got.status >= 300 {
			t.Fatalf("%s: %d %s", r[0], got.status, got.body)
		}
	}
	for _, tt := range badPreventionRequests {
		t.Run(tt.name, func(t *testing.T) {
			local := *c
			bundle := *c.bundle
			bundle.t = t
			local.bundle = &bundle
			local.as("ann", tt.method, tt.target, tt.body).want(t, tt.status, tt.has)
		})
	}
}

func TestDecideNotice(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	c.as("ann", "POST", "/clusters/K1/plans", `{`+draft+`}`).want(t, 201)
	c.as("ann", "POST", "/plans/P1/submit", `{"version":1}`).want(t, 200)
	c.as("bo", "POST", "/plans/P1/approve", `{"version":2}`).want(t, 200)
	list, err := c.db.Notices(t.Context(), prevention.NoticeQuery{Plan: "P1"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		n := list[i]
		n.State, n.BegunAt, n.Channel = prevention.NoticeUnclear, noon, "sms"
		if ok, err := c.db.Outbox().Settle(t.Context(), n); !ok || err != nil {
			t.Fatalf("make notice %d unclear: %v, %v", n.ID, ok, err)
		}
	}
	c.as("ann", "POST", "/plans/P1/notices/1/decide", `{"told":true}`).want(t, 200, `"sent":1`, `"unclear":1`)
	c.as("ann", "POST", "/plans/P1/notices/2/decide", `{"told":false}`).want(t, 200, `"sent":1`, `"failed":1`)
	c.as("bo", "POST", "/plans/P1/notices/2/decide", `{"told":true}`).want(t, 409)
	trail, err := c.db.Trail(t.Context(), "plan:P1")
	if err != nil {
		t.Fatal(err)
	}
	var decided []string
	for _, e := range trail {
		if e.Action == "plan.decide" {
			decided = append(decided, e.Actor+" "+e.Detail)
		}
	}
	if diff := cmp.Diff([]string{`api:ann {"notice":1,"told":true}`, `api:ann {"notice":2,"told":false}`}, decided); diff != "" {
		t.Errorf("the trail (-want +got)\n%s", diff)
	}
}

func TestSuppressedIsNotTold(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	c.as("ann", "POST", "/clusters/K1/plans", `{`+draft+`}`).want(t, 201)
	c.as("ann", "POST", "/plans/P1/submit", `{"version":1}`).want(t, 200)
	c.as("bo", "POST", "/plans/P1/approve", `{"version":2}`).want(t, 200, `"size":5`)
	c.as("ann", "POST", "/suppressions", `{"customer_id":"c04"}`).want(t, 200)
	c.as("ann", "POST", "/suppressions", `{"address":"138 1234 0005"}`).want(t, 200)
	c.send(t)
	c.as("ann", "GET", "/plans/P1", "").want(t, 200, `"skipped":2`, `"sent":3`)
	for limit := 1; limit <= 3; limit++ {
		var got []string
		next := ""
		for range 3 {
			var page struct {
				Items []struct {
					Customer string `json:"customer_id"`
					Address  string
				}
				Next string
			}
			c.as("ann", "GET", fmt.Sprintf("/suppressions?limit=%d%s", limit, next), "").want(t, 200).decode(t, &page)
			for _, x := range page.Items {
				got = append(got, x.Customer+x.Address)
			}
			if page.Next == "" {
				break
			}
			next = "&cursor=" + page.Next
		}
		if diff := cmp.Diff([]string{"138****0005", "c04"}, got); diff != "" {
			t.Errorf("in pages of %d (-want +got)\n%s", limit, diff)
		}
	}
}

func TestListsPage(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	for range 4 {
		c.as("ann", "POST", "/clusters/K1/plans", `{`+draft+`}`).want(t, 201)
	}
	for i := range 2 {
		c.as("ann", "POST", "/clusters", fmt.Sprintf(`{"complaints":["t%d"],"title":"新"}`, 4+i)).want(t, 201)
	}
	c.as("ann", "POST", "/plans/P1/submit", `{"version":1}`).want(t, 200)
	c.as("bo", "POST", "/plans/P1/approve", `{"version":2}`).want(t, 200)
	for target, want := range map[string]string{
		"/clusters":            "K3 K2 K1",
		"/clusters/K1/members": "t3 t2 t1 t0",
		"/plans":               "P4 P3 P2 P1",
		"/plans/P1/notices":    "1 2 3 4 5",
	} {
		for limit := 1; limit <= 6; limit++ {
			if got := strings.Join(c.pages(t, target, limit), " "); got != want {
				t.Errorf("%s in pages of %d: got %s, want %s", target, limit, got, want)
			}
		}
	}
}

// pages follows a list to its end and returns the ids of its items.
func (c *company) pages(t *testing.T, target string, limit int) []string {
	t.Helper()
	var ids []string
	next := ""
	for range 20 {
		var page struct {
			Items []struct {
				ID        any `json:"id"`
				Complaint any `json:"complaint"`
			} `json:"items"`
			Next any `json:"next"`
		}
		address := fmt.Sprintf("%s?limit=%d", target, limit)
		if next != "" {
			address += "&cursor=" + next
		}
		c.as("ann", "GET", address, "").want(t, 200).decode(t, &page)
		for _, item := range page.Items {
			id := item.ID
			if id == nil {
				id = item.Complaint
			}
			ids = append(ids, fmt.Sprint(id))
		}
		if page.Next == nil {
			return ids
		}
		next = fmt.Sprint(page.Next)
	}
	t.Fatalf("%s has no end", target)
	return nil
}
