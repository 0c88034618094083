package web_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/web"
)

// firm is a server over a real store, whose cases have a life.
type firm struct {
	*bundle
	clock *testkit.Clock
	db    *store.DB
}

// monday is a working day: 2026-03-02 10:00 in Shanghai.
var monday = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

func setupFirm(t *testing.T, changes ...func(*web.Deps)) *firm {
	t.Helper()
	f := &firm{clock: testkit.NewClock(monday)}
	var err error
	if f.db, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "qianyi.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, "the database", f.db.Shutdown()) })
	zone := time.FixedZone("Asia/Shanghai", 8*60*60)
	cal, err := calendar.New(calendar.Config{}, zone)
	if err != nil {
		t.Fatal(err)
	}
	service := triage.New(triage.Deps{
		Analyzer: analyzer{}, Catalogue: catalogue{}, Cases: f.db, Decisions: f.db, Queue: f.db, Solutions: f.db, Audit: f.db,
		Opener: life.NewOpener(cal), Now: f.clock.Now, Log: discard,
	})
	changes = append([]func(*web.Deps){func(d *web.Deps) {
		d.Service, d.Audit, d.Replays, d.Now = service, f.db, f.db, f.clock.Now
		d.Life = life.New(life.Deps{Store: f.db, Calendar: cal, Zone: zone, Queue: f.db, Mask: mask, Now: f.clock.Now})
		d.Passed = f.db
	}}, changes...)
	f.bundle = setup(t, changes...)
	return f
}

// lifeSteps bring a case through its life, with a good request for every
// operation.
var lifeSteps = []struct {
	id, method, target, body string
	status                   int
	has                      []string
}{
	{"submit-complaint", "POST", "/complaints", `{"id":"c1","customer_id":"k1","channel":"hotline","at":"2026-03-02T08:30:00","product":"宽带","text":"断网三天，电话13812345678"}`, 201, nil},
	{"submit-complaint", "POST", "/complaints", `{"id":"c2","customer_id":"k1","channel":"hotline","at":"2026-03-02T08:40:00","text":"还是断网"}`, 201, nil},
	{"list-moves", "GET", "/complaints/c1/moves", "", 200, []string{
		`"status":"received"`, `"version":1`, `"move":"acknowledge","to":"acknowledged","needs":[{"key":"answered_how","kind":"text","optional":false}`, `"hand_over_needs":[`,
	}},
	{"assign-complaint", "POST", "/complaints/c1/assign", `{"owner":"lin","version":1}`, 200, []string{`"owner":"lin"`, `"department":"网络部"`, `"factor":"age"`}},
	{"move-complaint", "POST", "/complaints/c1/moves", `{"move":"acknowledge","facts":{"answered_how":"电话13812345678答复","answered_at":"2026-03-02 09:55"}}`, 200, []string{
		`"status":"acknowledged"`, `"responded_at":"2026-03-02T09:55:00+08:00"`,
	}},
	{"wait-for-customer", "POST", "/complaints/c1/wait", `{"what":"请拍设备照片"}`, 200, []string{`"waiting_since":"2026-03-02T10:00:00+08:00"`, `"due_at":null`}},
	{"list-complaints", "GET", "/complaints?waiting=true&sort=priority", "", 200, []string{`"id":"c1"`, `"owner":"lin"`}},
	{"resume-complaint", "POST", "/complaints/c1/resume", `{"note":"已收到"}`, 200, []string{`"waiting_since":null`}},
	{"hand-over-complaint", "POST", "/complaints/c1/hand-over", `{"department":"线路部","task":"查线路","due":"2026-03-03 18:00",` +
		`"facts":{"checked":"已远程重启","promised":"unknown: 客户没有问","contact":"13812345678"}}`, 200, []string{`"department":"线路部"`}},
	{"return-hand-over", "POST", "/complaints/c1/hand-over/return", `{"reason":"不是线路问题"}`, 200, []string{`"department":"网络部"`, `"owner":"lin"`}},
	{"hand-over-complaint", "POST", "/complaints/c1/hand-over", `{"department":"线路部","task":"再查","due":"2026-03-03 18:00",` +
		`"facts":{"checked":"已远程重启","promised":"明天答复"}}`, 200, nil},
	{"accept-hand-over", "POST", "/complaints/c1/hand-over/accept", "", 200, []string{`"department":"线路部"`}},
	{"move-complaint", "POST", "/complaints/c2/moves", `{"move":"merge","facts":{"into":"c1"}}`, 200, []string{`"status":"merged"`, `"merged_into":"c1"`}},
	{"move-complaint", "POST", "/complaints/c1/moves", `{"move":"settle","facts":{"resolution":"换了光猫","cause":"product"},"note":"上门"}`, 200, []string{`"status":"closed"`, `"cause":"product"`}},
	{"list-steps", "GET", "/complaints/c1/steps", "", 200, []string{
		`"move":"assign"`, `"answered_how":"电话138****5678答复"`, `"promised":"unknown: 客户没有问"`, `"move":"return"`, `"note":"不是线路问题"`, `"to":"closed"`,
	}},
	{"list-breaches", "GET", "/breaches?clock=resolve&limit=5", "", 200, []string{`"items":[]`}},
	{"list-complaints", "GET", "/complaints?open=false&department=" + "%E7%BA%BF%E8%B7%AF%E9%83%A8", "", 200, []string{`"id":"c1"`}},
}

