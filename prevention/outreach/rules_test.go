package outreach_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

func failedPayment() prevention.EventRule {
	return prevention.EventRule{
		Name:     "付款失败致歉",
		When:     prevention.Condition{Kind: "payment", Key: "银联", Attrs: map[string]string{"status": "failed"}},
		Unless:   prevention.Condition{Kind: "payment", Attrs: map[string]string{"status": "ok"}},
		Wait:     10 * time.Minute,
		Template: prevention.Template{Text: "{{name}}您好，您{{time}}的付款未成功，款项将退回。"},
		Channels: []string{"sms"}, DailyCap: 100,
	}
}

// ruled is an office with an approved rule and no exposures.
func ruled(t *testing.T, change func(*prevention.EventRule)) (*office, *outreach.Rules, prevention.EventRule) {
	t.Helper()
	o := open(t, nil)
	o.exposures = nil
	for i := 4; i < 40; i++ {
		o.customers[member(i).ID] = member(i)
	}
	rules := outreach.NewRules(o.desk, o, o)
	content := failedPayment()
	if change != nil {
		change(&content)
	}
	r, err := rules.Create(t.Context(), content, "甲")
	if err == nil {
		r, err = rules.Approve(t.Context(), r.ID, r.Version, "乙")
	}
	if err != nil {
		t.Fatal(err)
	}
	return o, rules, r
}

// pays stores a payment of a customer, so long after the start.
func (o *office) pays(i int, after time.Duration, status string) {
	o.exposures = append(o.exposures, triage.Exposure{
		CustomerID: member(i).ID, Kind: "payment", Key: "银联", At: start.Add(after), Attrs: map[string]any{"status": status},
	})
}

// at ticks so long after the start and returns who has a notice by now.
func (o *office) at(t *testing.T, rules *outreach.Rules, after time.Duration) []int {
	t.Helper()
	o.clock.Set(start.Add(after))
	if _, err := rules.Tick(t.Context(), o.clock.Now()); err != nil {
		t.Fatal(err)
	}
	var who []int
	for _, n := range o.notices {
		var i int
		if _, err := fmt.Sscanf(string(n.Customer), "C%d", &i); err != nil {
			t.Fatal(err)
		}
		who = append(who, i)
	}
	return who
}

func TestRuleTellsOfStandingMishaps(t *testing.T) {
	t.Parallel()
	o, rules, _ := ruled(t, nil)
	o.pays(0, -time.Minute, "failed") // before the approval
	o.pays(1, time.Minute, "failed")
	o.pays(2, time.Minute, "failed")
	o.pays(2, 5*time.Minute, "ok") // undone
	o.pays(3, time.Minute, "ok")
	o.pays(3, 2*time.Minute, "failed") // what was fine before undoes nothing
	o.pays(4, time.Minute, "pending")
	o.pays(5, 30*time.Minute, "failed") // in the future
	o.exposures = append(o.exposures, triage.Exposure{Kind: "payment", Key: "银联", At: start.Add(time.Minute), Attrs: map[string]any{"status": "failed"}})
	for _, step := range []struct {
		after time.Duration
		want  []int
	}{
		{5 * time.Minute, nil},               // not waited long enough
		{11*time.Minute + 1, []int{1}},       // the second of 3 has not
		{12*time.Minute + 1, []int{1, 3}},    //
		{8 * time.Minute, []int{1, 3}},       // the clock ran backwards
		{13 * time.Minute, []int{1, 3}},      // again: nothing twice
		{40*time.Minute + 1, []int{1, 3, 5}}, //
	} {
		if diff := cmp.Diff(step.want, o.at(t, rules, step.after)); diff != "" {
			t.Errorf("after %v: %s", step.after, diff)
		}
	}
	o.pays(6, 25*time.Minute, "failed") // came in late
	if diff := cmp.Diff([]int{1, 3, 5, 6}, o.at(t, rules, 50*time.Minute)); diff != "" {
		t.Errorf("late: %s", diff)
	}
	if got := o.tick(t); got.Sent != 4 || len(got.Finished) != 0 {
		t.Errorf("got %+v, want 4 sent and the rule's plan going on", got)
	}
	causes := map[prevention.Cause]bool{}
	for _, n := range o.notices {
		causes[n.Cause] = true
	}
	if len(causes) != 4 {
		t.Errorf("causes %v, want one for each mishap", causes)
	}
}

func TestRuleWithdrawsWhatIsUndoneMeanwhile(t *testing.T) {
	t.Parallel()
	o, rules, _ := ruled(t, nil)
	o.pays(1, 8*time.Hour, "failed") // 22:00
	o.pays(2, 8*time.Hour, "failed")
	o.at(t, rules, 9*time.Hour)
	o.pays(1, 10*time.Hour, "ok")
	o.at(t, rules, 19*time.Hour) // 9:00
	if got := o.tick(t); got.Sent != 1 {
		t.Errorf("%d sent, want the one whose payment still failed", got.Sent)
	}
	if diff := cmp.Diff([]string{"skipped undone", "sent "}, o.reasons()); diff != "" {
		t.Error(diff)
	}
	o.pays(1, 20*time.Hour, "failed") // they have heard nothing yet
	if diff := cmp.Diff([]int{1, 2, 1}, o.at(t, rules, 21*time.Hour)); diff != "" {
		t.Error(diff)
	}
}

