package customer

import (
	"context"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// The attributes of a complaint that tell who it is from.
const (
	attrPhone = "phone"
	attrEmail = "email"
	attrName  = "name"
)

// ownCues are the words before a phone number by which a customer calls it
// their own. A number without one may be anybody's, also the one complained of.
var ownCues = []string{
	"我的手机", "我的电话", "我的号码", "我的手机号", "我手机号", "本人手机", "本人电话", "本机号", "我的联系方式", "我的联系电话",
	"联系我", "回电", "回我电话", "打我电话", "致电本人",
}

// cueRunes is how far before a number such words stand.
const cueRunes = 12

// Recogniser is a Service as a [triage.Matcher].
type Recogniser struct{ s *Service }

var _ triage.Matcher = (*Recogniser)(nil)

// Recogniser returns the service as what intake asks.
func (s *Service) Recogniser() *Recogniser { return &Recogniser{s} }

// Match implements triage.Matcher: it names the customers of complaints whose
// phone, e-mail or order is that of one person.
func (r *Recogniser) Match(ctx context.Context, cases []triage.Case) ([]triage.Matched, error) {
	list := make([]Identity, len(cases))
	for i := range cases {
		list[i] = identityOf(&cases[i])
	}
	found, err := r.s.MatchAll(ctx, list)
	if err != nil {
		return nil, err
	}
	matched := make([]triage.Matched, len(cases))
	for i := range found {
		matched[i] = triage.Matched{
			Customer: found[i].Customer, Basis: string(found[i].Basis),
			Doubt: found[i].Ambiguous() && cases[i].Status.Open(), // nobody is asked about history
		}
	}
	return matched, nil
}

// Doubt implements triage.Matcher: it opens a task for each case, once, with
// the customers to choose from.
func (r *Recogniser) Doubt(ctx context.Context, cases []triage.Case) error {
	list := make([]Identity, len(cases))
	for i := range cases {
		list[i] = identityOf(&cases[i])
	}
	found, err := r.s.MatchAll(ctx, list)
	if err != nil {
		return err
	}
	now := r.s.d.Now()
	due := r.s.d.Calendar.AddDays(now, r.s.d.Policy.MatchDays)
	var tasks []Task
	for i := range cases {
		if !found[i].Ambiguous() {
			continue
		}
		c := &cases[i]
		t := Task{
			Kind: TaskMatch, Case: c.ID, Title: "确认客户身份", CreatedBy: systemActor, CreatedAt: now, DueAt: due, Key: "match:" + string(c.ID),
		}
		if t.Owner, t.Department, err = r.s.owner(ctx, &Care{}, c); err != nil {
			return err
		}
		for _, k := range found[i].Candidates {
			t.Candidates = append(t.Candidates, k.Record.Person)
		}
		tasks = append(tasks, t)
	}
	if len(tasks) == 0 {
		return nil
	}
	_, err = r.s.d.Store.AddTasks(ctx, tasks)
	return err
}

// identityOf reads who a complaint says that it is from.
func identityOf(c *triage.Case) Identity {
	who := Identity{
		Phone: triage.Phone(text(c.Attrs, attrPhone)), Email: triage.Email(text(c.Attrs, attrEmail)),
		Name: triage.PersonName(text(c.Attrs, attrName)), OrderID: c.OrderID,
	}
	if who.Phone == "" {
		who.Phone = ownPhone(c)
	}
	return who
}

func text(attrs map[string]any, name string) string {
	s, _ := attrs[name].(string)
	return strings.TrimSpace(s)
}

// ownPhone is the number in the text that the customer calls their own, "" when
// there is none, or more than one.
func ownPhone(c *triage.Case) (own triage.Phone) {
	body := []rune(c.Body())
	for _, e := range c.Assessment.Entities {
		if e.Kind != nlp.EntityPhone || e.Start > len(body) {
			continue
		}
		before := string(body[max(0, e.Start-cueRunes):e.Start])
		number := triage.Phone(e.Value)
		switch {
		case !called(before) || number == own:
		case own != "":
			return ""
		default:
			own = number
		}
	}
	return own
}

// called says whether the words before a number call it the customer's own.
func called(before string) bool {
	for _, cue := range ownCues {
		if strings.Contains(before, cue) {
			return true
		}
	}
	return false
}