func TestLifeOperations(t *testing.T) {
	t.Parallel()
	f := setupFirm(t)
	seen := map[string]bool{}
	for _, op := range operations {
		seen[op.id] = true
	}
	for i, op := range lifeSteps {
		got := f.do(op.method, "/api/v1"+op.target, op.body)
		if got.status != op.status {
			t.Fatalf("%d %s: got status %d, want %d\n%s", i, op.id, got.status, op.status, got.body)
		}
		for _, want := range op.has {
			if !strings.Contains(string(got.body), want) {
				t.Errorf("%d %s: %s is missing in\n%s", i, op.id, want, got.body)
			}
		}
		if op.status != http.StatusCreated && strings.Contains(string(got.body), "13812345678") {
			t.Errorf("%d %s: a telephone number shows in\n%s", i, op.id, got.body)
		}
		seen[op.id] = true
	}
	for path, item := range f.doc.Paths.Map() {
		for method, op := range item.Operations() {
			if !seen[op.OperationID] {
				t.Errorf("operation %s (%s %s) has no request in this test", op.OperationID, method, path)
			}
		}
	}
}

func TestLifeRefusals(t *testing.T) {
	t.Parallel()
	f := setupFirm(t)
	f.do("POST", "/api/v1/complaints", `{"id":"c1","customer_id":"k1","at":"2026-03-02T08:30:00","text":"断网三天"}`)
	for _, tt := range []struct {
		name, target, body string
		status             int
		has                string
	}{
		{"not allowed from here", "/complaints/c1/moves", `{"move":"execute"}`, 409, "acknowledge, settle"},
		{"a fact is missing", "/complaints/c1/moves", `{"move":"acknowledge","facts":{"answered_how":"电话"}}`, 422, `"location":"body.facts.answered_at"`},
		{"no such move", "/complaints/c1/moves", `{"move":"forget"}`, 422, `"location":"body.move"`},
		{"somebody was faster", "/complaints/c1/assign", `{"owner":"lin","version":7}`, 409, "look at it again"},
		{"into itself", "/complaints/c1/moves", `{"move":"merge","facts":{"into":"c1"}}`, 422, `"location":"body.facts.into"`},
		{"into nothing", "/complaints/c1/moves", `{"move":"merge","facts":{"into":"c9"}}`, 422, `"location":"body.facts.into"`},
		{"hand-over without its record", "/complaints/c1/hand-over", `{"department":"线路部"}`, 422, "checked"},
		{"hand-over with a due time that is none", "/complaints/c1/hand-over", `{"department":"线路部","due":"soon"}`, 422, `"location":"body.due"`},
		{"nothing to accept", "/complaints/c1/hand-over/accept", "", 409, "no hand-over"},
		{"nobody waits", "/complaints/c1/resume", `{}`, 409, "does not wait"},
		{"an unknown case", "/complaints/none/wait", `{"what":"x"}`, 404, "not_found"},
	} {
		if got := f.do("POST", "/api/v1"+tt.target, tt.body); got.status != tt.status || !strings.Contains(string(got.body), tt.has) {
			t.Errorf("%s: got status %d, want %d with %s\n%s", tt.name, got.status, tt.status, tt.has, got.body)
		}
	}
}

