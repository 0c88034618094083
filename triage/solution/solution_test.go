package solution_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// types is a catalogue of one type.
type types struct{}

func (types) PackCode() string { return "test" }

func (types) Types() []triage.TypeInfo {
	return []triage.TypeInfo{{Code: "billing", Name: "资费", Subtypes: []triage.TypeInfo{{Code: "billing.topup", Name: "充值未到账"}}}}
}

// shelf is a store in memory.
type shelf struct {
	versions []solution.Version
	uses     []solution.Use
	trail    []triage.AuditEntry
	solved   []solution.Resolved
}

func (s *shelf) SolutionVersions(_ context.Context, f solution.Filter) ([]solution.Version, error) {
	return slices.DeleteFunc(slices.Clone(s.versions), func(v solution.Version) bool {
		return f.Solution != "" && v.Solution != f.Solution || f.Type != "" && v.Type != f.Type
	}), nil
}

func (s *shelf) AddSolutionVersion(_ context.Context, v solution.Version, e triage.AuditEntry) error {
	for i := range s.versions {
		if old := &s.versions[i]; old.Solution == v.Solution {
			if old.Number == v.Number {
				return triage.Errorf(triage.CodeConflict, "taken")
			}
			if old.State != solution.Approved {
				old.State = solution.Retired
			}
		}
	}
	s.versions, s.trail = append(s.versions, v), append(s.trail, e)
	return nil
}

func (s *shelf) MoveSolution(_ context.Context, m solution.Move, e triage.AuditEntry) error {
	for i := range s.versions {
		switch v := &s.versions[i]; {
		case v.Solution != m.Solution:
		case v.Number == m.Number:
			v.State, v.DecidedBy, v.DecidedAt = m.To, m.By, m.At
		case m.To == solution.Approved && v.State == solution.Approved:
			v.State = solution.Retired
		}
	}
	s.trail = append(s.trail, e)
	return nil
}

func (s *shelf) UseSolution(_ context.Context, u solution.Use, e triage.AuditEntry) error {
	s.uses, s.trail = append(s.uses, u), append(s.trail, e)
	return nil
}

func (s *shelf) SolvedCases(_ context.Context, _ time.Time, each func(solution.Resolved) error) error {
	for _, r := range s.solved {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func library(t *testing.T) (*solution.Library, *shelf) {
	t.Helper()
	s := &shelf{}
	return solution.New(s, s, types{}, func() time.Time { return noon }), s
}

func content(steps ...string) solution.Content {
	return solution.Content{Type: "billing", Subtype: "billing.topup", Title: "对账补记", Steps: steps, Wording: "{客户称呼}，已为您补记。"}
}

func wantCode(t *testing.T, err error, want triage.Code) {
	t.Helper()
	if got := triage.CodeOf(err); got != want {
		t.Errorf("got an error of code %q (%v), want %q", got, err, want)
	}
}

func TestLifeOfASolution(t *testing.T) {
	t.Parallel()
	l, s := library(t)
	ctx := t.Context()
	v, err := l.Create(ctx, content(" 核对渠道账单 ", "", "当场补记"), "li")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"核对渠道账单", "当场补记"}, v.Steps); diff != "" {
		t.Errorf("steps (-want +got)\n%s", diff)
	}
	wantCode(t, l.Move(ctx, v.Solution, 1, solution.Approved, "wang"), triage.CodeConflict) // not proposed yet
	wantCode(t, l.Move(ctx, v.Solution, 1, solution.Proposed, "li"), "")
	wantCode(t, l.Move(ctx, v.Solution, 1, solution.Approved, "li"), triage.CodeForbidden)
	_, err = l.InForce(ctx, v.Solution)
	wantCode(t, err, triage.CodeNotFound)
	wantCode(t, l.Move(ctx, v.Solution, 1, solution.Approved, "wang"), "")
	_, err = l.Edit(ctx, v.Solution, 0, content("别的"), "zhao")
	wantCode(t, err, triage.CodeConflict)
	if _, err = l.Edit(ctx, v.Solution, 1, content("核对两个渠道的账单"), "zhao"); err != nil {
		t.Fatal(err)
	}
	in, err := l.InForce(ctx, v.Solution)
	if err != nil || in.Number != 1 {
		t.Errorf("got version %d in force (%v), want the first until the second is approved", in.Number, err)
	}
	wantCode(t, l.Use(ctx, "c1", v.Solution, "li"), "")
	wantCode(t, l.Use(ctx, "c1", "nothing", "li"), triage.CodeNotFound)
	if len(s.uses) != 1 || s.uses[0].Number != 1 || s.trail[len(s.trail)-1].Object != "case:c1" {
		t.Errorf("got uses %+v and the trail %+v", s.uses, s.trail)
	}
	wantCode(t, l.Move(ctx, v.Solution, 1, solution.Retired, "wang"), "")
	wantCode(t, l.Move(ctx, v.Solution, 1, solution.Approved, "wang"), triage.CodeConflict)
	wantCode(t, l.Move(ctx, v.Solution, 7, solution.Retired, "wang"), triage.CodeNotFound)
}

