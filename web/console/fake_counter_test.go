package console_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

// shopFloor is what the counter stands in: a store in memory behind the real service.
type shopFloor struct {
	people   map[triage.CustomerID]counter.Customer
	offers   []triage.Campaign
	captures []counter.Capture
	blocked  []prevention.Suppression
	asked    []counter.Filter
	ends     []triage.Customer
	taken    []triage.Complaint
}

// atCounter is setup with a counter, and somebody signed in.
func atCounter(t *testing.T, name string, change ...func(*console.Deps)) (*desk, *shopFloor) {
	t.Helper()
	s := sampleShop()
	d := setup(t, append([]func(*console.Deps){func(deps *console.Deps) {
		rate := 6.4
		service, err := counter.New(counter.Deps{
			Store: s, Campaigns: shopRegister{s}, Assessor: s, Intake: s, Policy: counter.DefaultPolicy(), Now: deps.Now, Zone: shanghai, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
			Standing: func(_ context.Context, id string) (counter.Standing, error) {
				return map[string]counter.Standing{
					"CMP-2": {Signal: counter.SignalAdjust, Reason: "规则变更后投诉为原来的 3 倍", Rate: &rate},
					"CMP-4": {Signal: counter.SignalStop, Reason: "随意群发短信"},
				}[id], nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		deps.Counter = &console.CounterDeps{Desk: service, Finder: deps.People.Customers}
	}}, change...)...)
	hash := d.company.users["agent"].PasswordHash
	d.company.users["wu"] = triage.User{Name: "wu", PasswordHash: hash, Role: triage.RoleAgent, Department: "南山营业厅"}
	d.signIn(name, password)
	return d, s
}

func sampleShop() *shopFloor {
	offer := func(id, name, copy string, from, to int) triage.Campaign {
		return triage.Campaign{ID: id, Name: name, Copy: copy, From: noon.AddDate(0, 0, from), To: noon.AddDate(0, 0, to), Version: 1}
	}
	s := &shopFloor{
		people: map[triage.CustomerID]counter.Customer{
			"C10086": {
				ID: "C10086", Records: []triage.CustomerID{"C10086", "WX-7781"}, Name: "张伟民", Phone: "13812345678", Addresses: []string{"13812345678"},
				Tier: triage.TierHigh, Region: "广东深圳", JoinedAt: noon.AddDate(-2, 0, 0), Has: map[triage.RecordOf]bool{}, Joined: map[string]bool{"CMP-5": true},
			},
			"C20001": {
				ID: "C20001", Records: []triage.CustomerID{"C20001"}, Name: "李秀英", Tier: triage.TierVIP, Has: map[triage.RecordOf]bool{}, Joined: map[string]bool{}, OptedOut: true,
				Complaints: []counter.Complaint{{ID: "TS-20260301-0007", Type: "billing", Open: true, At: noon.AddDate(0, 0, -1), Angry: true}},
			},
		},
		offers: []triage.Campaign{
			offer("CMP-1", "春季充值返话费", "充 100 元返 50 元，分 5 个月到账，4 月 30 日前有效。", -10, 60), offer("CMP-2", "<b>夜间</b>流量包", "", -10, 60),
			offer("CMP-3", "企业专线", "", -10, 60), offer("CMP-4", "短信抽奖", "", -10, 60), offer("CMP-5", "去年返费", "", -400, -300),
		},
		ends: []triage.Customer{{ID: "C10086", Name: "张伟民", Phone: "13812345678"}, {ID: "C20009", Name: "张三", Phone: "13900005678", Region: "广东"}},
	}
	s.offers[2].Eligible = triage.Eligibility{
		Tiers: []triage.Tier{triage.TierVIP}, Regions: []string{"北京"}, MinMonths: 36, MaxMonths: 60,
		Needs: []triage.RecordOf{{Kind: "purchase", Key: "专线"}}, Excludes: []triage.RecordOf{{Kind: "roaming"}},
	}
	s.offers[1].Eligible = triage.Eligibility{Tiers: []triage.Tier{triage.TierHigh}, Repeatable: true}
	return s
}

// shopRegister is the campaigns of the shop.
type shopRegister struct{ *shopFloor }

func (r shopRegister) Campaigns(context.Context) ([]triage.Campaign, error) { return r.offers, nil }

func (r shopRegister) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	i := slices.IndexFunc(r.offers, func(c triage.Campaign) bool { return c.ID == id })
	if i < 0 {
		return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "there is no campaign %s", id)
	}
	return r.offers[i], nil
}

func (s *shopFloor) AddCapture(_ context.Context, c counter.Capture, _ triage.AuditEntry) (counter.Capture, bool, error) {
	if i := slices.IndexFunc(s.captures, func(x counter.Capture) bool { return x.Key == c.Key }); i >= 0 {
		return s.captures[i], false, nil
	}
	c.ID, c.Version = int64(len(s.captures)+1), 1
	s.captures = append(s.captures, c)
	return c, true, nil
}

func (s *shopFloor) ChangeCapture(_ context.Context, c counter.Capture, _ triage.AuditEntry) error {
	c.Version++
	s.captures[c.ID-1] = c
	return nil
}

func (s *shopFloor) Capture(_ context.Context, id int64) (counter.Capture, error) {
	if id < 1 || int(id) > len(s.captures) {
		return counter.Capture{}, triage.Errorf(triage.CodeNotFound, "there is no capture %d", id)
	}
	return s.captures[id-1], nil
}

func (s *shopFloor) Log(_ context.Context, f counter.Filter) (counter.Page, error) {
	s.asked = append(s.asked, f)
	var p counter.Page
	for _, c := range s.captures {
		if !c.Undone && (f.Clerk == "" || f.Clerk == c.Clerk) && (f.Shop == "" || f.Shop == c.Shop) && (f.Attitude == "" || f.Attitude == c.Attitude) {
			p.Captures = append(p.Captures, c)
		}
	}
	return p, nil
}

func (s *shopFloor) Reactions(context.Context, string, time.Time, time.Time) (r campaign.Reaction, err error) {
	return r, nil
}

func (s *shopFloor) ReactionDays(context.Context, string, time.Time, time.Time) ([]counter.DayReaction, error) {
	return nil, nil
}

func (s *shopFloor) AllReactions(context.Context, time.Time, time.Time) (map[string]campaign.Reaction, error) {
	return map[string]campaign.Reaction{}, nil
}

func (s *shopFloor) Customer(_ context.Context, id triage.CustomerID, _ []string, _ time.Time) (counter.Customer, error) {
	c, known := s.people[id]
	if !known {
		return c, triage.Errorf(triage.CodeNotFound, "there is no customer %s", id)
	}
	for _, x := range s.captures {
		if x.Customer == id && !x.Undone {
			c.Captures = append(c.Captures, x)
		}
	}
	return c, nil
}

func (s *shopFloor) PhoneEnds(_ context.Context, digits string, limit int) (list []triage.Customer, err error) {
	for i := range s.ends {
		if strings.HasSuffix(s.ends[i].Phone.Reveal(), digits) && len(list) < limit {
			list = append(list, s.ends[i])
		}
	}
	return list, nil
}

func (s *shopFloor) OptOut(_ context.Context, list []prevention.Suppression, _ triage.AuditEntry) error {
	s.blocked = append(s.blocked, list...)
	return nil
}

// Assess takes whoever says 骗 for angry.
func (s *shopFloor) Assess(c *triage.Complaint) (a triage.Assessment) {
	if strings.Contains(c.Text, "骗") {
		a.Type, a.Sentiment = "billing", nlp.Sentiment{Label: nlp.Negative, Intensity: 2}
	}
	return a
}

func (s *shopFloor) Submit(_ context.Context, c triage.Complaint, _ int) (triage.Receipt, error) {
	s.taken = append(s.taken, c)
	c.ID = "TS-20260301-0007" // one of the samples, so that its page is there
	return triage.Receipt{Case: triage.Case{Complaint: c}}, nil
}
