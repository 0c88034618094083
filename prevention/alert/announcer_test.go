package alert_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/alert"
	"github.com/qianyi-dev/qianyi/prevention/outreach/hours"
	"github.com/qianyi-dev/qianyi/triage"
)

var (
	shanghai = time.FixedZone("CST", 8*3600)
	start    = time.Date(2026, time.May, 6, 14, 0, 0, 0, shanghai)
)

// team is an announcer with its store, clock and robots.
type team struct {
	clock    *testkit.Clock
	config   alert.Config
	lines    []prevention.Announcement // by id, from 1
	clusters map[prevention.ClusterID]prevention.Cluster
	silenced map[prevention.ClusterID]time.Time
	got      map[string][]prevention.Message // by channel
	fail     func(channel string) error
	a        *alert.Announcer
}

func newTeam(t *testing.T, change func(*alert.Config)) *team {
	t.Helper()
	w := &team{
		clock: testkit.NewClock(start), config: alert.DefaultConfig(), silenced: map[prevention.ClusterID]time.Time{},
		got: map[string][]prevention.Message{}, clusters: map[prevention.ClusterID]prevention.Cluster{},
		fail: func(string) error { return nil },
	}
	for _, id := range []prevention.ClusterID{"K1", "K2", "K3"} {
		w.clusters[id] = prevention.Cluster{ID: id, Title: "短信误拦截", Stage: prevention.StageCandidate, Customers: 9, Complaints: 11, FirstAt: start, LastAt: start}
	}
	w.config.BaseURL = "https://qianyi.example.com/"
	w.config.Receivers = []alert.Receiver{{Name: "质检群", Channel: "robot"}}
	if change != nil {
		change(&w.config)
	}
	var err error
	w.a, err = alert.New(alert.Deps{
		Store: w, Clusters: w, Config: w.config, Zone: shanghai, Now: w.clock.Now, Log: slog.New(slog.DiscardHandler),
		Channels: []prevention.Channel{{Name: "robot", Sender: way{w, "robot"}}, {Name: "mail", Sender: way{w, "mail"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

type way struct {
	w    *team
	name string
}

func (c way) Send(_ context.Context, m prevention.Message) (prevention.Receipt, error) {
	if err := c.w.fail(c.name); err != nil {
		return prevention.Receipt{}, err
	}
	c.w.got[c.name] = append(c.w.got[c.name], m)
	return prevention.Receipt{}, nil
}

func (w *team) Cluster(_ context.Context, id prevention.ClusterID) (prevention.Cluster, error) {
	c, ok := w.clusters[id]
	if !ok {
		return c, triage.Errorf(triage.CodeNotFound, "no cluster %s", id)
	}
	return c, nil
}

func (w *team) Waiting(_ context.Context, limit int) ([]prevention.Announcement, error) {
	var list []prevention.Announcement
	for _, n := range w.lines {
		if n.SentAt.IsZero() && (n.Reason == "" || !n.NextAt.IsZero()) && len(list) < limit {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b prevention.Announcement) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

func (w *team) SettleAnnouncements(_ context.Context, as []prevention.Announcement) error {
	for _, n := range as {
		if n.ID == 0 {
			n.ID = int64(len(w.lines) + 1)
			w.lines = append(w.lines, n)
			continue
		}
		w.lines[n.ID-1] = n
	}
	return nil
}

func (w *team) Announced(_ context.Context, id prevention.ClusterID) ([]prevention.Announcement, error) {
	var list []prevention.Announcement
	for _, n := range w.lines {
		if n.Cluster == id && !n.SentAt.IsZero() {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b prevention.Announcement) int {
		return cmp.Or(b.SentAt.Compare(a.SentAt), cmp.Compare(b.ID, a.ID))
	})
	return list, nil
}

func (w *team) Silence(context.Context, prevention.ClusterID, time.Time, triage.AuditEntry) error {
	return nil
}

func (w *team) Silenced(_ context.Context, now time.Time) (map[prevention.ClusterID]time.Time, error) {
	found := map[prevention.ClusterID]time.Time{}
	for id, until := range w.silenced {
		if until.After(now) {
			found[id] = until
		}
	}
	return found, nil
}

// news adds an announcement of now.
func (w *team) news(id prevention.ClusterID, kind prevention.AnnouncementKind, severity prevention.Severity) {
	w.lines = append(w.lines, prevention.Announcement{
		ID: int64(len(w.lines) + 1), Cluster: id, Kind: kind, Severity: severity, At: w.clock.Now(),
	})
}

func (w *team) raised(id prevention.ClusterID) {
	w.news(id, prevention.AnnounceRaised, prevention.SeverityAlert)
}

func (w *team) tick(t *testing.T) alert.Report {
	t.Helper()
	r, err := w.a.Tick(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// after advances the clock and ticks.
func (w *team) after(t *testing.T, d time.Duration) alert.Report {
	t.Helper()
	w.clock.Advance(d)
	return w.tick(t)
}

func (w *team) want(t *testing.T, when string, messages int, reasons ...string) {
	t.Helper()
	if got := len(w.got["robot"]); got != messages {
		t.Errorf("%s: %d messages, want %d", when, got, messages)
	}
	var got []string
	for _, n := range w.lines {
		got = append(got, n.Reason)
	}
	if diff := gocmp.Diff(reasons, got); reasons != nil && diff != "" {
		t.Errorf("%s: reasons: %s", when, diff)
	}
}

func TestGrouping(t *testing.T) {
	t.Parallel()
	w := newTeam(t, nil)
	w.raised("K1")
	w.after(t, 30*time.Second)
	w.want(t, "before the group has waited", 0)
	w.raised("K2")
	w.after(t, 30*time.Second)
	w.want(t, "after a minute", 1, "", "")
	if m := w.got["robot"][0]; !strings.Contains(m.Text, "K1") || !strings.Contains(m.Text, "K2") || !strings.Contains(m.Subject, "2 个问题") {
		t.Errorf("got %q, %q, want both clusters", m.Subject, m.Text)
	}
	w.after(t, time.Hour)
	w.want(t, "an hour later", 1)
}

func TestRepeatsAndInhibition(t *testing.T) {
	t.Parallel()
	w := newTeam(t, nil)
	w.raised("K1")
	w.after(t, time.Minute)
	w.raised("K1")
	w.after(t, time.Hour)
	w.want(t, "told an hour ago", 1, "", alert.ReasonRepeated)
	w.after(t, 4*time.Hour)
	w.raised("K1")
	w.after(t, time.Minute)
	w.want(t, "told five hours ago", 2, "", alert.ReasonRepeated, "")

	w = newTeam(t, nil)
	w.raised("K1")
	w.news("K1", prevention.AnnounceEscalated, prevention.SeverityCritical)
	w.raised("K1")
	w.after(t, time.Minute)
	w.want(t, "an escalation", 1, alert.ReasonInhibited, "", alert.ReasonInhibited)
	if text := w.got["robot"][0].Text; !strings.Contains(text, "严重 · 加剧") {
		t.Errorf("got %q, want the escalation", text)
	}
}

func TestResolved(t *testing.T) {
	t.Parallel()
	w := newTeam(t, nil)
	w.raised("K1")
	w.clock.Advance(time.Second)
	w.news("K1", prevention.AnnounceResolved, prevention.SeverityAlert)
	w.after(t, time.Minute)
	w.want(t, "over before anybody was told", 0, alert.ReasonUntold, alert.ReasonUntold)

	w = newTeam(t, nil)
	w.raised("K1")
	w.after(t, time.Minute)
	w.clusters["K1"] = prevention.Cluster{ID: "K1", Stage: prevention.StageClosed}
	w.news("K1", prevention.AnnounceResolved, prevention.SeverityAlert)
	w.after(t, time.Minute)
	w.want(t, "told of the beginning", 2, "", "")
	w.news("K1", prevention.AnnounceResolved, prevention.SeverityAlert)
	w.after(t, 5*time.Hour)
	w.want(t, "an end after the end", 2, "", "", alert.ReasonUntold)

	w = newTeam(t, nil)
	w.raised("K1")
	w.after(t, time.Minute)
	w.news("K1", prevention.AnnounceResolved, prevention.SeverityAlert)
	w.clock.Advance(time.Second)
	w.news("K1", prevention.AnnounceReopened, prevention.SeverityAlert)
	w.after(t, time.Minute)
	w.want(t, "it comes back while the end waits", 2, "", alert.ReasonInhibited, "")
}

func TestSilence(t *testing.T) {
	t.Parallel()
	w := newTeam(t, nil)
	w.silenced["K1"] = start.Add(2 * time.Hour)
	w.raised("K1")
	w.raised("K2")
	w.after(t, time.Minute)
	w.want(t, "silenced", 1, alert.ReasonSilenced, "")
	delete(w.silenced, "K1") // a person ends it
	w.after(t, time.Minute)
	w.want(t, "no longer", 2, "", "")
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	w := newTeam(t, nil)
	w.clock.Set(time.Date(2026, time.May, 6, 23, 0, 0, 0, shanghai))
	w.raised("K1")
	w.after(t, time.Hour)
	w.raised("K2")
	w.news("K3", prevention.AnnounceRaised, prevention.SeverityCritical)
	w.after(t, time.Minute)
	w.want(t, "at night", 1, alert.ReasonQuiet, alert.ReasonQuiet, "")
	if text := w.got["robot"][0].Text; !strings.Contains(text, "K3") || strings.Contains(text, "K1") {
		t.Errorf("got %q, want the critical one alone", text)
	}
	w.clock.Set(time.Date(2026, time.May, 7, 8, 0, 0, 0, shanghai))
	w.tick(t)
	w.want(t, "in the morning, in one message", 2, "", "", "")
}

func TestPeopleClosedIt(t *testing.T) {
	t.Parallel()
	w := newTeam(t, nil)
	w.clusters["K1"] = prevention.Cluster{ID: "K1", Stage: prevention.StageDismissed}
	w.clusters["K2"] = prevention.Cluster{ID: "K2", MergedInto: "K3"}
	w.raised("K1")
	w.raised("K2")
	w.raised("K9")
	w.after(t, time.Minute)
	w.want(t, "nothing to tell", 0, alert.ReasonClosed, alert.ReasonClosed, alert.ReasonClosed)
}

func TestReceivers(t *testing.T) {
	t.Parallel()
	w := newTeam(t, func(c *alert.Config) {
		c.Receivers = append(c.Receivers, alert.Receiver{Name: "值班", Channel: "mail", To: "oncall@example.com", MinSeverity: prevention.SeverityCritical})
	})
	w.raised("K1")
	w.news("K2", prevention.AnnounceRaised, prevention.SeverityCritical)
	w.fail = func(channel string) error {
		if channel == "mail" {
			return &prevention.SendError{Outcome: prevention.OutcomeRetry, RetryAfter: 10 * time.Minute, Err: errors.New("greylisted")}
		}
		return nil
	}
	w.after(t, time.Minute)
	if len(w.got["robot"]) != 1 || len(w.got["mail"]) != 0 || !strings.Contains(w.got["robot"][0].Text, "K2") {
		t.Errorf("got %v, want one message by robot, about both", w.got)
	}
	w.fail = func(string) error { return nil }
	w.after(t, 9*time.Minute)
	if len(w.got["mail"]) != 0 {
		t.Error("tried again earlier than the channel asked for")
	}
	w.after(t, time.Minute)
	if len(w.got["robot"]) != 1 || len(w.got["mail"]) != 1 || w.got["mail"][0].To != "oncall@example.com" {
		t.Errorf("got %v, want one mail and nothing again by robot", w.got)
	}
	if text := w.got["mail"][0].Text; strings.Contains(text, "K1") {
		t.Errorf("got %q, want the critical one alone", text)
	}

	w = newTeam(t, func(c *alert.Config) { c.Receivers = nil })
	w.raised("K1")
	w.after(t, time.Minute)
	w.want(t, "nobody listens", 0, alert.ReasonNoReceiver)
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		err      error
		attempts int
		reason   string
	}{
		{"rejected", &prevention.SendError{Outcome: prevention.OutcomeRejected, Err: errors.New("no such robot")}, 1, alert.ReasonRejected},
		{"busy for ever", &prevention.SendError{Outcome: prevention.OutcomeRetry, Err: errors.New("busy")}, 8, alert.ReasonExhausted},
		{"never an answer", &prevention.SendError{Outcome: prevention.OutcomeUnknown, Err: errors.New("no answer")}, 8, alert.ReasonExhausted},
		{"an error of another kind", errors.New("nonsense"), 8, alert.ReasonExhausted},
	} {
		w := newTeam(t, func(c *alert.Config) { c.Quiet = hours.Quiet{} })
		w.raised("K1")
		attempts := 0
		w.fail = func(string) error { attempts++; return c.err }
		for range 30 {
			w.after(t, 2*time.Hour)
		}
		if attempts != c.attempts {
			t.Errorf("%s: %d attempts, want %d", c.name, attempts, c.attempts)
		}
		w.want(t, c.name, 0, c.reason)
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	w := newTeam(t, func(c *alert.Config) { c.PerMinute, c.GroupWait = 1, 0 })
	w.raised("K1")
	w.tick(t)
	w.raised("K2")
	w.after(t, 30*time.Second)
	w.want(t, "within the minute", 1)
	w.after(t, 30*time.Second)
	w.want(t, "after it", 2)
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	channels := []prevention.Channel{{Name: "b"}, {Name: "mail", Address: prevention.AddressEmail}}
	for key, change := range map[string]func(*alert.Config){
		"quiet.from":           func(c *alert.Config) { c.Quiet.From = -1 },
		"base_url":             func(c *alert.Config) { c.BaseURL = "javascript:alert(1)" },
		"group_wait":           func(c *alert.Config) { c.GroupWait = -1 },
		"repeat_interval":      func(c *alert.Config) { c.RepeatInterval = -1 },
		"max_attempts":         func(c *alert.Config) { c.MaxAttempts = 0 },
		"backoff":              func(c *alert.Config) { c.Backoff = 0 },
		"send_timeout":         func(c *alert.Config) { c.SendTimeout = 0 },
		"per_minute":           func(c *alert.Config) { c.PerMinute = 0 },
		"receivers[0].name":    func(c *alert.Config) { c.Receivers = []alert.Receiver{{Channel: "robot"}} },
		"receivers[0].channel": func(c *alert.Config) { c.Receivers = []alert.Receiver{{Name: "a"}} },
		"receivers[0].to":      func(c *alert.Config) { c.Receivers = []alert.Receiver{{Name: "a", Channel: "mail"}} },
		"receivers[1].name": func(c *alert.Config) {
			c.Receivers = []alert.Receiver{{Name: "a", Channel: "b"}, {Name: "a", Channel: "b"}}
		},
		"receivers[0].min_severity": func(c *alert.Config) { c.Receivers = []alert.Receiver{{Name: "a", Channel: "b", MinSeverity: "high"}} },
	} {
		c := alert.DefaultConfig()
		if err := c.Validate(channels); err != nil {
			t.Fatalf("the default: %v", err)
		}
		change(&c)
		if err := c.Validate(channels); err == nil || !strings.HasPrefix(err.Error(), key+":") {
			t.Errorf("got %v, want an error about %s", err, key)
		}
	}
	c := alert.DefaultConfig()
	c.Receivers = []alert.Receiver{{Name: "a", Channel: "pigeon"}}
	if _, err := alert.New(alert.Deps{Config: c}); err == nil || !strings.Contains(err.Error(), "pigeon") {
		t.Errorf("got %v, want an error about the channel", err)
	}
}

func TestMessage(t *testing.T) {
	t.Parallel()
	w := newTeam(t, nil)
	w.clusters["K1"] = prevention.Cluster{
		ID: "K1", Title: "短信[误拦截](http://evil.example) @所有人", Stage: prevention.StageCandidate,
		Customers: 22, Complaints: 31, Copies: 3, FirstAt: start.AddDate(0, 0, -2), LastAt: start,
		Alarm:       prevention.Alarm{Days: 2, Customers: 9, Baseline: 0.42, PValue: 7.6e-6},
		Estimate:    prevention.Estimate{Affected: 480, Low: 380, High: 560},
		Explanation: prevention.Explanation{Attributes: []prevention.Attribute{{Field: "region", Value: "大连", Share: 0.8, Lift: 9.04}}},
	}
	w.news("K1", prevention.AnnounceRaised, prevention.SeverityCritical)
	w.after(t, time.Minute)
	want := strings.Join([]string{
		"[严重 · 新问题] K1 短信［误拦截］（http：//evil.example） ＠所有人",
		"为什么是现在：2 天内 9 位客户投诉，平时约 0.4 位；偶然出现的可能性约 1/10 万",
		"自5月4日起共 22 位客户、31 件投诉（其中 3 件文字雷同）；估计影响 480（380–560）位",
		"集中于 region：大连（占 80%，是平时的 9.0 倍）",
		"https://qianyi.example.com/clusters/K1",
	}, "\n")
	if diff := gocmp.Diff(want, w.got["robot"][0].Text); diff != "" {
		t.Error(diff)
	}
	for i := range 12 {
		id := prevention.ClusterID("K" + strings.Repeat("0", i+1))
		w.clusters[id] = prevention.Cluster{ID: id, Title: "其他", Stage: prevention.StageCandidate}
		w.raised(id)
	}
	w.after(t, time.Minute)
	if text := w.got["robot"][1].Text; !strings.HasSuffix(text, "另有 4 个问题，见 https://qianyi.example.com/clusters") {
		t.Errorf("got %q, want the rest counted", text)
	}
}
