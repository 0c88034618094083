package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
	"github.com/qianyi-dev/qianyi/prevention/outreach/hours"
)

// The holders of tokens: one writes plans, the other approves them.
var tokens = map[string]string{"author": "author-0123456789abcdef", "approver": "approver-0123456789abcdef"}

// patience bounds how long a test waits for another goroutine or process; no
// test is about how long something takes.
const patience = time.Minute

// eventually waits until ok, asking again and again.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !ok() {
		select {
		case <-again.C:
		case <-late.C:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// outreachConfig writes the configuration of a service that may send at any
// hour and gives up attempts quickly. change adds what a test is about.
func outreachConfig(t *testing.T, change func(*config)) string {
	t.Helper()
	c := defaultConfig()
	c.API.Tokens, c.API.RateLimit = tokens, 10_000
	c.Log.Level = "error"
	c.Outreach.Quiet, c.Alerts.Quiet = hours.Quiet{}, hours.Quiet{}
	c.Outreach.Rate, c.Outreach.Backoff = 2000, time.Millisecond
	c.Outreach.BackoffMax, c.Outreach.SendTimeout, c.Outreach.Lease = time.Millisecond, 5*time.Second, 10*time.Second
	c.Alerts.GroupWait, c.Alerts.PerMinute = 0, 600
	change(&c)
	b, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, "config.yaml", string(b))
}

// quietNow are quiet hours that hold for the next two hours at least.
func quietNow(c *config) hours.Quiet {
	now := c.now()
	at := func(t time.Time) hours.OfDay { return hours.OfDay(t.Hour()*60 + t.Minute()) }
	return hours.Quiet{From: at(now.Add(-2 * time.Hour)), To: at(now.Add(2 * time.Hour))}
}

func newGateway(t *testing.T) *channeltest.Gateway {
	t.Helper()
	g, err := channeltest.NewGateway(channeltest.GatewayOptions{Secret: "gateway-secret", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

// sms is the gateway as the channel of that name.
func sms(g *channeltest.Gateway) channel.Config {
	c := g.Config()
	return channel.Config{Name: "sms", Gateway: &c}
}

// as sends JSON with the token of a holder, expects a status, and decodes the
// answer into v unless v is nil.
func (s *instance) as(t *testing.T, holder, method, path string, body any, status int, v any) {
	t.Helper()
	var content io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = strings.NewReader(string(b))
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+"api/v1"+path, content)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+tokens[holder])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status {
		t.Fatalf("%s %s as %s: status %d, want %d: %.500s", method, path, holder, resp.StatusCode, status, b)
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s %s: %.300s: %v", method, path, b, err)
	}
}

func (s *instance) get(t *testing.T, path string, v any) {
	t.Helper()
	s.as(t, "author", "GET", path, nil, http.StatusOK, v)
}

// run runs a job from beginning to end, after one that may be under way, and
// returns its note.
func (s *instance) run(t *testing.T, job string) string {
	t.Helper()
	before := s.lastRun(t, job)
	s.begin(t, job)
	var last jobRun
	eventually(t, "the end of job "+job, func() bool {
		last = s.lastRun(t, job)
		return last.ID > before.ID && last.State != jobs.StateRunning
	})
	if last.State != jobs.StateDone {
		t.Fatalf("job %s %s: %s", job, last.State, last.Error)
	}
	return last.Note
}

// begin asks for a run, once the job is free. The answer comes after a second
// or at the end of the run.
func (s *instance) begin(t *testing.T, job string) {
	t.Helper()
	eventually(t, "job "+job+" to be free", func() bool {
		status, err := s.ask(t, job)
		if err != nil || status != http.StatusAccepted && status != http.StatusConflict {
			t.Fatalf("run job %s: status %d, %v", job, status, err)
		}
		return status == http.StatusAccepted
	})
}

// ask asks for a run of a job.
func (s *instance) ask(t *testing.T, job string) (status int, err error) {
	req, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"api/v1/jobs/"+job+"/run", http.NoBody)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+tokens["author"])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

type jobRun struct {
	ID    int64      `json:"id"`
	State jobs.State `json:"state"`
	Note  string     `json:"note"`
	Error string     `json:"error"`
}

func (s *instance) lastRun(t *testing.T, job string) jobRun {
	t.Helper()
	var runs struct{ Items []jobRun }
	s.get(t, "/jobs/"+job+"/runs?limit=1", &runs)
	if len(runs.Items) == 0 {
		return jobRun{}
	}
	return runs.Items[0]
}

// people are customers C1, C2 … who all had a payment that failed.
type people struct{ customers, exposures string }

func phone(i int) string { return fmt.Sprintf("1390000%04d", i) }

func email(i int) string { return fmt.Sprintf("c%d@example.com", i) }

// manyPeople makes n customers whose payment failed at a time. The numbers stay
// clear of those that the test gateway takes for switched off.
func manyPeople(n int, at time.Time) people {
	var c, e strings.Builder
	c.WriteString("customer_id,name,phone,email,region\n")
	e.WriteString("customer_id,kind,key,at,attrs\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&c, "C%d,王小明,%s,%s,沈阳\n", i, phone(i), email(i))
		e.WriteString(payment(i, "failed", at))
	}
	return people{c.String(), e.String()}
}

