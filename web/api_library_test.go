package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/wording"
	"github.com/qianyi-dev/qianyi/web"
)

// shelf is a library and a reply desk in memory.
type shelf struct {
	versions []solution.Version
	verdict  reply.Verdict
	sent     []reply.Sending
}

func (b *shelf) List(context.Context, solution.Filter) ([]solution.Version, error) {
	return b.versions, nil
}

func (b *shelf) Versions(_ context.Context, id string) ([]solution.Version, error) {
	if id != "S1" {
		return nil, triage.Errorf(triage.CodeNotFound, "no solution")
	}
	return b.versions, nil
}

func (b *shelf) Create(_ context.Context, c solution.Content, by string) (solution.Version, error) {
	v := solution.Version{Solution: "S1", Number: len(b.versions) + 1, Content: c, State: solution.Draft, Author: by, CreatedAt: noon}
	b.versions = append(b.versions, v)
	return v, nil
}

func (b *shelf) Edit(ctx context.Context, _ string, base int, c solution.Content, by string) (solution.Version, error) {
	if base != len(b.versions) {
		return solution.Version{}, triage.Errorf(triage.CodeConflict, "read the latest first")
	}
	return b.Create(ctx, c, by)
}

func (b *shelf) Move(_ context.Context, _ string, n int, to solution.State, _ string) error {
	b.versions[n-1].State = to
	return nil
}

func (*shelf) Stream(context.Context, reply.Answer, func(string) error) (reply.Draft, error) {
	return reply.Draft{Text: "您的电话13800138000", Source: reply.FromModel, Report: wording.Report{Score: 5, Reasons: []string{}, Flags: []wording.Flag{}}}, nil
}

func (b *shelf) Check(context.Context, reply.Answer) (reply.Verdict, error) { return b.verdict, nil }

func (b *shelf) Send(_ context.Context, a reply.Answer, s reply.Sending) (reply.Message, error) {
	if len(b.verdict.Blocks) > 0 {
		return reply.Message{}, &reply.RefusedError{Verdict: b.verdict}
	}
	b.sent = append(b.sent, s)
	return reply.Message{ID: 1, Complaint: a.Complaint, Direction: reply.Out, Channel: "sms", Text: a.Text, By: s.By, At: noon}, nil
}

func (*shelf) Messages(context.Context, triage.ComplaintID) ([]reply.Message, error) {
	return []reply.Message{{ID: 1, Direction: reply.In, Channel: "email", Text: "我的电话13800138000", By: "客户", At: noon}}, nil
}

func withShelf(t *testing.T) (*bundle, *shelf) {
	t.Helper()
	s := &shelf{verdict: reply.Verdict{Report: wording.Report{Score: 5, Reasons: []string{}, Flags: []wording.Flag{}}, Blocks: []reply.Finding{}, Warnings: []reply.Finding{}}}
	return setup(t, func(d *web.Deps) { d.Solutions, d.Replies = s, s }), s
}

func TestSolutionOperations(t *testing.T) {
	t.Parallel()
	b, s := withShelf(t)
	const body = `{"type":"billing","title":"补记","steps":["核对","致电13800138000"],"policy":[{"tier":"vip","amount":"12.5"}]}`
	r := b.do(http.MethodPost, "/api/v1/solutions", body)
	if r.status != http.StatusCreated || r.header.Get("Location") != "/api/v1/solutions/S1" {
		t.Fatalf("got status %d at %q: %s", r.status, r.header.Get("Location"), r.body)
	}
	if p := s.versions[0].Policy; len(p) != 1 || p[0].Amount != 1250 {
		t.Errorf("stored the policy %+v", p)
	}
	if strings.Contains(string(r.body), "13800138000") {
		t.Errorf("the answer shows a telephone number: %s", r.body)
	}
	for target, want := range map[string]int{
		"/api/v1/solutions": 200, "/api/v1/solutions?state=retired": 200, "/api/v1/solutions/S1": 200, "/api/v1/solutions/none": 404,
	} {
		if r := b.do(http.MethodGet, target, ""); r.status != want {
			t.Errorf("GET %s: got status %d, want %d: %s", target, r.status, want, r.body)
		}
	}
	if r := b.do(http.MethodPost, "/api/v1/solutions/S1", body); r.status != http.StatusConflict {
		t.Errorf("an edit of nothing that was read: got status %d, want 409", r.status)
	}
	for _, step := range []string{"propose", "withdraw", "approve", "retire"} {
		if r := b.do(http.MethodPost, "/api/v1/solutions/S1/"+step, `{"version":1}`); r.status != http.StatusOK {
			t.Errorf("%s: got status %d: %s", step, r.status, r.body)
		}
	}
	if got := s.versions[0].State; got != solution.Retired {
		t.Errorf("got the state %s at the end, want retired", got)
	}
	wrong := strings.Replace(body, "12.5", "viel", 1)
	if r := b.do(http.MethodPost, "/api/v1/solutions", wrong); r.status != http.StatusUnprocessableEntity {
		t.Errorf("an amount in words: got status %d, want 422", r.status)
	}
}

func TestReplyOperations(t *testing.T) {
	t.Parallel()
	b, s := withShelf(t)
	if r := b.do(http.MethodPost, "/api/v1/complaints", `{"id":"c1","text":"断网"}`); r.status != http.StatusCreated {
		t.Fatalf("got status %d: %s", r.status, r.body)
	}
	const one = "/api/v1/complaints/c1"
	r := b.do(http.MethodPost, one+"/draft", `{"solution":"S1","amount":"30"}`)
	if r.status != http.StatusOK || strings.Contains(string(r.body), "13800138000") {
		t.Errorf("draft: got status %d: %s", r.status, r.body)
	}
	if r := b.do(http.MethodPost, one+"/check-reply", `{"text":"您好"}`); r.status != http.StatusOK {
		t.Errorf("check: got status %d: %s", r.status, r.body)
	}
	if r := b.do(http.MethodPost, one+"/reply", `{"text":"您好","via":"phone","confirmed":true}`); r.status != http.StatusOK || len(s.sent) != 1 || !s.sent[0].Confirmed || s.sent[0].Via != "phone" {
		t.Errorf("reply: got status %d and %+v: %s", r.status, s.sent, r.body)
	}
	r = b.do(http.MethodGet, one+"/messages", "")
	if r.status != http.StatusOK || strings.Contains(string(r.body), "13800138000") {
		t.Errorf("messages: got status %d: %s", r.status, r.body)
	}
	s.verdict.Blocks = []reply.Finding{{Reason: reply.Leak, Text: "139****2222"}}
	r = b.do(http.MethodPost, one+"/reply", `{"text":"您好"}`)
	if r.status != http.StatusForbidden || !strings.Contains(r.text(t, "detail"), "leak") {
		t.Errorf("a leak: got status %d: %s", r.status, r.body)
	}
	for _, target := range []string{"/draft", "/check-reply", "/reply"} {
		if r := b.do(http.MethodPost, "/api/v1/complaints/none"+target, `{"text":"您好"}`); r.status != http.StatusNotFound {
			t.Errorf("%s of no case: got status %d, want 404", target, r.status)
		}
	}
}
