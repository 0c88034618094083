package triage

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Service takes complaints in and helps people decide on them. It is safe for
// concurrent use.
type Service struct {
	d Deps
}

// Deps is what a Service is made of. Without Similar and Index it works with
// no similar cases. A service that does nothing but Assess, with similar 0,
// needs only Analyzer, Catalogue, Now and Log; every other one needs the rest.
type Deps struct {
	Analyzer  Analyzer
	Catalogue Catalogue
	Cases     CaseStore
	Decisions DecisionStore
	// Closer ends cases instead of Decisions where there is one: it knows the
	// calendar, and so what the time that a case has waited is worth.
	Closer    Closer
	Queue     QueueStore
	Solutions SolutionStore
	Audit     AuditStore
	Similar   SimilarFinder
	Index     Indexer
	// Opener begins the work on new cases, by the tier that Customers knows;
	// without it, cases have no department and no time limit of their own.
	Opener    Opener
	Customers CustomerReader
	// Matcher may be nil: then complaints without a customer stay without one.
	Matcher Matcher
	Now     func() time.Time
	Log     *slog.Logger
}

// New makes a Service.
func New(d Deps) *Service { return &Service{d: d} }

// Receipt is the answer to a submission: the case as it is stored and whether
// this submission made it.
type Receipt struct {
	Case Case
	// Duplicate is true when the id was known; the stored case is unchanged.
	Duplicate bool
}

// Assess judges a complaint without storing anything. With similar > 0 it also
// finds that many similar cases and the suggestions that follow from them; an
// index that cannot answer leaves both empty.
func (s *Service) Assess(ctx context.Context, c Complaint, similar int) (Assessment, error) {
	if err := c.Validate(); err != nil {
		return Assessment{}, err
	}
	if c.At.IsZero() {
		c.At = s.d.Now().Truncate(time.Second)
	}
	a := s.d.Analyzer.Assess(&c)
	if similar > 0 {
		s.advise(ctx, &c, &a, similar)
	}
	return a, nil
}

// Submit validates, understands and stores one complaint. When it returns
// without error the case is durable. Similar cases and suggestions are found
// for the answer but not stored: they change with history.
func (s *Service) Submit(ctx context.Context, c Complaint, similar int) (Receipt, error) {
	receipts, err := s.SubmitAll(ctx, []Complaint{c})
	if err != nil {
		return Receipt{}, err
	}
	r := receipts[0]
	if similar > 0 {
		s.advise(ctx, &r.Case.Complaint, &r.Case.Assessment, similar)
	}
	return r, nil
}

// SubmitAll stores many complaints at once, in order, without looking for
// similar cases. It validates all of them first: with an error nothing was
// stored. Of two complaints with one id the first is stored and the second a
// duplicate. The complaints given are cleaned in place.
func (s *Service) SubmitAll(ctx context.Context, complaints []Complaint) ([]Receipt, error) {
	now := s.d.Now()
	for i := range complaints {
		if err := complaints[i].Validate(); err != nil {
			return nil, err
		}
		if complaints[i].At.IsZero() {
			complaints[i].At = now.Truncate(time.Second)
		}
	}
	cases := s.understand(complaints, now)
	doubts := s.match(ctx, cases)
	if err := s.link(ctx, cases); err != nil {
		return nil, err
	}
	if err := s.open(ctx, cases); err != nil {
		return nil, err
	}
	accepted, err := s.d.Cases.Accept(ctx, cases)
	if err != nil {
		return nil, err
	}
	receipts := make([]Receipt, len(cases))
	var fresh []Case
	for i, a := range accepted {
		cases[i].Seq = a.Seq
		receipts[i] = Receipt{Case: cases[i], Duplicate: !a.New}
		if a.New {
			fresh = append(fresh, cases[i])
		}
	}
	if s.d.Index != nil && len(fresh) > 0 {
		s.d.Index.Enqueue(fresh)
	}
	s.doubt(ctx, fresh, doubts)
	return receipts, s.fillDuplicates(ctx, receipts)
}

// open begins the work on the cases.
func (s *Service) open(ctx context.Context, cases []Case) error {
	if s.d.Opener == nil {
		return nil
	}
	known := map[CustomerID]Customer{}
	if ids := customersOf(cases); s.d.Customers != nil && len(ids) > 0 {
		var err error
		if known, err = s.d.Customers.CustomersByID(ctx, ids); err != nil {
			return err
		}
	}
	for i := range cases {
		s.d.Opener.Open(&cases[i], known[cases[i].CustomerID].Tier)
	}
	return nil
}