func TestRuleGoesOnOnlyWhenApproved(t *testing.T) {
	t.Parallel()
	o, rules, r := ruled(t, nil)
	if _, err := rules.Pause(t.Context(), r.ID, "丙"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.desk.Resume(t.Context(), "P1", "丙"); triage.CodeOf(err) != triage.CodeConflict {
		t.Errorf("resuming the plan of a paused rule: got %v, want CodeConflict", err)
	}
}

func TestRuleLeavesCustomersAlone(t *testing.T) {
	t.Parallel()
	o, rules, _ := ruled(t, nil)
	o.pays(1, time.Minute, "failed")
	o.at(t, rules, time.Hour)
	o.pays(1, 24*time.Hour, "failed")
	if diff := cmp.Diff([]int{1}, o.at(t, rules, 25*time.Hour)); diff != "" {
		t.Errorf("a day later: %s", diff)
	}
	o.pays(1, 8*24*time.Hour, "failed")
	if diff := cmp.Diff([]int{1, 1}, o.at(t, rules, 8*24*time.Hour+time.Hour)); diff != "" {
		t.Errorf("eight days later: %s", diff)
	}
}

func TestRuleForgetsWhatIsTooOld(t *testing.T) {
	t.Parallel()
	o, rules, _ := ruled(t, nil)
	o.pays(1, time.Minute, "failed")
	o.pays(2, 40*time.Hour, "failed")
	if diff := cmp.Diff([]int{2}, o.at(t, rules, 48*time.Hour)); diff != "" {
		t.Error(diff)
	}
}

func TestRuleKeepsItsDailyCap(t *testing.T) {
	t.Parallel()
	o, rules, _ := ruled(t, func(r *prevention.EventRule) { r.DailyCap = 2 })
	for i := range 5 {
		o.pays(i, time.Duration(i+1)*time.Minute, "failed")
	}
	for _, step := range []struct {
		after time.Duration
		want  []int
	}{
		{time.Hour, []int{0, 1}},
		{2 * time.Hour, []int{0, 1}},
		{9 * time.Hour, []int{0, 1}},        // the rest is beyond the look-back, but not forgotten
		{11 * time.Hour, []int{0, 1, 2, 3}}, // after midnight
		{23 * time.Hour, []int{0, 1, 2, 3}},
	} {
		if diff := cmp.Diff(step.want, o.at(t, rules, step.after)); diff != "" {
			t.Errorf("after %v: %s", step.after, diff)
		}
	}
}

func TestRuleHoldsOut(t *testing.T) {
	t.Parallel()
	o, rules, _ := ruled(t, func(r *prevention.EventRule) { r.Holdout = 0.5 })
	for i := range 40 {
		o.pays(i, time.Minute, "failed")
	}
	o.at(t, rules, time.Hour)
	held := 0
	for _, n := range o.notices {
		if n.State == prevention.NoticeHeld && n.Arm == prevention.ArmHeld {
			held++
		}
	}
	if len(o.notices) != 40 || held < 8 || held > 32 {
		t.Errorf("%d of %d are held out, want about half", held, len(o.notices))
	}
}

func TestRuleNeedsASecondPersonAndStops(t *testing.T) {
	t.Parallel()
	o, rules, r := ruled(t, nil)
	ctx := t.Context()
	edit := failedPayment()
	edit.ID, edit.Version = r.ID, r.Version
	if _, err := rules.Edit(ctx, edit, "乙"); triage.CodeOf(err) != triage.CodeConflict {
		t.Errorf("editing an approved rule: got %v, want CodeConflict", err)
	}
	o.pays(1, time.Minute, "failed")
	o.at(t, rules, time.Hour)
	r, err := rules.Pause(ctx, r.ID, "丙")
	if err != nil || r.Status != prevention.EventRulePaused {
		t.Fatalf("got %s, %v", r.Status, err)
	}
	if got := o.tick(t); got.Sent != 0 {
		t.Error("a paused rule sent something")
	}
	o.pays(2, 61*time.Minute, "failed")
	if diff := cmp.Diff([]int{1}, o.at(t, rules, 2*time.Hour)); diff != "" {
		t.Errorf("paused: %s", diff)
	}
	edit.Version = r.Version
	if r, err = rules.Edit(ctx, edit, "丙"); err != nil || r.Status != prevention.EventRuleDraft {
		t.Fatalf("got %s, %v", r.Status, err)
	}
	if _, err := rules.Approve(ctx, r.ID, r.Version, "丙"); triage.CodeOf(err) != triage.CodeForbidden {
		t.Errorf("approving one's own text: got %v, want CodeForbidden", err)
	}
	if _, err := rules.Approve(ctx, r.ID, r.Version, "甲"); err != nil {
		t.Fatal(err)
	}
	// What happened before it was approved again is not told.
	if diff := cmp.Diff([]int{1}, o.at(t, rules, 3*time.Hour)); diff != "" {
		t.Errorf("again: %s", diff)
	}
	if got := o.tick(t); got.Sent != 1 {
		t.Errorf("%d sent, want the one that waited", got.Sent)
	}
}

func TestRuleContentIsChecked(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	rules := outreach.NewRules(o.desk, o, o)
	for field, change := range map[string]func(*prevention.EventRule){
		"name":        func(r *prevention.EventRule) { r.Name = "" },
		"when.kind":   func(r *prevention.EventRule) { r.When.Kind = "" },
		"unless.kind": func(r *prevention.EventRule) { r.Unless.Kind = "" },
		"wait":        func(r *prevention.EventRule) { r.Wait = -1 },
		"daily_cap":   func(r *prevention.EventRule) { r.DailyCap = 0 },
		"holdout":     func(r *prevention.EventRule) { r.Holdout = 1 },
		"text":        func(r *prevention.EventRule) { r.Template.Text = "立即购买" },
		"channels":    func(r *prevention.EventRule) { r.Channels = []string{"x"} },
	} {
		r := failedPayment()
		change(&r)
		if _, err := rules.Create(t.Context(), r, "甲"); err == nil || err.Error()[:len(field)+1] != field+":" {
			t.Errorf("got %v, want an error about %s", err, field)
		}
	}
}
