package reply_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// office is everything around a desk, in memory.
type office struct {
	k        triage.Case
	customer triage.Customer
	version  *solution.Version
	used     []string
	talk     []reply.Message
	trail    []triage.AuditEntry
	letters  []triage.Letter
	answered int
	last     int64
	followed map[int64]bool
	now      time.Time
	// deaf is what Answered returns.
	deaf error
	// postal and shelf are what sending and recording return.
	postal, shelf error
	// meanwhile is called while a letter is being sent.
	meanwhile func()
}

func (o *office) Case(_ context.Context, id triage.ComplaintID) (triage.Case, error) {
	if id != o.k.ID {
		return triage.Case{}, triage.Errorf(triage.CodeNotFound, "no case")
	}
	return o.k, nil
}

func (o *office) Customer(context.Context, triage.CustomerID) (triage.Customer, error) {
	if o.customer.ID == "" {
		return triage.Customer{}, triage.Errorf(triage.CodeNotFound, "no customer")
	}
	return o.customer, nil
}

func (o *office) InForce(context.Context, string) (solution.Version, error) {
	if o.version == nil {
		return solution.Version{}, triage.Errorf(triage.CodeNotFound, "no solution")
	}
	return *o.version, nil
}

func (o *office) Use(_ context.Context, _ triage.ComplaintID, id, _ string) error {
	o.used = append(o.used, id)
	return nil
}

func (o *office) AddMessage(_ context.Context, m reply.Message, e triage.AuditEntry) (int64, error) {
	if o.shelf != nil {
		return 0, o.shelf
	}
	if m.Key != "" && slices.ContainsFunc(o.talk, func(k reply.Message) bool { return k.Key == m.Key }) {
		return 0, triage.Errorf(triage.CodeConflict, "there already")
	}
	o.last++
	m.ID = o.last
	o.talk, o.trail = append(o.talk, m), append(o.trail, e)
	return m.ID, nil
}

func (o *office) SettleMessage(_ context.Context, m reply.Message, e triage.AuditEntry) (bool, error) {
	if o.shelf != nil {
		return false, o.shelf
	}
	for i := range o.talk {
		if k := &o.talk[i]; k.ID == m.ID && k.State == reply.StateSending {
			k.Channel, k.State = m.Channel, m.State
			o.trail = append(o.trail, e)
			return true, nil
		}
	}
	return false, nil
}

func (o *office) DropMessage(_ context.Context, id int64, e triage.AuditEntry) error {
	o.talk = slices.DeleteFunc(o.talk, func(m reply.Message) bool { return m.ID == id && m.State == reply.StateSending })
	o.trail = append(o.trail, e)
	return nil
}

func (o *office) StrandedMessages(_ context.Context, before time.Time, _ int) (list []reply.Message, err error) {
	for _, m := range o.talk {
		if m.State == reply.StateSending && m.At.Before(before) {
			list = append(list, m)
		}
	}
	return list, nil
}

func (o *office) UnfollowedMessages(context.Context, int) (list []reply.Message, err error) {
	for _, m := range o.talk {
		if m.State == reply.StateSaid && m.Direction == reply.Out && !o.followed[m.ID] {
			list = append(list, m)
		}
	}
	return list, nil
}

func (o *office) MessageFollowed(_ context.Context, id int64) error {
	o.followed[id] = true
	return nil
}

func (o *office) Messages(context.Context, triage.ComplaintID) ([]reply.Message, error) {
	return slices.Clone(o.talk), nil
}

func (o *office) Send(_ context.Context, l triage.Letter) (string, error) {
	if o.meanwhile != nil {
		o.meanwhile()
	}
	if o.postal != nil {
		return "", o.postal
	}
	o.letters = append(o.letters, l)
	return "sms", nil
}

func open(t *testing.T) (*reply.Desk, *office) {
	t.Helper()
	o := &office{
		followed: map[int64]bool{}, now: noon,
		k:        refund(t).Case,
		customer: triage.Customer{ID: "K1", Name: "欧阳小明", Phone: "13800138000", Tier: triage.TierHigh},
		version: &solution.Version{Solution: "S1", Number: 2, Content: solution.Content{
			Wording: "经核实，您的款项{金额}将在{时限}退回。", Policy: solution.Policy{{Tier: triage.TierOrdinary, Amount: solution.Yuan(50)}, {Tier: triage.TierHigh, Amount: solution.Yuan(100)}},
		}},
	}
	o.k.CustomerID = "K1"
	return reply.NewDesk(reply.Deps{
		Cases: o, Customers: o, Solutions: o, Talk: o, Check: checker(t), Writer: writer(t, nil), Postman: o,
		Answered: func(context.Context, triage.ComplaintID, string) error { o.answered++; return o.deaf },
		Now:      func() time.Time { return o.now }, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}), o
}

