package counter

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Service says what may be recommended and keeps how it was taken. It is safe for
// concurrent use.
type Service struct {
	d     Deps
	board atomic.Pointer[board]
}

// Deps is what a Service is made of. Standing, Assessor and Intake may be nil:
// then no campaign has a standing, words are not triaged, and no complaint can be
// made of them.
type Deps struct {
	Store     Store
	Campaigns Campaigns
	// Standing says what the stream of complaints says about a campaign.
	Standing func(ctx context.Context, campaign string) (Standing, error)
	Assessor Assessor
	Intake   Intake
	Policy   Policy
	Now      func() time.Time
	// Zone is where the shops are.
	Zone *time.Location
	Log  *slog.Logger
}

// New makes a Service; the error names the field of the policy at fault.
func New(d Deps) (*Service, error) {
	if err := d.Policy.Validate(); err != nil {
		return nil, err
	}
	return &Service{d: d}, nil
}

// Question asks what may be recommended.
type Question struct {
	// Customer is a record of the person, "" for somebody unknown.
	Customer triage.CustomerID
	// At is the moment asked about, zero for now.
	At time.Time
	// Channel leaves out campaigns that are offered elsewhere only, "" none.
	Channel string
}

// Answer is every campaign with what speaks against it: first those that may be
// recommended, the best fit before the others, then the rest, what is over last.
type Answer struct {
	At time.Time
	// Who is nil for somebody unknown.
	Who    *Customer
	Advice []Advice
}

// Recommend answers a question. The register and the standings of campaigns may
// be half a minute old. CodeNotFound is a customer whom nobody knows.
func (s *Service) Recommend(ctx context.Context, q Question) (Answer, error) {
	now := s.d.Now()
	b, err := s.current(ctx, now)
	if err != nil {
		return Answer{}, err
	}
	j := judge{now: q.At, channel: q.Channel, policy: s.d.Policy, zone: s.d.Zone}
	if j.now.IsZero() {
		j.now = now
	}
	if q.Customer != "" {
		who, err := s.d.Store.Customer(ctx, q.Customer, b.kinds, j.now.Add(-s.d.Policy.lookBack(b.campaigns)))
		if err != nil {
			return Answer{}, err
		}
		j.who = &who
	}
	a := Answer{At: j.now, Who: j.who, Advice: make([]Advice, len(b.campaigns))}
	likes := tasteOf(j.who, b.campaigns)
	for i := range b.campaigns {
		a.Advice[i] = j.advise(&b.campaigns[i], b.standings[b.campaigns[i].ID], &likes)
	}
	slices.SortFunc(a.Advice, func(x, y Advice) int { return inOrder(&x, &y) })
	return a, nil
}

// advise judges one campaign. A campaign that cannot be taken now anyway is not
// compared with what the customer likes.
func (j *judge) advise(c *triage.Campaign, s Standing, likes *taste) Advice {
	a := Advice{Campaign: *c, Soon: j.soon(c), Standing: s, Why: j.against(c, s)}
	if a.Recommended() {
		a.Fit = likes.fit(j.who, c, s)
	}
	return a
}
