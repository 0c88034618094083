package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const outage = `{"id":"c1","customer_id":"k1","channel":"hotline","at":"2026-03-01T08:00:00",` +
	`"title":"断网","text":"宽带断了三天，电话13812345678","attrs":{"contact":"13812345678","phone":13812345678,"nested":["13812345678"]}}`

// operations has a good request for every operation of the document, in an
// order in which they work.
var operations = []struct {
	id, method, target, body string
	status                   int
	has                      []string
}{
	{
		"submit-complaint", "POST", "/complaints", outage, 201,
		[]string{`"status":"received"`, `"duplicate":false`, `"predecessor":""`, `"type":"network"`, `"respond_by":"2026-03-01T09:00:00+08:00"`},
	},
	{
		"submit-complaint", "POST", "/complaints?similar=0",
		`{"id":"c2","text":"又断了","at":"2019/2/28 11:25:05","source_no":90000000000000001,"region":null,"resolution":"修好，回电13812345678"}`, 201,
		[]string{`"respond_by":"2019-02-28T12:25:05+08:00"`, `"status":"closed"`, `"similar":[]`},
	},
	{"submit-complaint", "POST", "/complaints", outage, 200, []string{`"duplicate":true`, `138****5678`}},
	{"triage", "POST", "/triage", `{"text":"宽带断了"}`, 200, []string{`"id":""`, `"type":"network"`, `"needs_review":false`, "修好，回电138****5678"}},
	{"get-complaint", "GET", "/complaints/c1", "", 200, []string{
		`"text":"宽带断了三天，电话138****5678"`, `"at":"2026-03-01T08:00:00+08:00"`, `"contact":"138****5678"`,
		`"phone":"138****5678"`, `"nested":["138****5678"]`, `"value":"138****5678"`, `"closed_at":null`,
	}},
	{"get-complaint", "GET", "/complaints/c2", "", 200, []string{`"attrs":{"source_no":"90000000000000001"}`}},
	{"list-similar", "GET", "/complaints/c1/similar?limit=3", "", 200, []string{`"id":"c2"`, `修好，回电138****5678`}},
	{"confirm-type", "POST", "/complaints/c1/confirm", `{"type":"network","subtype":"network.outage"}`, 200, []string{`"status":"acknowledged"`}},
	{"close-complaint", "POST", "/complaints/c1/close", `{"resolution":"已修复","satisfaction":80}`, 200, []string{`"status":"closed"`, `"satisfaction":80`}},
	{"list-trail", "GET", "/complaints/c1/trail", "", 200, []string{`"action":"accept"`, `"actor":"api:local"`, `"detail":{"type":"network"}`, `"action":"close"`}},
	{"list-complaints", "GET", "/complaints?status=closed&needs_review=false&from=2026-01-01&sort=newest&limit=1", "", 200, []string{
		`"excerpt":"断网\n宽带断了三天，电话138****5678"`, `"next":"1"`, `"type_name":"网络"`,
	}},
	{"list-complaints", "GET", "/complaints?limit=1&cursor=1", "", 200, []string{`"id":"c2"`}},
	{"list-complaints", "GET", "/complaints?q=%E6%96%AD%E4%BA%86&limit=1", "", 200, []string{`"id":"c1"`, `"next":"1"`, `"total":2`}},
	{"list-complaints", "GET", "/complaints?q=%E6%96%AD%E4%BA%86&limit=1&cursor=1", "", 200, []string{`"id":"c2"`, `"total":2`}},
	{"get-stats", "GET", "/stats", "", 200, []string{`"closed":2`, `"received":0`, `"total":2`}},
	{"get-pack", "GET", "/pack", "", 200, []string{`"code":"test"`, `"network.outage"`}},
	{"list-jobs", "GET", "/jobs", "", 200, []string{`"name":"index-catch-up"`}},
	{"run-job", "POST", "/jobs/index-catch-up/run", "", 202, []string{`"by":"api:local"`}},
	{"list-runs", "GET", "/jobs/index-catch-up/runs", "", 200, []string{`"state":"running"`, `"ended_at":null`}},
	{"list-jobs", "GET", "/jobs", "", 200, []string{`"last":{"id":1`}},
}

