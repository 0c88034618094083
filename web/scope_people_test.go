package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web"
)

// A key of a department sees customers as a whole, but of the cases and tasks of
// other departments neither words nor work.
func TestScopeOfKeysAtCustomers(t *testing.T) {
	t.Parallel()
	c := setupClientele(t, func(d *web.Deps) {
		d.Keys = ring{triage.User{Name: "wu", Role: triage.RoleLead, Department: "线路部"}}
	})
	local := func(method, target, body string) response { return c.do(method, "/api/v1"+target, body) }
	keyed := func(method, target, body string) response {
		return c.do(method, "/api/v1"+target, body, bearer("key")...)
	}
	_, err := c.db.Accept(t.Context(), []triage.Case{{
		Complaint: triage.Complaint{ID: "ours", CustomerID: "c1", At: noon, Text: "线路断了"}, Assessment: assessed("network"),
		Status: triage.StatusReceived, ReceivedAt: noon, Work: triage.Work{Department: "线路部"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	local("POST", "/complaints/t1/call-back", `{"score":60,"reasons":["slow"],"text":"机密的话"}`).want(t, 200)
	local("POST", "/tasks", `{"kind":"contact","customer_id":"c1","title":"别的部门的事","owner":"ann","department":"计费中心"}`).want(t, 201)
	local("POST", "/tasks", `{"kind":"contact","customer_id":"c1","title":"我们的事","owner":"bo","department":"线路部"}`).want(t, 201)
	local("POST", "/tasks", `{"kind":"contact","customer_id":"c1","title":"自己的事","owner":"wu","department":"计费中心"}`).want(t, 201)

	for target, want := range map[string][2]string{ // what shows, what does not
		"/customers/c1/cases": {`"id":"ours"`, `"id":"t1"`},
		"/customers/c1":       {"我们的事", "别的部门的事"},
		"/customers/c1?":      {`"score":60`, "机密的话"},
		"/surveys":            {`"complaint":"t1"`, "机密的话"},
		"/tasks":              {"我们的事", "别的部门的事"},
		"/tasks?owner=ann":    {`"items":[]`, "别的部门的事"},
		"/tasks?owner=wu":     {"自己的事", "别的部门的事"},
		"/tasks?department=%E8%AE%A1%E8%B4%B9%E4%B8%AD%E5%BF%83": {"自己的事", "别的部门的事"},
	} {
		got := keyed("GET", target, "")
		if body := string(got.body); got.status != 200 || !strings.Contains(body, want[0]) || strings.Contains(body, want[1]) {
			t.Errorf("GET %s: got status %d, want %q and not %q in\n%s", target, got.status, want[0], want[1], body)
		}
	}
	for _, r := range []struct{ method, target, body string }{
		{"GET", "/tasks/2", ""},
		{"POST", "/tasks/2/plan", `{"plan":"p","version":1}`},
		{"POST", "/tasks/2/done", `{"outcome":"o","version":1}`},
		{"POST", "/tasks/2/reassign", `{"owner":"wu","version":1}`},
		{"POST", "/tasks", `{"kind":"call_back","complaint":"t1"}`},
		{"POST", "/tasks", `{"kind":"contact","complaint":"t1","customer_id":"c1","title":"t","owner":"wu"}`},
		{"POST", "/complaints/t1/call-back", `{"score":1}`},
		{"POST", "/complaints/t3/customer", `{"customer_id":"c3"}`},
		{"POST", "/surveys/1/take-up", ""},
	} {
		if got := keyed(r.method, r.target, r.body); got.status != http.StatusNotFound {
			t.Errorf("%s %s: got status %d, want 404\n%s", r.method, r.target, got.status, got.body)
		}
	}
	// Giving a task of one's own away is answered, though it is gone then.
	keyed("POST", "/tasks/3/reassign", `{"owner":"ann","department":"计费中心","version":1}`).want(t, 200, `"owner":"ann"`)
	keyed("GET", "/tasks/3", "").want(t, 404)
}

// Sending the id of a case of another department shows nothing of it.
func TestScopeOfKeysAtDuplicates(t *testing.T) {
	t.Parallel()
	f := setupFirm(t, func(d *web.Deps) {
		d.Keys = ring{triage.User{Name: "wu", Role: triage.RoleLead, Department: "线路部"}}
	})
	const complaint = `{"id":"theirs","text":"断网三天"}`
	f.do("POST", "/api/v1/complaints", complaint).want(t, 201)
	f.do("POST", "/api/v1/complaints", complaint).want(t, 200)
	f.do("POST", "/api/v1/complaints", complaint, bearer("key")...).want(t, 409)
	refused := func(id string) string {
		return f.do("GET", "/api/v1/complaints/"+id, "", bearer("key")...).want(t, 404).text(t, "detail")
	}
	if theirs, none := refused("theirs"), refused("none"); theirs != none {
		t.Errorf("a case of another department says %q, none says %q", theirs, none)
	}
}

// Personal data that people and channels put into facts is masked, also where
// nothing but the key tells that it is personal.
func TestFactsAreMasked(t *testing.T) {
	t.Parallel()
	f := setupFirm(t)
	f.do("POST", "/api/v1/complaints", `{"id":"c1","text":"断网","product":"套餐13812345678","attrs":{"name":"欧阳小明","contact":{"姓名":"王大锤","phone":"13812345678"}}}`).want(t, 201)
	f.do("POST", "/api/v1/complaints/c1/moves", `{"move":"withdraw","facts":{"reason":"客户13812345678说算了"}}`).want(t, 200)
	e := triage.AuditEntry{At: monday, Actor: "li", Action: "note", Object: "case:c1", Detail: `{"reason":"打13812345678"}`}
	if err := f.db.Append(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{"": `"name":"`, "s?limit=9": `"product":"套餐138****5678"`, "/trail": "138****5678", "/steps": "138****5678"} {
		body := string(f.do("GET", strings.Replace("/api/v1/complaints/c1"+target, "/c1s", "", 1), "").want(t, 200).body)
		if !strings.Contains(body, want) {
			t.Errorf("%s: %s is missing in %s", target, want, body)
		}
		for _, secret := range []string{"小明", "大锤", "13812345678"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %s: %s", target, secret, body)
			}
		}
	}
}