func TestContentIsChecked(t *testing.T) {
	t.Parallel()
	l, _ := library(t)
	for name, tt := range map[string]struct {
		change func(*solution.Content)
		field  string
	}{
		"no title":             {func(c *solution.Content) { c.Title = " " }, "title"},
		"long title":           {func(c *solution.Content) { c.Title = strings.Repeat("长", 81) }, "title"},
		"no steps":             {func(c *solution.Content) { c.Steps = []string{" "} }, "steps"},
		"too many steps":       {func(c *solution.Content) { c.Steps = slices.Repeat([]string{"步"}, 31) }, "steps"},
		"unknown type":         {func(c *solution.Content) { c.Type = "weather" }, "type"},
		"sub-type of another":  {func(c *solution.Content) { c.Subtype = "network.slow" }, "subtype"},
		"unknown placeholder":  {func(c *solution.Content) { c.Wording = "{身份证号}" }, "wording"},
		"long wording":         {func(c *solution.Content) { c.Wording = strings.Repeat("长", 2001) }, "wording"},
		"a tier twice":         {func(c *solution.Content) { c.Policy = solution.Policy{{Tier: "vip"}, {Tier: "vip"}} }, "policy"},
		"unknown tier":         {func(c *solution.Content) { c.Policy = solution.Policy{{Tier: "gold"}} }, "policy"},
		"an amount below zero": {func(c *solution.Content) { c.Policy = solution.Policy{{Tier: "vip", Amount: -1}} }, "policy"},
	} {
		c := content("补记")
		tt.change(&c)
		_, err := l.Create(t.Context(), c, "li")
		if triage.CodeOf(err) != triage.CodeInvalid || !strings.HasPrefix(fmt.Sprint(err), tt.field+": ") {
			t.Errorf("%s: got %v, want an invalid field %q", name, err, tt.field)
		}
	}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	p := solution.Policy{{Tier: triage.TierOrdinary, Amount: solution.Yuan(20)}, {Tier: triage.TierHigh, Amount: 5050, Gift: "流量包"}}
	for _, tt := range []struct {
		policy solution.Policy
		amount solution.Money
		tier   triage.Tier
		want   triage.Code
	}{
		{p, solution.Yuan(20), triage.TierOrdinary, ""},
		{p, solution.Yuan(20) + 1, triage.TierOrdinary, triage.CodeForbidden},
		{p, solution.Yuan(21), triage.TierPotential, triage.CodeForbidden}, // as the tier below
		{p, 5050, triage.TierVIP, ""},
		{p, 5051, triage.TierVIP, triage.CodeForbidden},
		{p, solution.Yuan(21), "", triage.CodeForbidden}, // nobody knows: ordinary
		{p, -1, triage.TierVIP, triage.CodeInvalid},
		{p[1:], 1, triage.TierOrdinary, triage.CodeForbidden},
		{nil, 1, triage.TierVIP, triage.CodeForbidden},
		{nil, 0, triage.TierVIP, ""},
	} {
		err := tt.policy.Check(tt.amount, tt.tier)
		if triage.CodeOf(err) != tt.want {
			t.Errorf("%v yuan for %q: got %v, want the code %q", tt.amount, tt.tier, err, tt.want)
		}
	}
	if err := p.Check(solution.Yuan(60), triage.TierVIP); !strings.Contains(fmt.Sprint(err), "50.50 yuan") {
		t.Errorf("got %v, want the limit named", err)
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"12": "12", "12.5": "12.50", " 1,200.05 ": "1200.05", "0.01": "0.01", "12.00": "12"} {
		m, ok := solution.ParseMoney(text)
		if !ok || m.String() != want {
			t.Errorf("%q: got %v, %v, want %s", text, m, ok, want)
		}
	}
	for _, text := range []string{"", "-1", "+1", "1.234", "1.-2", "五", "1e3", "99999999999999999999", ".5.", "1.2.3"} {
		if m, ok := solution.ParseMoney(text); ok {
			t.Errorf("%q: got %v, want none", text, m)
		}
	}
}