const fine = "尊敬的{客户称呼}，您好！您希望退款，我们正在核实，3月2日14点前把结果告诉您。"

func reasons(list []reply.Finding) (all []reply.Reason) {
	for _, f := range list {
		all = append(all, f.Reason)
	}
	return all
}

func TestCheckBeforeSending(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		a              reply.Answer
		blocks, warned []reply.Reason
	}{
		"fine":                       {reply.Answer{Text: fine}, nil, nil},
		"empty":                      {reply.Answer{Text: " "}, []reply.Reason{reply.Empty}, []reply.Reason{reply.Flagged}},
		"too long":                   {reply.Answer{Text: fine + strings.Repeat("。", reply.MaxText)}, []reply.Reason{reply.TooLong}, nil},
		"a variable left":            {reply.Answer{Text: fine + "金额为{金额}。"}, []reply.Reason{reply.Unfilled}, nil},
		"somebody else's number":     {reply.Answer{Text: fine + "骑手的电话是13911112222。"}, []reply.Reason{reply.Leak}, nil},
		"the customer's own number":  {reply.Answer{Text: fine + "您的电话13800138000已登记。"}, nil, []reply.Reason{reply.Own}},
		"within the policy":          {reply.Answer{Text: fine + "我们将按规定补偿您100元。", Solution: "S1"}, nil, nil},
		"above the policy":           {reply.Answer{Text: fine + "我们将按规定补偿您101元。", Solution: "S1"}, []reply.Reason{reply.OverLimit}, nil},
		"above it in characters":     {reply.Answer{Text: fine + "我们将按规定补偿您三百元。", Solution: "S1"}, []reply.Reason{reply.OverLimit}, nil},
		"above it beside the text":   {reply.Answer{Text: fine, Solution: "S1", Amount: solution.Yuan(500)}, []reply.Reason{reply.OverLimit}, nil},
		"money without a policy":     {reply.Answer{Text: fine + "我们将按规定补偿您10元。"}, nil, []reply.Reason{reply.NoPolicy}},
		"a sum that is not granted":  {reply.Answer{Text: fine + "您的账单是900元。", Solution: "S1"}, nil, nil},
		"a mistake in the wording":   {reply.Answer{Text: fine + "您就死了这条心吧。"}, nil, []reply.Reason{reply.Flagged}},
		"a solution nobody approved": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, o := open(t)
			tt.a.Complaint = o.k.ID
			if tt.a.Text == "" {
				o.version, tt.a.Solution = nil, "S1"
				if _, err := d.Check(t.Context(), tt.a); triage.CodeOf(err) != triage.CodeNotFound {
					t.Errorf("got %v, want the code not_found", err)
				}
				return
			}
			v, err := d.Check(t.Context(), tt.a)
			if err != nil || !slices.Equal(reasons(v.Blocks), tt.blocks) || !slices.Equal(reasons(v.Warnings), tt.warned) {
				t.Errorf("got blocks %+v and warnings %+v (%v), want %v and %v; %+v", v.Blocks, v.Warnings, err, tt.blocks, tt.warned, v.Flags)
			}
			_, err = d.Send(t.Context(), tt.a, reply.Sending{By: "li"})
			if refused := len(tt.blocks)+len(tt.warned) > 0; (err != nil) != refused || (len(o.letters) > 0) == refused {
				t.Errorf("sending: got %v and %d letters, want it refused: %v", err, len(o.letters), refused)
			}
			_, err = d.Send(t.Context(), tt.a, reply.Sending{By: "li", Confirmed: true})
			if blocked := len(tt.blocks) > 0; blocked && triage.CodeOf(err) != triage.CodeForbidden || (len(o.letters) > 0) == blocked {
				t.Errorf("confirmed: got %v and %d letters, want it blocked: %v", err, len(o.letters), blocked)
			}
		})
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	d, o := open(t)
	a := reply.Answer{Complaint: o.k.ID, Text: fine + "您的电话13800138000已登记。", Solution: "S1"}
	m, err := d.Send(t.Context(), a, reply.Sending{By: "li", Confirmed: true})
	if err != nil {
		t.Fatal(err)
	}
	if l := o.letters[0]; !strings.Contains(l.Text, "欧阳先生/女士") || !strings.Contains(l.Text, "13800138000") || l.Phone != "13800138000" || l.Key == "" || len(l.Key) > 64 {
		t.Errorf("sent %+v", l)
	}
	if strings.Contains(o.talk[0].Text, "13800138000") || strings.Contains(o.talk[0].Text, "欧阳") || m.Channel != "sms" || m.Key != o.letters[0].Key {
		t.Errorf("recorded %+v, want the text masked", o.talk[0])
	}
	if e := o.trail[1]; o.trail[0].Action != "reply.begin" || e.Action != "reply" || e.Actor != "li" || e.Object != "case:c1" || strings.Contains(e.Detail, "登记") {
		t.Errorf("the trail says %+v, want who and how, not what", e)
	}
	if !slices.Equal(o.used, []string{"S1"}) || o.answered != 1 {
		t.Errorf("got uses %v and %d answers, want one of each", o.used, o.answered)
	}
	if _, err := d.Send(t.Context(), a, reply.Sending{By: "li", Confirmed: true}); triage.CodeOf(err) != triage.CodeConflict || len(o.letters) != 1 {
		t.Errorf("a second time: got %v and %d letters, want a conflict and one", err, len(o.letters))
	}
}