// fillDuplicates puts the stored cases into the receipts of duplicates.
func (s *Service) fillDuplicates(ctx context.Context, receipts []Receipt) error {
	var ids []ComplaintID
	for i := range receipts {
		if receipts[i].Duplicate {
			ids = append(ids, receipts[i].Case.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	list, err := s.d.Cases.Cases(ctx, ids)
	if err != nil {
		return err
	}
	stored := make(map[ComplaintID]Case, len(list))
	for _, c := range list {
		stored[c.ID] = c
	}
	for i := range receipts {
		r := &receipts[i]
		if !r.Duplicate {
			continue
		}
		c, found := stored[r.Case.ID]
		if !found {
			return Errorf(CodeInternal, "case %s is stored but cannot be read", r.Case.ID)
		}
		r.Case = c
	}
	return nil
}

// Case returns one stored case.
func (s *Service) Case(ctx context.Context, id ComplaintID) (Case, error) {
	return s.d.Cases.Case(ctx, id)
}

// View is everything the case page shows.
type View struct {
	Case Case
	// Neighbours are the similar cases in full, in the order of
	// Case.Assessment.Similar.
	Neighbours []Case
	// Earlier are the customer's previous cases, latest first.
	Earlier []Case
	Trail   []AuditEntry
}

// View gathers the case page: the case with the customer's earlier cases, the
// trail and, with similar > 0, that many similar cases and the suggestions as
// of now.
func (s *Service) View(ctx context.Context, id ComplaintID, similar int) (View, error) {
	c, err := s.d.Cases.Case(ctx, id)
	if err != nil {
		return View{}, err
	}
	v := View{Case: c}
	if similar > 0 {
		v.Neighbours = s.advise(ctx, &v.Case.Complaint, &v.Case.Assessment, similar)
	}
	if c.CustomerID != "" {
		v.Earlier, err = s.d.Cases.Recent(ctx, RecentQuery{Customer: c.CustomerID, Before: c.At, Limit: 10})
		if err != nil {
			return View{}, err
		}
	}
	if v.Trail, err = s.d.Audit.Trail(ctx, CaseObject(id)); err != nil {
		return View{}, err
	}
	return v, nil
}

// Similar returns the similar cases of a stored case, best first, at most limit.
// Unlike a submission it fails when the index cannot answer.
func (s *Service) Similar(ctx context.Context, id ComplaintID, limit int) ([]SimilarCase, error) {
	c, err := s.d.Cases.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, err := s.neighbours(ctx, &c.Complaint, &c.Assessment, limit); err != nil {
		return nil, err
	}
	return c.Assessment.Similar, nil
}

// Queue lists cases.
func (s *Service) Queue(ctx context.Context, f QueueFilter) (QueuePage, error) {
	return s.d.Queue.Queue(ctx, f)
}

// CountByStatus returns how many cases each status has.
func (s *Service) CountByStatus(ctx context.Context) (map[Status]int, error) {
	return s.d.Queue.CountByStatus(ctx)
}

// Catalogue returns the types of the pack in use.
func (s *Service) Catalogue() Catalogue { return s.d.Catalogue }

// Confirm records a person's judgement of the type as a label. The sub-type
// may be empty; an unknown code is refused. The status stays: it is moved by
// what is done for the customer.
func (s *Service) Confirm(ctx context.Context, id ComplaintID, typ, subtype, by string) (Case, error) {
	if err := s.checkType(typ, subtype); err != nil {
		return Case{}, err
	}
	c, err := s.d.Cases.Case(ctx, id)
	if err != nil {
		return Case{}, err
	}
	l := Label{Complaint: id, Type: typ, Subtype: subtype, Suggested: c.Assessment.Type, By: by, At: s.d.Now()}
	if err := s.d.Decisions.Confirm(ctx, l); err != nil {
		return Case{}, err
	}
	return s.refreshed(ctx, id)
}

// Close records how a case ended, in one step; the resolution is required. It is
// CodeConflict for one that has ended, or whose agreed solution has not been
// carried out.
func (s *Service) Close(ctx context.Context, d Closing) (Case, error) {
	if d.Resolution = strings.TrimSpace(d.Resolution); d.Resolution == "" {
		return Case{}, FieldErrorf("resolution", "is empty: say how the case was resolved")
	}
	if err := validateResolution(d.Resolution); err != nil {
		return Case{}, err
	}
	if err := validateSatisfaction(d.Satisfaction); err != nil {
		return Case{}, err
	}
	d.At = s.d.Now()
	closer := s.d.Closer
	if closer == nil {
		closer = s.d.Decisions
	}
	if err := closer.Close(ctx, d); err != nil {
		return Case{}, err
	}
	return s.refreshed(ctx, d.Complaint)
}

// refreshed reads a changed case back and tells the index.
func (s *Service) refreshed(ctx context.Context, id ComplaintID) (Case, error) {
	c, err := s.d.Cases.Case(ctx, id)
	if err == nil && s.d.Index != nil {
		s.d.Index.Enqueue([]Case{c})
	}
	return c, err
}

// checkType refuses a sub-type in the place of a type, and one of another type.
func (s *Service) checkType(typ, subtype string) error {
	types := s.d.Catalogue.Types()
	i := slices.IndexFunc(types, func(t TypeInfo) bool { return t.Code == typ })
	if i < 0 {
		return FieldErrorf("type", "%q is not a type of pack %s", shorten(typ), s.d.Catalogue.PackCode())
	}
	if subtype == "" || slices.ContainsFunc(types[i].Subtypes, func(t TypeInfo) bool { return t.Code == subtype }) {
		return nil
	}
	return FieldErrorf("subtype", "%q is not a sub-type of %s", shorten(subtype), typ)
}
