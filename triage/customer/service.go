package customer

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Service is what people and jobs do about customers. It is safe for
// concurrent use.
type Service struct {
	d Deps
}

// Deps is what a Service is made of. Notices and Leads may be nil.
type Deps struct {
	Store    Store
	Cases    Cases
	Notices  Notices
	Leads    Leads
	Calendar Calendar
	Policy   Policy
	// Zone is the clock by which the periods of the contact plan begin.
	Zone *time.Location
	Now  func() time.Time
	Log  *slog.Logger
}

// New makes a Service; the error names the field of the policy at fault.
func New(d Deps) (*Service, error) {
	if err := d.Policy.Validate(); err != nil {
		return nil, err
	}
	return &Service{d: d}, nil
}

// List returns one page of the customers, in order of id.
func (s *Service) List(ctx context.Context, f Filter, p Page) (Rows[Record], error) {
	return s.d.Store.List(ctx, f, p)
}

// Person returns the record that stands for the person that id belongs to.
func (s *Service) Person(ctx context.Context, id triage.CustomerID) (Record, error) {
	records, err := s.d.Store.Records(ctx, id)
	if err != nil {
		return Record{}, err
	}
	return records[0], nil
}

// ids of records.
func ids(records []Record) []triage.CustomerID {
	list := make([]triage.CustomerID, len(records))
	for i := range records {
		list[i] = records[i].ID
	}
	return list
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