// solvedAs returns n solved cases of different customers.
func solvedAs(n int, resolution string, score float64) []solution.Resolved {
	var list []solution.Resolved
	for i := range n {
		list = append(list, solution.Resolved{
			ID: triage.ComplaintID(fmt.Sprintf("%.3s%d", resolution, i)), Customer: triage.CustomerID(fmt.Sprint("K", i)),
			Type: "billing", Subtype: "billing.topup", Resolution: resolution + strings.Repeat("。", i%2), Satisfaction: score,
		})
	}
	return list
}

func TestPropose(t *testing.T) {
	t.Parallel()
	sameCustomer := solvedAs(6, "客户经理上门当面致歉并补记", 95)
	for i := range sameCustomer {
		sameCustomer[i].Customer = "K1"
	}
	for name, tt := range map[string]struct {
		solved []solution.Resolved
		want   int
	}{
		"what satisfied four customers":     {solvedAs(4, "核对银行流水后当日补记到账", 95), 1},
		"three who were content, with luck": {solvedAs(3, "核对银行流水后当日补记到账", 81), 0},
		"two customers are too few":         {solvedAs(2, "核对银行流水后当日补记到账", 100), 0},
		"six cases of one customer":         {sameCustomer, 0},
		"what did not satisfy":              {solvedAs(20, "已向客户解释原因，客户不认可", 60), 0},
		"a word is no way to settle a case": {solvedAs(9, "已处理", 100), 0},
		"two ways are two proposals":        {append(solvedAs(5, "核对银行流水后当日补记到账", 95), solvedAs(5, "退回原支付账户并短信告知客户", 90)...), 2},
		"a type that the pack does not have": {func() []solution.Resolved {
			l := solvedAs(5, "核对银行流水后当日补记到账", 95)
			for i := range l {
				l[i].Type = "gone"
			}
			return l
		}(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, s := library(t)
			s.solved = tt.solved
			got, err := l.Propose(t.Context())
			if err != nil || got != tt.want || len(s.versions) != tt.want {
				t.Fatalf("got %d proposals and %d stored (%v), want %d", got, len(s.versions), err, tt.want)
			}
			for _, v := range s.versions {
				if v.State != solution.Proposed || len(v.Evidence) < 3 || v.Title != "充值未到账" {
					t.Errorf("got %+v, want a proposal with its evidence", v)
				}
			}
			if again, err := l.Propose(t.Context()); again != 0 || err != nil {
				t.Errorf("a second run proposed %d (%v), want none", again, err)
			}
		})
	}
}

func TestProposalsHoldNobodysData(t *testing.T) {
	t.Parallel()
	l, s := library(t)
	s.solved = solvedAs(5, "已回电13800138000，订单20260301885566核对后当日补记到账", 95)
	if _, err := l.Propose(t.Context()); err != nil || len(s.versions) != 1 {
		t.Fatalf("got %d proposals (%v), want one", len(s.versions), err)
	}
	if text := s.versions[0].Text(); strings.Contains(text, "138") || strings.Contains(text, "885566") || !strings.Contains(text, "〔电话1〕") {
		t.Errorf("got %q, want placeholders for personal data", text)
	}
}

func TestWhatWasRetiredIsNotProposedAgain(t *testing.T) {
	t.Parallel()
	l, s := library(t)
	s.solved = solvedAs(5, "核对银行流水后当日补记到账", 95)
	if n, err := l.Propose(t.Context()); n != 1 || err != nil {
		t.Fatalf("got %d, %v", n, err)
	}
	wantCode(t, l.Move(t.Context(), s.versions[0].Solution, 1, solution.Retired, "wang"), "")
	if n, err := l.Propose(t.Context()); n != 0 || err != nil {
		t.Errorf("got %d proposals (%v), want none", n, err)
	}
}