func TestOperations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seen := map[string]bool{}
	for i, op := range operations {
		got := b.do(op.method, "/api/v1"+op.target, op.body)
		if got.status != op.status {
			t.Fatalf("%d %s: got status %d, want %d\n%s", i, op.id, got.status, op.status, got.body)
		}
		for _, want := range op.has {
			if !strings.Contains(string(got.body), want) {
				t.Errorf("%d %s: %s is missing in\n%s", i, op.id, want, got.body)
			}
		}
		// The one who sends a text may see its numbers; nobody else.
		if op.status != http.StatusCreated && strings.Contains(string(got.body), "13812345678") {
			t.Errorf("%d %s: a telephone number shows in\n%s", i, op.id, got.body)
		}
		seen[op.id] = true
	}
	for path, item := range b.doc.Paths.Map() {
		for method, op := range item.Operations() {
			if !seen[op.OperationID] {
				t.Errorf("operation %s (%s %s) has no request in this test", op.OperationID, method, path)
			}
		}
	}
	for _, secret := range []string{"13812345678", "宽带", "断了", "%E6%96%AD"} {
		if strings.Contains(b.log.String(), secret) {
			t.Errorf("%q shows in the log:\n%s", secret, b.log.String())
		}
	}
}

// Files may hold a case of the last hours of the year 9999, which is the year
// 10000 further east: one such case must not make every list fail.
func TestTheEndOfTimeCanBeShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	end := time.Date(9999, 12, 31, 23, 30, 0, 0, time.UTC)
	c := triage.Case{Complaint: triage.Complaint{ID: "end", Text: "断网", At: end, ClosedAt: end}}
	c.Assessment.SLA = triage.SLA{RespondBy: end, VerifyBy: end, ResolveBy: end}
	if _, err := b.store.Accept(t.Context(), []triage.Case{c}); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/complaints", "/complaints/end"} {
		if r := b.raw("GET", "/api/v1"+target, ""); r.status != http.StatusOK || !strings.Contains(string(r.body), "9999-12-31T23:30:00Z") {
			t.Errorf("GET %s: status %d: %s", target, r.status, r.body)
		}
	}
}