// A second click comes while the letter is on its way.
func TestSendOnceAtATime(t *testing.T) {
	t.Parallel()
	d, o := open(t)
	a := reply.Answer{Complaint: o.k.ID, Text: fine}
	o.meanwhile = func() {
		o.meanwhile = nil
		if _, err := d.Send(t.Context(), a, reply.Sending{By: "li"}); triage.CodeOf(err) != triage.CodeConflict {
			t.Errorf("the second click: got %v, want a conflict", err)
		}
	}
	if _, err := d.Send(t.Context(), a, reply.Sending{By: "li"}); err != nil || len(o.letters) != 1 || len(o.talk) != 1 {
		t.Errorf("got %v, %d letters and %d messages, want one of each", err, len(o.letters), len(o.talk))
	}
}

func TestSendAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	d, o := open(t)
	a := reply.Answer{Complaint: o.k.ID, Text: fine}
	o.postal = triage.Errorf(triage.CodeUnavailable, "gateway")
	if _, err := d.Send(t.Context(), a, reply.Sending{By: "li"}); triage.CodeOf(err) != triage.CodeUnavailable || len(o.talk) > 0 {
		t.Errorf("got %v and %d messages, want nothing recorded that was not sent", err, len(o.talk))
	}
	o.postal, o.shelf = nil, errors.New("disk")
	if _, err := d.Send(t.Context(), a, reply.Sending{By: "li"}); err == nil || len(o.letters) > 0 {
		t.Errorf("got %v and %d letters, want none that nothing is known of", err, len(o.letters))
	}
	o.shelf = nil
	if _, err := d.Send(t.Context(), a, reply.Sending{By: "li"}); err != nil || len(o.letters) != 1 || len(o.talk) != 1 {
		t.Errorf("got %v, letters %+v and %d messages, want one of each", err, o.letters, len(o.talk))
	}
}

func TestWhatWasSaidIsRecorded(t *testing.T) {
	t.Parallel()
	d, o := open(t)
	a := reply.Answer{Complaint: o.k.ID, Text: fine}
	for _, via := range []string{reply.Spoken, reply.AtCounter} {
		if m, err := d.Send(t.Context(), a, reply.Sending{Via: via, By: "li"}); err != nil || m.Channel != via || m.Key != "" {
			t.Errorf("got %+v, %v", m, err)
		}
	}
	if len(o.letters) > 0 || len(o.talk) != 2 {
		t.Errorf("got %d letters and %d messages, want none and two", len(o.letters), len(o.talk))
	}
	if _, err := d.Send(t.Context(), a, reply.Sending{Via: "pigeon"}); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("got %v, want the code invalid", err)
	}
}

func TestTheSenderOfAMailIsReached(t *testing.T) {
	t.Parallel()
	d, o := open(t)
	o.customer = triage.Customer{}
	o.k.Attrs = map[string]any{"email": "wang@example.com", "name": "王小明"}
	if _, err := d.Send(t.Context(), reply.Answer{Complaint: o.k.ID, Text: fine}, reply.Sending{By: "li"}); err != nil {
		t.Fatal(err)
	}
	if l := o.letters[0]; l.Email != "wang@example.com" || !strings.Contains(l.Text, "尊敬的王先生/女士") {
		t.Errorf("sent %+v", l)
	}
}
