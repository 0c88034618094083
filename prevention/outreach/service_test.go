package outreach_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

var start = time.Date(2026, time.May, 6, 14, 0, 0, 0, shanghai)

// office is a desk with its store, clock and one gateway of each kind.
type office struct {
	*memory
	clock  *testkit.Clock
	policy outreach.Policy
	desk   *outreach.Service
	cohort prevention.Cohort
	sms    *gateway
	mail   *gateway
	got    []prevention.Message
}

func (o *office) Select(context.Context, prevention.ClusterID, prevention.Rule, time.Time) (prevention.Cohort, error) {
	return o.cohort, nil
}

func open(t *testing.T, change func(*outreach.Policy)) *office {
	t.Helper()
	return openWith(t, change, nil)
}

func openWith(t *testing.T, change func(*outreach.Policy), d outreach.Drafter) *office {
	t.Helper()
	o := &office{memory: newMemory(), clock: testkit.NewClock(start), policy: outreach.DefaultPolicy()}
	o.policy.Signature = "【前移】"
	if change != nil {
		change(&o.policy)
	}
	took := func(_ string, m prevention.Message) { o.got = append(o.got, m) }
	o.sms = &gateway{name: "sms", idempotent: true, address: prevention.AddressPhone, mood: func() mood { return fine }, took: took}
	o.mail = &gateway{name: "mail", address: prevention.AddressEmail, mood: func() mood { return fine }, took: took}
	var err error
	o.desk, err = outreach.New(outreach.Deps{
		Plans: o, Outbox: o, Notices: o, Guards: o, Customers: o, Exposures: o, Cohorts: o, Draw: draw,
		Channels: []prevention.Channel{o.sms.channel(), o.mail.channel()},
		Policy:   o.policy, Zone: shanghai, Now: o.clock.Now, Drafter: d,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		c := member(i)
		c.Region = "大连"
		o.customers[c.ID] = c
		at := start.Add(-time.Duration(i+1) * time.Hour)
		o.exposures = append(o.exposures, triage.Exposure{
			CustomerID: c.ID, Kind: "payment", Key: "银联", At: at, Attrs: map[string]any{"amount": 12.5, "product": "流量包"},
		})
		o.cohort.Customers = append(o.cohort.Customers, prevention.Candidate{Customer: c.ID, Score: 1, Exposed: at})
	}
	return o
}

func content() prevention.Plan {
	return prevention.Plan{
		Cluster: "K1", Title: "付款失败告知",
		Cohort:   prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "银联"}}},
		Template: prevention.Template{Subject: "致歉", Text: "{{name}}您好，您{{time}}购买{{product}}的{{attr.amount}}元付款未成功，款项将退回。"},
		Channels: []string{"sms", "mail"},
	}
}

func (o *office) submitted(t *testing.T, p prevention.Plan) prevention.Plan {
	t.Helper()
	p, err := o.desk.Create(t.Context(), p, "甲")
	if err == nil {
		p, err = o.desk.Submit(t.Context(), p.ID, p.Version, "乙")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlanNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		above int
		by    string
		want  triage.Code
	}{
		{"somebody else", 0, "丙", ""},
		{"the creator", 0, "甲", triage.CodeForbidden},
		{"the submitter", 0, "乙", triage.CodeForbidden},
		{"the creator with a space", 0, "甲 ", triage.CodeForbidden},
		{"nobody", 0, "", triage.CodeForbidden},
		{"the creator by a token", 0, "api:甲", triage.CodeForbidden},
		{"a program without a token", 0, "api:local", triage.CodeForbidden},
		{"somebody else by a token", 0, "api:丙", ""},
		{"the creator of a small plan", 4, "甲", ""},
		{"the creator of one that is too large by one", 3, "甲", triage.CodeForbidden},
	} {
		o := open(t, func(p *outreach.Policy) { p.ApprovalAbove = c.above })
		p := o.submitted(t, content())
		p, err := o.desk.Approve(t.Context(), p.ID, p.Version, c.by)
		if got := triage.CodeOf(err); got != c.want {
			t.Errorf("%s: got %v, want code %q", c.name, err, c.want)
		}
		if fixed := len(o.notices) > 0; fixed != (c.want == "") || fixed != (p.Status == prevention.PlanApproved) {
			t.Errorf("%s: %d notices, status %s", c.name, len(o.notices), p.Status)
		}
	}
}

