package demo_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/triage"
)

// team is a Prevention that writes down what it is asked, and tells the
// customers of the first half of the file.
type team struct {
	m       *memory
	last    time.Time
	deeds   []string
	matters map[string]demo.Matter
	// early are records that came in before their time.
	early   int
	told    map[triage.CustomerID]bool
	toldAt  time.Time
	lookErr error
}

func (p *team) see(at time.Time, deed string, m demo.Matter) {
	if at.Before(p.last) {
		p.early++
	}
	for _, c := range p.m.complaints {
		if c.At.After(at) {
			p.early++
		}
	}
	for _, e := range p.m.exposures {
		if e.At.After(at) {
			p.early++
		}
	}
	p.last = at
	p.deeds = append(p.deeds, deed+" "+m.Title)
	p.matters[deed+" "+m.Title] = m
}

func (p *team) Look(_ context.Context, at time.Time) error {
	if at.Before(p.last) {
		p.early++
	}
	p.last = at
	return p.lookErr
}

func (p *team) Confirm(_ context.Context, at time.Time, m demo.Matter) error {
	p.see(at, "confirm", m)
	return nil
}

func (p *team) Submit(_ context.Context, at time.Time, m demo.Matter) error {
	p.see(at, "submit", m)
	return nil
}

func (p *team) Tell(_ context.Context, at time.Time, m demo.Matter) (map[triage.CustomerID]bool, error) {
	p.see(at, "tell", m)
	p.toldAt = at
	for _, c := range p.m.customers[:len(p.m.customers)/2] {
		p.told[c.ID] = true
	}
	return p.told, nil
}

func (p *team) Settle(_ context.Context, at time.Time, m demo.Matter) error {
	p.see(at, "settle", m)
	return nil
}

func newTeam() *team {
	return &team{m: &memory{}, matters: map[string]demo.Matter{}, told: map[triage.CustomerID]bool{}}
}

func (p *team) fill(t *testing.T) (demo.Summary, error) {
	t.Helper()
	target := p.m.target()
	target.Prevention = p
	return demo.Fill(t.Context(), target, now, 1)
}

func TestPreventionSeesNoFuture(t *testing.T) {
	t.Parallel()
	p := newTeam()
	if _, err := p.fill(t); err != nil {
		t.Fatal(err)
	}
	if p.early > 0 {
		t.Errorf("%d records or calls came before their time", p.early)
	}
	if !p.last.Equal(now) {
		t.Errorf("the last look is at %s, want %s", p.last, now)
	}
	const batch, gateway = "告知购买问题批次纯牛奶的客户停止饮用并退款", "告知扣款未到账的客户款项安全与入账时间"
	want := []string{"confirm " + batch, "submit " + batch, "tell " + batch, "settle " + batch, "settle " + batch, "confirm " + gateway, "submit " + gateway}
	if diff := cmp.Diff(want, p.deeds); diff != "" {
		t.Errorf("deeds (-want +got):\n%s", diff)
	}
	for deed, m := range p.matters {
		if len(m.Complaints) < 20 || m.Author == "" || m.Author == m.Approver || !m.Due.After(now.AddDate(0, 0, -60)) {
			t.Errorf("%s: %d complaints, by %q and %q, due %s", deed, len(m.Complaints), m.Author, m.Approver, m.Due)
		}
		if strings.HasSuffix(deed, gateway) != (m.Rule != nil) {
			t.Errorf("%s: event rule %+v", deed, m.Rule)
		}
	}
	if at := p.toldAt; at.Hour() != 10 || at.Minute() != 0 {
		t.Errorf("the buyers are told at %s, want 10:00", at)
	}
}

// TestToldCustomersComplainLess compares with the company in which nobody is
// told: the same complaints come, but for those of told customers who heed it.
func TestToldCustomersComplainLess(t *testing.T) {
	t.Parallel()
	p := newTeam()
	sum, err := p.fill(t)
	if err != nil {
		t.Fatal(err)
	}
	untold, whole := first(t)
	made := map[triage.ComplaintID]bool{}
	for _, c := range p.m.complaints {
		made[c.ID] = true
	}
	would, missing := 0, 0
	for _, c := range untold.complaints {
		about := c.Product == "云杉纯牛奶" && p.told[c.CustomerID] && c.At.After(p.toldAt)
		if about {
			would++
		}
		if made[c.ID] {
			continue
		}
		missing++
		if !about {
			t.Errorf("%s is missing, though its customer was not told of it", c.ID)
		}
	}
	if missing != sum.Heeded || sum.BatchComplained+sum.Heeded != whole.BatchComplained {
		t.Errorf("%d are missing, Summary says %+v", missing, sum)
	}
	if kept := 1 - float64(missing)/float64(would); kept < .2 || kept > .5 {
		t.Errorf("the told complain %.2f times as often, want about 0.35", kept)
	}
}

func TestFillStopsWhenPreventionFails(t *testing.T) {
	t.Parallel()
	p := newTeam()
	p.lookErr = errors.New("no detector")
	sum, err := p.fill(t)
	if !errors.Is(err, p.lookErr) || !strings.Contains(err.Error(), "at 20") {
		t.Errorf("got %v, want an error that wraps %q and says when", err, p.lookErr)
	}
	if sum.Customers == 0 || len(p.m.labels) > 0 {
		t.Errorf("got %+v and %d labels, want what was written before", sum, len(p.m.labels))
	}
}