// ring is one API key, of an agent of one department.
type ring struct{ user triage.User }

func (r ring) KeyByHash(context.Context, string) (triage.Key, error) {
	k := triage.Key{ID: 1, Owner: r.user.Name}
	for _, p := range access.All {
		k.Permissions = append(k.Permissions, string(p))
	}
	return k, nil
}

func (r ring) TouchKey(context.Context, int64, time.Time) error { return nil }

func (r ring) User(context.Context, string) (triage.User, error) { return r.user, nil }

// A key sees what its owner sees: the cases of the department, the owner's own
// and those that went through the department.
func TestScopeOfKeys(t *testing.T) {
	t.Parallel()
	f := setupFirm(t, func(d *web.Deps) {
		d.Keys = ring{triage.User{Name: "wu", Role: triage.RoleLead, Department: "线路部"}}
	})
	local := func(method, target, body string) response { return f.do(method, "/api/v1"+target, body) }
	keyed := func(method, target, body string) response {
		return f.do(method, "/api/v1"+target, body, "Authorization", "Bearer key")
	}
	for _, id := range []string{"theirs", "passed", "ours", "own"} {
		local("POST", "/complaints", `{"id":"`+id+`","customer_id":"k1","at":"2026-03-02T08:30:00","text":"断网三天"}`)
	}
	facts := `"facts":{"checked":"重启过","promised":"无","product":"宽带"},"task":"查","due":"2026-03-03 18:00"`
	local("POST", "/complaints/passed/hand-over", `{"department":"线路部",`+facts+`}`)
	local("POST", "/complaints/passed/hand-over/return", `{"reason":"不是"}`)
	local("POST", "/complaints/ours/assign", `{"department":"线路部"}`)
	local("POST", "/complaints/own/assign", `{"owner":"wu"}`)

	for id, want := range map[string]int{"theirs": 404, "passed": 200, "ours": 200, "own": 200, "none": 404} {
		for _, path := range []string{"", "/trail", "/steps", "/moves"} {
			if got := keyed("GET", "/complaints/"+id+path, ""); got.status != want {
				t.Errorf("GET %s%s: got status %d, want %d\n%s", id, path, got.status, want, got.body)
			}
		}
	}
	for path, body := range map[string]string{
		"/confirm": `{"type":"network"}`, "/close": `{"resolution":"r"}`, "/moves": `{"move":"verify"}`, "/assign": `{"owner":"wu"}`,
		"/wait": `{"what":"x"}`, "/resume": `{}`, "/hand-over": `{"department":"d"}`, "/hand-over/accept": "", "/hand-over/return": `{"reason":"r"}`,
	} {
		if got := keyed("POST", "/complaints/theirs"+path, body); got.status != http.StatusNotFound {
			t.Errorf("POST theirs%s: got status %d, want 404\n%s", path, got.status, got.body)
		}
	}
	if got := keyed("POST", "/complaints/ours/moves", `{"move":"merge","facts":{"into":"theirs"}}`); got.status != 422 {
		t.Errorf("merging into a case of another department: got status %d, want 422\n%s", got.status, got.body)
	}
	list := string(keyed("GET", "/complaints", "").body)
	for id, want := range map[string]bool{"theirs": false, "passed": true, "ours": true, "own": true} {
		if got := strings.Contains(list, `"id":"`+id+`"`); got != want {
			t.Errorf("the list has %s: %t, want %t", id, got, want)
		}
	}
}