func TestApprovalFixesTheArms(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for i := 4; i < 400; i++ {
		c := member(i)
		o.customers[c.ID] = c
		o.cohort.Customers = append(o.cohort.Customers, prevention.Candidate{Customer: c.ID})
	}
	body := content()
	body.Holdout, body.Template.Text = 0.2, "您好，{{name}}"
	p := o.submitted(t, body)
	p, err := o.desk.Approve(t.Context(), p.ID, p.Version, "丙")
	if err != nil {
		t.Fatal(err)
	}
	states := map[prevention.NoticeState]int{}
	for _, n := range o.notices {
		states[n.State]++
		if (n.State == prevention.NoticeHeld) != (n.Arm == prevention.ArmHeld) {
			t.Errorf("notice %d is %s in arm %s", n.ID, n.State, n.Arm)
		}
	}
	if p.Size != 400 || p.Held != states[prevention.NoticeHeld] || p.Held < 50 || p.Held > 110 {
		t.Errorf("size %d, held %d, notices %v, want 400 with about 80 held", p.Size, p.Held, states)
	}
	if len(o.got) > 0 {
		t.Error("something was sent before the plan ran")
	}
	// The machine repeats what it drew: the seed is stored.
	if p.Seed == 0 {
		t.Error("the seed was not stored")
	}
}

func TestChangesThatAreRefused(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	ctx := t.Context()
	p := o.submitted(t, content())
	steps := []struct {
		name string
		do   func() error
		want triage.Code
	}{
		{"reject without a reason", func() error { _, err := o.desk.Reject(ctx, p.ID, p.Version, "丙", " "); return err }, triage.CodeInvalid},
		{"approve an old version", func() error { _, err := o.desk.Approve(ctx, p.ID, p.Version-1, "丙"); return err }, triage.CodeConflict},
		{"submit again", func() error { _, err := o.desk.Submit(ctx, p.ID, p.Version, "乙"); return err }, triage.CodeConflict},
		{"stop what does not run", func() error { _, err := o.desk.Stop(ctx, p.ID, "丙", ""); return err }, triage.CodeConflict},
		{"an unknown plan", func() error { _, err := o.desk.Stop(ctx, "P99", "丙", ""); return err }, triage.CodeNotFound},
		{"edit makes it a draft", func() error {
			q := content()
			q.ID, q.Version = p.ID, p.Version
			edited, err := o.desk.Edit(ctx, q, "丁")
			if edited.Status != prevention.PlanDraft || edited.SubmittedBy != "" {
				t.Errorf("edited: got %s by %q, want a draft", edited.Status, edited.SubmittedBy)
			}
			p = edited
			return err
		}, ""},
		{"approve a draft", func() error { _, err := o.desk.Approve(ctx, p.ID, p.Version, "丙"); return err }, triage.CodeConflict},
		{"cancel", func() error { _, err := o.desk.Cancel(ctx, p.ID, "丙", "不发了"); return err }, ""},
		{"cancel again", func() error { _, err := o.desk.Cancel(ctx, p.ID, "丙", "不发了"); return err }, ""},
		{"resume what is cancelled", func() error { _, err := o.desk.Resume(ctx, p.ID, "丙"); return err }, triage.CodeConflict},
	}
	for _, s := range steps {
		if err := s.do(); triage.CodeOf(err) != s.want {
			t.Errorf("%s: got %v, want code %q", s.name, err, s.want)
		}
	}
}

