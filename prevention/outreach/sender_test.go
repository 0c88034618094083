package outreach_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

func (o *office) sender(t *testing.T) *outreach.Sender { return o.senderOn(t, o) }

func (o *office) senderOn(t *testing.T, outbox prevention.NoticeStore) *outreach.Sender {
	t.Helper()
	s, err := outreach.NewSender(outreach.SenderDeps{
		Plans: o, Outbox: outbox, Guards: o, Customers: o, Exposures: o, Complaints: o,
		Channels: []prevention.Channel{o.sms.channel(), o.mail.channel()},
		Policy:   o.policy, Zone: shanghai, Now: o.clock.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (o *office) approved(t *testing.T, p prevention.Plan) prevention.Plan {
	t.Helper()
	p = o.submitted(t, p)
	p, err := o.desk.Approve(t.Context(), p.ID, p.Version, "丙")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (o *office) tick(t *testing.T) outreach.Progress {
	t.Helper()
	p, err := o.sender(t).Tick(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// reasons lists state and reason of each notice.
func (o *office) reasons() []string {
	var list []string
	for _, n := range o.notices {
		list = append(list, string(n.State)+" "+n.Reason)
	}
	return list
}

func (o *office) customer(i int, change func(*triage.Customer)) {
	c := o.customers[member(i).ID]
	change(&c)
	o.customers[c.ID] = c
}

func TestTickSendsAndFinishes(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	p := o.approved(t, content())
	o.customer(3, func(c *triage.Customer) { c.Phone = "" })
	if got := o.tick(t); got.Sent != 4 || len(got.Finished) != 1 {
		t.Errorf("got %+v, want 4 sent and the plan finished", got)
	}
	if p = o.plans[p.ID]; p.Status != prevention.PlanFinished {
		t.Errorf("the plan is %s", p.Status)
	}
	if o.sms.attempts != 3 || o.mail.attempts != 1 {
		t.Errorf("%d by sms, %d by mail, want 3 and 1: who has no phone gets a mail", o.sms.attempts, o.mail.attempts)
	}
	for _, m := range o.got {
		if m.Key == "" || len(m.Key) > 64 || m.Vars["name"] != "王小明" {
			t.Errorf("key %q, variables %v", m.Key, m.Vars)
		}
	}
}

func TestGuards(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(o *office, id triage.CustomerID)
		want   string
	}{
		{"complained about the cluster", func(o *office, id triage.CustomerID) { o.complainant[id] = start }, "skipped complained"},
		{"complained about anything since", func(o *office, id triage.CustomerID) {
			o.complaints[id] = []time.Time{start.Add(time.Minute)}
		}, "skipped complained"},
		{"complained before", func(o *office, id triage.CustomerID) { o.complaints[id] = []time.Time{start.Add(-time.Hour)} }, "sent "},
		{"opted out", func(o *office, _ triage.CustomerID) { o.customer(0, func(c *triage.Customer) { c.OptedOut = true }) }, "skipped opted_out"},
		{"a blocked phone", func(o *office, _ triage.CustomerID) { o.suppressed[phone(0)] = true }, "skipped suppressed"},
		{"left the file", func(o *office, id triage.CustomerID) { delete(o.customers, id) }, "skipped unknown_customer"},
		{"no address left", func(o *office, _ triage.CustomerID) {
			o.customer(0, func(c *triage.Customer) { c.Phone, c.Email = "", "" })
		}, "skipped no_address"},
		{"a value is gone", func(o *office, _ triage.CustomerID) { o.exposures = nil }, "skipped no_value:time"},
		{"told of something else this week", func(o *office, id triage.CustomerID) {
			o.add(prevention.Notice{Cause: "cluster:K9", Customer: id, State: prevention.NoticeSent, BegunAt: start.Add(-6 * 24 * time.Hour)})
		}, "skipped cap"},
		{"told of something else before", func(o *office, id triage.CustomerID) {
			o.add(prevention.Notice{Cause: "cluster:K9", Customer: id, State: prevention.NoticeSent, BegunAt: start.Add(-8 * 24 * time.Hour)})
		}, "sent "},
		{"twice this month", func(o *office, id triage.CustomerID) {
			for _, cause := range []prevention.Cause{"cluster:K8", "cluster:K9"} {
				o.add(prevention.Notice{Cause: cause, Customer: id, State: prevention.NoticeUnclear, BegunAt: start.Add(-20 * 24 * time.Hour)})
			}
		}, "skipped cap"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := open(t, nil)
			o.cohort.Customers = o.cohort.Customers[:1]
			o.approved(t, content())
			o.clock.Advance(2 * time.Minute)
			c.change(o, member(0).ID)
			o.tick(t)
			if got := o.reasons()[0]; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if told := len(o.got) == 1; told != (c.want == "sent ") {
				t.Errorf("told: %v", told)
			}
		})
	}
}

func TestQuietHoursStopABatch(t *testing.T) {
	t.Parallel()
	o := open(t, func(p *outreach.Policy) { p.Parallel = 1 })
	o.approved(t, content())
	o.clock.Set(time.Date(2026, time.May, 6, 20, 59, 0, 0, shanghai))
	// Each takes 16 s; one that began at 20:59:48 could arrive at 21:00:04.
	o.sms.mood = func() mood { o.clock.Advance(16 * time.Second); return fine }
	if got := o.tick(t); got.Sent != 3 {
		t.Errorf("%d were sent before the quiet hours, want 3", got.Sent)
	}
	o.clock.Set(time.Date(2026, time.May, 7, 8, 59, 59, 0, shanghai))
	if got := o.tick(t); got.Sent != 0 {
		t.Error("something was sent in quiet hours")
	}
	o.clock.Advance(time.Second)
	if got := o.tick(t); got.Sent != 1 {
		t.Errorf("%d were sent in the morning, want the one left", got.Sent)
	}
}

func TestWhatBecomesOfAnAttempt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		moods    []mood // of the sms gateway, one for each attempt
		channels []string
		want     string
		told     int
	}{
		{"rejected, next channel", []mood{refuses}, []string{"sms", "mail"}, "sent ", 1},
		{"rejected, no other", []mood{refuses}, []string{"sms"}, "failed rejected", 0},
		{"busy, then fine", []mood{busy, busy, fine}, []string{"sms"}, "sent ", 1},
		{"busy for ever", []mood{busy, busy, busy, busy, busy}, []string{"sms"}, "failed exhausted", 0},
		{"busy for ever, next channel", []mood{busy, busy, busy, busy, busy}, []string{"sms", "mail"}, "sent ", 1},
		{"taken without an answer", []mood{vanishes}, []string{"sms", "mail"}, "sent ", 1},
		{"nonsense again and again", []mood{babbles, timesOut, fine}, []string{"sms"}, "sent ", 1},
		{"never an answer", []mood{timesOut, timesOut, timesOut, timesOut, timesOut}, []string{"sms", "mail"}, "unclear unknown", 0},
		{"doubt, then rejected", []mood{timesOut, refuses}, []string{"sms", "mail"}, "unclear unknown", 0},
		{"doubt, then busy for ever", []mood{timesOut, busy, busy, busy, busy}, []string{"sms", "mail"}, "unclear unknown", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := open(t, nil)
			o.cohort.Customers = o.cohort.Customers[:1]
			o.sms.mood = func() mood {
				if o.sms.attempts <= len(c.moods) {
					return c.moods[o.sms.attempts-1]
				}
				return fine
			}
			p := content()
			p.Channels = c.channels
			o.approved(t, p)
			for range 10 {
				o.tick(t)
				o.clock.Advance(30 * time.Minute)
			}
			if got := o.reasons()[0]; got != c.want || len(o.got) != c.told {
				t.Errorf("got %q, told %d times, want %q, %d", got, len(o.got), c.want, c.told)
			}
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	o := open(t, func(p *outreach.Policy) { p.Backoff = time.Second })
	o.cohort.Customers = o.cohort.Customers[:1]
	o.sms.mood = func() mood { return busy } // and says: in a minute
	o.approved(t, content())
	o.tick(t)
	if n := o.notices[0]; n.NextAt.Sub(start) != time.Minute {
		t.Errorf("next attempt after %v, want 1m", n.NextAt.Sub(start))
	}
}

func TestOutageDoesNotUseUpAttempts(t *testing.T) {
	t.Parallel()
	o := open(t, func(p *outreach.Policy) { p.Parallel, p.Quiet.To, p.Rate = 1, p.Quiet.From, 5000 })
	for i := 4; i < 100; i++ {
		c := member(i)
		o.customers[c.ID] = c
		o.cohort.Customers = append(o.cohort.Customers, prevention.Candidate{Customer: c.ID})
	}
	p := content()
	p.Channels, p.Template.Text = []string{"sms"}, "您好"
	o.approved(t, p)
	o.sms.mood = func() mood { return busy }
	s := o.sender(t)
	for range 24 * 12 {
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(5 * time.Minute)
	}
	o.sms.mood = func() mood { return fine }
	down := o.sms.attempts
	for range 12 {
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(5 * time.Minute)
	}
	if sent := len(o.got); sent < 50 {
		t.Errorf("%d of 100 were sent after an outage of a day with %d attempts, want most", sent, down)
	}
}

func TestComplaintDuringALongTick(t *testing.T) {
	t.Parallel()
	o := open(t, func(p *outreach.Policy) { p.Rate = 1000 })
	for i := 4; i < 250; i++ {
		o.customers[member(i).ID] = member(i)
		o.cohort.Customers = append(o.cohort.Customers, prevention.Candidate{Customer: member(i).ID})
	}
	body := content()
	body.Template.Text = "您好，{{name}}"
	o.approved(t, body)
	took := o.sms.took
	o.sms.took = func(name string, m prevention.Message) {
		took(name, m)
		o.mu.Lock() // found by detection while the first ones are told
		defer o.mu.Unlock()
		o.complainant[member(249).ID] = start.Add(-time.Hour)
	}
	if o.tick(t); o.reasons()[249] != "skipped complained" {
		t.Errorf("got %q, want skipped", o.reasons()[249])
	}
}

func TestKeyThatIsTooOldIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.cohort.Customers = o.cohort.Customers[:1]
	o.sms.mood = func() mood { return vanishes }
	p := o.approved(t, content())
	o.tick(t)
	if _, err := o.desk.Stop(t.Context(), p.ID, "丙", ""); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(20 * time.Hour)
	if _, err := o.desk.Resume(t.Context(), p.ID, "丙"); err != nil {
		t.Fatal(err)
	}
	o.tick(t)
	if got := o.reasons()[0]; got != "unclear unknown" || o.sms.attempts != 1 {
		t.Errorf("got %q after %d attempts, want unclear after 1: the gateway may have forgotten the key", got, o.sms.attempts)
	}
}

func TestStopWithinASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := open(t, func(p *outreach.Policy) { p.Rate, p.Parallel = 1, 4 })
		p := o.approved(t, content())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		s := o.sender(t)
		go func() {
			s.Run(ctx)
			close(ended)
		}()
		<-time.After(1500 * time.Millisecond) // of the bubble: two are gone
		if _, err := o.desk.Stop(ctx, p.ID, "丙", "写错了"); err != nil {
			t.Error(err)
		}
		<-time.After(time.Minute)
		cancel()
		<-ended
		if o.sms.attempts != 2 {
			t.Errorf("%d attempts, want 2: none after the stop", o.sms.attempts)
		}
		states := o.reasons()
		slices.Sort(states) // whom the rate let through first is nobody's business
		if diff := cmp.Diff([]string{"queued ", "queued ", "sent ", "sent "}, states); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPlanWaitsForItsTime(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	p := content()
	p.StartAt = start.Add(2 * time.Hour)
	o.approved(t, p)
	if got := o.tick(t); got.Sent != 0 {
		t.Error("sent before the start")
	}
	o.clock.Advance(2 * time.Hour)
	if got := o.tick(t); got.Sent != 4 {
		t.Errorf("%d sent at the start, want 4", got.Sent)
	}
}

func TestReceiptsAndReplies(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.approved(t, content())
	o.tick(t)
	ctx := t.Context()
	reports := []prevention.Delivery{
		{Key: o.notices[0].Key, Delivered: true}, {Reference: o.notices[1].Reference, Reason: "空号 13800000001"}, {Key: "nobody's"},
		{Key: o.notices[0].Key, Delivered: true},
	}
	if unknown, err := o.desk.Delivered(ctx, "sms", reports); err != nil || unknown != 1 {
		t.Errorf("got %d unknown, %v, want 1", unknown, err)
	}
	err := o.desk.Replied(ctx, []prevention.Reply{{From: phone(2), Text: "收到谢谢"}, {From: phone(3), Text: "td "}, {From: "13999999999", Text: "退订"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"delivered ", "failed 空号 ***", "answered ", "answered "}
	if diff := cmp.Diff(want, o.reasons()); diff != "" {
		t.Error(diff)
	}
	for id, want := range map[string]bool{phone(2): false, phone(3): true, string(member(3).ID): true, "13999999999": true} {
		if o.suppressed[id] != want {
			t.Errorf("%s is suppressed: %v, want %v", id, o.suppressed[id], want)
		}
	}
	if err := o.desk.Replied(ctx, []prevention.Reply{{Text: "T"}}); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("a reply from nobody: got %v, want CodeInvalid", err)
	}
}

func TestPersonDecidesWhatIsUnclear(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.sms.mood, o.mail.mood = func() mood { return timesOut }, func() mood { return timesOut }
	body := content()
	body.Channels = []string{"mail"}
	p := o.approved(t, body)
	o.tick(t)
	for i, told := range []bool{true, false} {
		if err := o.desk.Decide(t.Context(), p.ID, o.notices[i].ID, told, "丙"); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]string{"sent settled", "failed settled", "unclear unknown", "unclear unknown"}, o.reasons()); diff != "" {
		t.Error(diff)
	}
	if err := o.desk.Decide(t.Context(), p.ID, o.notices[0].ID, true, "丙"); triage.CodeOf(err) != triage.CodeConflict {
		t.Errorf("deciding again: got %v, want CodeConflict", err)
	}
	o.decidedBefore = true
	if err := o.desk.Decide(t.Context(), p.ID, o.notices[2].ID, true, "丙"); triage.CodeOf(err) != triage.CodeConflict {
		t.Errorf("deciding after somebody faster: got %v, want CodeConflict", err)
	}
	want := []triage.AuditEntry{
		{At: o.clock.Now(), Actor: "丙", Action: "plan.decide", Object: "plan:P1", Detail: `{"notice":1,"told":true}`},
		{At: o.clock.Now(), Actor: "丙", Action: "plan.decide", Object: "plan:P1", Detail: `{"notice":2,"told":false}`},
	}
	if diff := cmp.Diff(want, o.audit[len(o.audit)-2:]); diff != "" {
		t.Errorf("the trail (-want +got)\n%s", diff)
	}
}

func TestPolicyIsChecked(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*outreach.Policy){
		"quiet.to":        func(p *outreach.Policy) { p.Quiet.To = -1 },
		"week_cap":        func(p *outreach.Policy) { p.WeekCap = 0 },
		"rate_per_second": func(p *outreach.Policy) { p.Rate = 0 },
		"parallel":        func(p *outreach.Policy) { p.Parallel = 1000 },
		"max_attempts":    func(p *outreach.Policy) { p.MaxAttempts = 0 },
		"backoff":         func(p *outreach.Policy) { p.Backoff = 0 },
		"backoff_max":     func(p *outreach.Policy) { p.BackoffMax = time.Second },
		"lease":           func(p *outreach.Policy) { p.Lease = p.SendTimeout },
		"key_life":        func(p *outreach.Policy) { p.KeyLife = time.Second },
		"signature":       func(p *outreach.Policy) { p.Signature = "a\nb" },
		"rule_lookback":   func(p *outreach.Policy) { p.RuleLookback = -1 },
	} {
		p := outreach.DefaultPolicy()
		if err := p.Validate(); err != nil {
			t.Fatalf("the default: %v", err)
		}
		change(&p)
		if err := p.Validate(); err == nil || err.Error()[:len(field)+1] != field+":" {
			t.Errorf("got %v, want an error about %s", err, field)
		}
	}
}
