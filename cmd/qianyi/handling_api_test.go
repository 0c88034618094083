package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheShortestWay settles a complaint at the first contact over the API of
// the real service; on the way everything is tried that is not allowed, and none
// of it leaves a trace.
func TestTheShortestWay(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serve(t, "--data", data, "--pack", "telecom")
	const one = "/api/v1/complaints/S1"
	if code := s.call(t, "POST", "/api/v1/complaints", `{"id":"S1","text":"宽带断网三天，报修无人上门","channel":"hotline"}`, nil); code != http.StatusCreated {
		t.Fatalf("submit: status %d", code)
	}
	for _, tt := range []struct {
		name, path, body string
		status           int
		says             string
	}{
		{"closed before it was confirmed", "/moves", `{"move":"close","facts":{"resolution":"修好了","confirmation":"电话"}}`, http.StatusConflict, "acknowledge, settle"},
		{"settled without a cause", "/moves", `{"move":"settle","facts":{"resolution":"修好了"}}`, http.StatusUnprocessableEntity, "body.facts.cause"},
		{"a fact that is not asked for", "/moves", `{"move":"verify","facts":{"mood":"good"}}`, http.StatusConflict, "acknowledge"},
		{"handed over without what was promised", "/hand-over", `{"department":"网络优化中心","task":"查端口","due":"2100-01-01 12:00","facts":{"checked":"线路","product":"宽带","contact":"C1","demand":"修好"}}`, http.StatusUnprocessableEntity, "promised"},
		{"handed over for a time that has passed", "/hand-over", `{"department":"网络优化中心","task":"查端口","due":"2020-01-01 12:00","facts":{"checked":"线路","promised":"无","product":"宽带","contact":"C1","demand":"修好"}}`, http.StatusUnprocessableEntity, "due"},
		{"based on an older version", "/moves", `{"move":"settle","version":7,"facts":{"resolution":"修好了","cause":"product"}}`, http.StatusConflict, "look at it again"},
	} {
		var answer json.RawMessage
		if code := s.call(t, "POST", one+tt.path, tt.body, &answer); code != tt.status || !strings.Contains(string(answer), tt.says) {
			t.Errorf("%s: status %d, want %d with %q: %s", tt.name, code, tt.status, tt.says, answer)
		}
	}
	var settled struct {
		Status       string
		Satisfaction *float64
	}
	body := `{"move":"settle","version":1,"facts":{"resolution":"远程重启后恢复","cause":"product","satisfaction":"95"}}`
	if code := s.call(t, "POST", one+"/moves", body, &settled); code != http.StatusOK || settled.Status != "closed" {
		t.Fatalf("settle: status %d, case %+v", code, settled)
	}
	var record struct {
		Items []struct{ Move, From, To, By string }
	}
	s.call(t, "GET", one+"/steps", "", &record)
	want := []struct{ Move, From, To, By string }{
		{"open", "received", "received", "system"}, {"settle", "received", "closed", "api:local"},
	}
	if diff := cmp.Diff(want, record.Items); diff != "" {
		t.Errorf("the record (-want +got):\n%s", diff)
	}
	for _, method := range []string{"PUT", "PATCH", "DELETE", "POST"} {
		if code := s.call(t, method, one+"/steps", "{}", nil); code != http.StatusMethodNotAllowed && code != http.StatusNotFound {
			t.Errorf("%s of the record: status %d, want it refused", method, code)
		}
	}
	if r := s.stop(); r.code != exitOK {
		t.Fatalf("stop: exit code %d\n%s", r.code, r.err)
	}
	qianyi(t, "", "audit", "verify", "--data", data).must(t, exitOK)
}