func TestCancelSkipsWhatWaits(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	p := o.submitted(t, content())
	p, err := o.desk.Approve(t.Context(), p.ID, p.Version, "丙")
	if err == nil {
		_, err = o.desk.Cancel(t.Context(), p.ID, "丙", "弄错了")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range o.notices {
		if n.State != prevention.NoticeSkipped || n.Reason != outreach.ReasonCancelled {
			t.Errorf("notice %d is %s (%s), want skipped", n.ID, n.State, n.Reason)
		}
	}
}

func TestContentIsRefused(t *testing.T) {
	t.Parallel()
	o := open(t, func(p *outreach.Policy) { p.Contacts = []string{"138-0013-8000", "help@example.com"} })
	for _, c := range []struct {
		name   string
		change func(*prevention.Plan)
		field  string // "" is allowed
		word   string // in the message
	}{
		{"as it is", func(*prevention.Plan) {}, "", ""},
		{"no title", func(p *prevention.Plan) { p.Title = " " }, "title", ""},
		{"no cluster", func(p *prevention.Plan) { p.Cluster = "" }, "cluster", ""},
		{"no rule", func(p *prevention.Plan) { p.Cohort = prevention.Rule{} }, "conditions", ""},
		{"too many held out", func(p *prevention.Plan) { p.Holdout = 0.6 }, "holdout", ""},
		{"no channel", func(p *prevention.Plan) { p.Channels = nil }, "channels", ""},
		{"an unknown channel", func(p *prevention.Plan) { p.Channels = []string{"pigeon"} }, "channels", "pigeon"},
		{"a channel twice", func(p *prevention.Plan) { p.Channels = []string{"sms", "sms"} }, "channels", "sms"},
		{"no text", func(p *prevention.Plan) { p.Template.Text = "\n" }, "text", ""},
		{"an unknown variable", func(p *prevention.Plan) { p.Template.Text = "{{nmae}}您好" }, "text", "{{nmae}}"},
		{"an unnamed attribute", func(p *prevention.Plan) { p.Template.Text = "{{attr.}}" }, "text", "{{attr.}}"},
		{"a brace too few", func(p *prevention.Plan) { p.Template.Text = "{{name}您好" }, "text", "花括号"},
		{"a subject of two lines", func(p *prevention.Plan) { p.Template.Subject = "a\nb" }, "subject", ""},
		{"too long", func(p *prevention.Plan) { p.Template.Text = strings.Repeat("长", 1001) }, "text", "1000"},
		{"advertising", func(p *prevention.Plan) { p.Template.Text += "现在立即购买还可享受优惠" }, "text", "立即购买"},
		{"advertising in disguise", func(p *prevention.Plan) { p.Template.Text += "立 即*购\u200b買" }, "text", "立即购买"},
		{"a discount", func(p *prevention.Plan) { p.Template.Text += "充100送50" }, "text", "充100送"},
		{"advertising in the subject", func(p *prevention.Plan) { p.Template.Subject = "限时秒杀" }, "subject", "限时秒杀"},
		{"an offer that went wrong", func(p *prevention.Plan) {
			p.Template.Text = "您参加的8折优惠活动扣费有误，将退还差额。"
		}, "", ""},
		{"a shop", func(p *prevention.Plan) { p.Template.Text += "https://item.JD.com/1" }, "text", "item.jd.com"},
		{"a short link", func(p *prevention.Plan) { p.Template.Text += "点t.cn/xyz" }, "text", "t.cn"},
		{"an ordinary link", func(p *prevention.Plan) { p.Template.Text += "详见 https://www.example.com/notice" }, "", ""},
		{"a mobile number", func(p *prevention.Plan) { p.Template.Text += "请找王先生13912345678" }, "text", "***"},
		{"a mobile number in parts", func(p *prevention.Plan) { p.Template.Text += "139 1234 5678" }, "text", "个人信息"},
		{"an identity number", func(p *prevention.Plan) { p.Template.Text += "11010519491231002X" }, "text", "个人信息"},
		{"somebody's address", func(p *prevention.Plan) { p.Template.Text += "zhang.san@example.com" }, "text", "z***@example.com"},
		{"the company's own", func(p *prevention.Plan) {
			p.Template.Text += "咨询13800138000、help@example.com、10086、400-810-0000"
		}, "", ""},
	} {
		p := content()
		c.change(&p)
		_, err := o.desk.Create(t.Context(), p, "甲")
		if c.field == "" {
			if err != nil {
				t.Errorf("%s: got %v, want no error", c.name, err)
			}
			continue
		}
		if err == nil || !strings.HasPrefix(err.Error(), c.field+": ") || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: got %v, want an error about %s with %q", c.name, err, c.field, c.word)
		}
		if err != nil && strings.Contains(err.Error(), "13912345678") {
			t.Errorf("%s: the error shows a number: %v", c.name, err)
		}
	}
}