// badRequests are refused with a problem that says has.
var badRequests = []struct {
	name, method, target, body string
	status                     int
	has                        string
}{
	{"no body", "POST", "/complaints", "", 400, "body is required"},
	{"half a line", "POST", "/complaints", `{"id":"x","text":"电话138123`, 400, "unexpected end of JSON input"},
	{"not an object", "POST", "/complaints", `["13812345678"]`, 422, `"location":"body"`},
	{"no id", "POST", "/complaints", `{"text":"断网"}`, 422, `"location":"body.id"`},
	{"blank id", "POST", "/complaints", `{"id":" ","text":"断网"}`, 422, `"location":"body.id"`},
	{"no text", "POST", "/complaints", `{"id":"x","text":" \n"}`, 422, `"location":"body.text"`},
	{"number for text", "POST", "/complaints", `{"id":"x","text":13812345678}`, 422, `"location":"body.text"`},
	{"text for number", "POST", "/complaints", `{"id":"x","text":"t","satisfaction":"13812345678"}`, 422, `"location":"body.satisfaction"`},
	{"satisfaction out of range", "POST", "/complaints", `{"id":"x","text":"t","satisfaction":101}`, 422, `"location":"body.satisfaction"`},
	{"unknown channel", "POST", "/complaints", `{"id":"x","text":"t","channel":"fax"}`, 422, "hotline, app"},
	{"a number for a channel", "POST", "/complaints", `{"id":"x","text":"t","channel":"13812345678"}`, 422, "138****5678"},
	{"year 9999", "POST", "/complaints", `{"id":"x","text":"t","at":"9999-12-31T23:59:59Z"}`, 422, `"location":"body.at"`},
	{"not a time", "POST", "/complaints", `{"id":"x","text":"t","at":"昨天13812345678"}`, 422, `"location":"body.at"`},
	{"no such day", "POST", "/triage", `{"text":"t","closed_at":"2026-02-30"}`, 422, `"location":"body.closed_at"`},
	{"long text", "POST", "/triage", `{"text":"` + strings.Repeat("断", 100_001) + `"}`, 413, `"code":"too_large"`},
	{"large body", "POST", "/triage", `{"text":"` + strings.Repeat("a", 1<<20) + `"}`, 413, "larger than 1048576 bytes"},
	{"not UTF-8", "POST", "/triage", "{\"text\":\"\xb6\xcf\xcd\xf8\"}", 400, "byte 9"},
	{"deep nesting", "POST", "/triage", `{"text":"t","attrs":` + strings.Repeat(`{"a":`, 20_000) + `1` + strings.Repeat("}", 20_001), 400, `"code":"malformed"`},
	{"too many similar", "POST", "/triage?similar=51", `{"text":"t"}`, 422, `"location":"query.similar"`},
	{"unknown parameter", "GET", "/complaints?urgancy=high", "", 422, "query.urgancy"},
	{"wrong enum", "GET", "/complaints?status=13812345678", "", 422, `"location":"query.status"`},
	{"limit too high", "GET", "/complaints?limit=201", "", 422, `"location":"query.limit"`},
	{"limit is no number", "GET", "/complaints?limit=many", "", 422, `"location":"query.limit"`},
	{"bad from", "GET", "/complaints?from=13812345678", "", 422, `"location":"query.from"`},
	{"query not UTF-8", "GET", "/complaints?q=%ff", "", 400, `"location":"query"`},
	{"broken query", "GET", "/complaints?q=%zz", "", 400, `"location":"query"`},
	{"path not UTF-8", "GET", "/complaints/%ff", "", 400, `"location":"path.id"`},
	{"search with sort", "GET", "/complaints?q=a&sort=newest", "", 422, `"location":"query.sort"`},
	{"search with a foreign cursor", "GET", "/complaints?q=a&cursor=-1", "", 422, `"location":"query.cursor"`},
	{"unknown case", "GET", "/complaints/none", "", 404, `"code":"not_found"`},
	{"similar of an unknown case", "GET", "/complaints/none/similar", "", 404, `"code":"not_found"`},
	{"trail of an unknown case", "GET", "/complaints/none/trail", "", 404, `"code":"not_found"`},
	{"confirm an unknown case", "POST", "/complaints/none/confirm", `{"type":"network"}`, 404, `"code":"not_found"`},
	{"confirm an unknown type", "POST", "/complaints/none/confirm", `{"type":"weather"}`, 422, `"location":"body.type"`},
	{"close without a resolution", "POST", "/complaints/none/close", `{}`, 422, `"location":"body"`},
	{"a typo in a decision", "POST", "/complaints/none/close", `{"resolution":"r","satisfacton":1}`, 422, `"location":"body.satisfacton"`},
	{"unknown job", "POST", "/jobs/none/run", "", 404, `"code":"not_found"`},
	{"runs of an unknown job", "GET", "/jobs/none/runs", "", 404, `"code":"not_found"`},
	{"unknown address", "GET", "/nothing", "", 404, `"code":"not_found"`},
	{"wrong method", "DELETE", "/complaints", "", 405, "Allow header"},
	{"panic", "POST", "/triage", `{"text":"panic"}`, 500, `"code":"internal"`},
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, tt := range badRequests {
		t.Run(tt.name, func(t *testing.T) {
			local := *b
			local.t = t
			got := local.do(tt.method, "/api/v1"+tt.target, tt.body)
			if got.status != tt.status {
				t.Errorf("got status %d, want %d\n%s", got.status, tt.status, got.body)
			}
			if !strings.Contains(string(got.body), tt.has) {
				t.Errorf("%s is missing in\n%s", tt.has, got.body)
			}
			for _, leak := range []string{"13812345678", "138123", "goroutine", ".go:", "fault of ours", `"value"`} {
				if strings.Contains(string(got.body), leak) {
					t.Errorf("%q shows in\n%s", leak, got.body)
				}
			}
		})
	}
	if ids := b.store.stored(); len(ids) > 0 {
		t.Errorf("refused complaints were stored: %v", ids)
	}
}

func TestContentType(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.raw("POST", "/api/v1/triage", `{"text":"t"}`, "Content-Type", "application/x-www-form-urlencoded")
	checkProblem(t, got)
	if got.status != http.StatusUnsupportedMediaType {
		t.Errorf("a form: got status %d, want 415\n%s", got.status, got.body)
	}
	if got := b.raw("POST", "/api/v1/triage", "\ufeff"+`{"text":"t"}`); got.status != http.StatusOK {
		t.Errorf("a byte order mark: got status %d, want 200\n%s", got.status, got.body)
	}
}

// Ids come from other systems; gin would split them at a slash and read a plus
// sign as a blank.
func TestIDsInPaths(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, id := range []string{"a/b", "100%", "a+b c", "投诉/１", "...", "%2F", "a?b#c;d", "a:b@c,d"} {
		got := b.raw("POST", "/api/v1/complaints", `{"id":"`+id+`","text":"断网"}`)
		location := got.header.Get("Location")
		if got.status != http.StatusCreated || location == "" {
			t.Fatalf("submit %q: status %d, location %q", id, got.status, location)
		}
		if got := b.do("GET", location, ""); got.status != http.StatusOK || got.text(t, "id") != id {
			t.Errorf("GET %s: status %d, id %q, want 200 and %q", location, got.status, got.text(t, "id"), id)
		}
		if got := b.do("GET", location+"/similar", ""); got.status != http.StatusOK {
			t.Errorf("GET %s/similar: status %d\n%s", location, got.status, got.body)
		}
	}
}