// payment is a line of the exposures.
func payment(customer int, status string, at time.Time) string {
	return fmt.Sprintf("C%d,payment,银联在线,%s,\"{\"\"status\"\":\"\"%s\"\"}\"\n", customer, at.Format(time.RFC3339Nano), status)
}

// load imports customers and exposures; empty ones are left out.
func (p people) load(t *testing.T, data string) {
	t.Helper()
	if p.customers != "" {
		importFile(t, data, "customers", p.customers)
	}
	if p.exposures != "" {
		importFile(t, data, "exposures", p.exposures)
	}
}

func importFile(t *testing.T, data, kind, content string) {
	t.Helper()
	qianyi(t, "", "import", kind, file(t, kind+".csv", content), "--data", data).must(t, exitOK)
}

// seeded is a folder of data with n customers whose payment failed an hour ago.
func seeded(t *testing.T, n int) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	manyPeople(n, time.Now().Add(-time.Hour)).load(t, data)
	return data
}

// cluster makes a cluster of one complaint of each of the customers, by hand.
func (s *instance) cluster(t *testing.T, customers ...int) string {
	t.Helper()
	ids := make([]string, len(customers))
	for i, c := range customers {
		ids[i] = fmt.Sprintf("T%d", c)
		s.complain(t, ids[i], c)
	}
	var made struct{ ID string }
	s.as(t, "author", "POST", "/clusters", map[string]any{"complaints": ids, "title": "充值失败"}, http.StatusCreated, &made)
	return made.ID
}

func (s *instance) complain(t *testing.T, id string, customer int) {
	t.Helper()
	s.as(t, "author", "POST", "/complaints", map[string]any{
		"id": id, "customer_id": fmt.Sprintf("C%d", customer), "text": "银联在线充值一百元失败，钱扣了没有到账",
	}, http.StatusCreated, nil)
}

// draft is the content of a plan to tell everybody whose payment failed.
func draft(channels ...string) map[string]any {
	return map[string]any{
		"title":    "告知充值失败",
		"cohort":   map[string]any{"conditions": []any{failedPayment}},
		"template": map[string]any{"subject": "充值失败", "text": "{{name}}您好，您{{time}}的充值没有成功，款项将在24小时内退回。"},
		"channels": channels,
	}
}

var failedPayment = map[string]any{"kind": "payment", "attrs": map[string]any{"status": "failed"}}

type planState struct {
	ID         string
	Version    int64
	Status     prevention.PlanStatus
	Size, Held int
	Notices    map[prevention.NoticeState]int
}

// approved makes a plan of the draft and has it approved by a second person.
func (s *instance) approved(t *testing.T, cluster string, content map[string]any) planState {
	t.Helper()
	var p planState
	s.as(t, "author", "POST", "/clusters/"+cluster+"/plans", content, http.StatusCreated, &p)
	s.as(t, "author", "POST", "/plans/"+p.ID+"/submit", map[string]any{"version": p.Version}, http.StatusOK, &p)
	s.as(t, "approver", "POST", "/plans/"+p.ID+"/approve", map[string]any{"version": p.Version}, http.StatusOK, &p)
	return p
}

func (s *instance) plan(t *testing.T, id string) planState {
	t.Helper()
	var p planState
	s.get(t, "/plans/"+id, &p)
	return p
}

type noticeState struct {
	Customer string `json:"customer_id"`
	Arm      prevention.Arm
	State    prevention.NoticeState
	Channel  string
	Reason   string
	Attempts int
}

// notices are those of a plan, by customer.
func (s *instance) notices(t *testing.T, plan string) map[string]noticeState {
	t.Helper()
	var page struct {
		Items []noticeState
		Next  int64
	}
	s.get(t, "/plans/"+plan+"/notices?limit=1000", &page)
	if page.Next != 0 {
		t.Fatalf("plan %s has more notices than a test looks at", plan)
	}
	found := map[string]noticeState{}
	for _, n := range page.Items {
		if _, twice := found[n.Customer]; twice {
			t.Errorf("customer %s has two notices in plan %s", n.Customer, plan)
		}
		found[n.Customer] = n
	}
	return found
}

// callback lets the gateway call back and expects a status.
func (s *instance) callback(t *testing.T, kind string, c channel.Callback, status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"hooks/sms/"+kind, bytes.NewReader(c.Body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = c.HTTPHeader.Clone()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != status {
		b, _ := io.ReadAll(resp.Body)
		t.Fatalf("callback with %s: status %d, want %d: %s", kind, resp.StatusCode, status, b)
	}
}

// endLeases lets the time pass after which a job whose process was killed is
// free again; a test would wait too long for it.
func endLeases(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE job_runs SET lease_ends_at = 0 WHERE state = 'running'`); err != nil {
		t.Fatal(err)
	}
}