func TestOnePersonTwiceInTheFileIsToldOnce(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.customer(1, func(c *triage.Customer) { c.Phone = member(0).Phone })
	o.customer(2, func(c *triage.Customer) { c.Phone, c.Email = "", "A@example.com" })
	o.customer(3, func(c *triage.Customer) { c.Phone, c.Email = "", "a@example.com" })
	v, err := o.desk.Preview(t.Context(), content(), 10)
	if err != nil || v.Reached != 2 || v.Unreached[outreach.ReasonSameAddress] != 2 {
		t.Errorf("got %d reached and %v (%v), want 2 and 2 of the same address", v.Reached, v.Unreached, err)
	}
	o.approved(t, content())
	if o.tick(t); len(o.got) != 2 {
		t.Errorf("%d messages, want 2", len(o.got))
	}
}

func TestPreview(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.clock.Set(start.Add(8 * time.Hour)) // 22:00
	c := o.customers[member(1).ID]
	c.Phone = ""
	o.customers[c.ID] = c
	c = o.customers[member(2).ID]
	c.Phone, c.Email = "", ""
	o.customers[c.ID] = c
	o.exposures = o.exposures[:3] // the last one's is not known
	v, err := o.desk.Preview(t.Context(), content(), 10)
	if err != nil {
		t.Fatal(err)
	}
	want := outreach.Preview{
		Cohort: o.cohort, Reached: 2,
		Unreached: map[string]int{outreach.ReasonNoAddress: 1, outreach.ReasonNoValue + "time": 1},
		ByChannel: map[string]int{"sms": 1, "mail": 1}, Segments: 1,
		FirstAt: time.Date(2026, time.May, 7, 9, 0, 0, 0, shanghai),
		Recipients: []outreach.Recipient{
			{Customer: "C00000", Name: "王*", Channel: "sms", Address: "139****0000", Subject: "致歉", Segments: 1,
				Text: "【前移】王*您好，您5月6日 13:00购买流量包的12.5元付款未成功，款项将退回。 退订回T"},
			{Customer: "C00001", Name: "王*", Channel: "mail", Address: "1***@example.com", Subject: "致歉",
				Text: "王*您好，您5月6日 12:00购买流量包的12.5元付款未成功，款项将退回。"},
			{Customer: "C00002", Name: "王*", Reason: outreach.ReasonNoAddress},
			{Customer: "C00003", Name: "王*", Channel: "sms", Address: "139****0003", Reason: outreach.ReasonNoValue + "time"},
		},
	}
	if diff := cmp.Diff(want, v); diff != "" {
		t.Error(diff)
	}
	if len(o.notices) > 0 {
		t.Error("a preview made notices")
	}
}

func TestSegments(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 0, strings.Repeat("中", 70): 1, strings.Repeat("中", 71): 2, strings.Repeat("中", 134): 2, strings.Repeat("中", 135): 3,
		strings.Repeat("a", 160): 1, strings.Repeat("a", 161): 2, strings.Repeat("😀", 35): 1, strings.Repeat("😀", 36): 2,
	} {
		if got := outreach.Segments(text); got != want {
			t.Errorf("%d runes of %.4q: got %d, want %d", len([]rune(text)), text, got, want)
		}
	}
}
