package customer

import (
	"context"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

// File gathers everything about the person that id belongs to, or CodeNotFound.
func (s *Service) File(ctx context.Context, id triage.CustomerID) (File, error) {
	records, err := s.d.Store.Records(ctx, id)
	if err != nil {
		return File{}, err
	}
	f := File{Person: records[0], Records: records}
	all, part := ids(records), Page{Limit: FilePart}
	cases, err := s.d.Store.CasesOf(ctx, all, part)
	if err != nil {
		return File{}, err
	}
	exposures, err := s.d.Store.LatestExposures(ctx, all, part)
	if err != nil {
		return File{}, err
	}
	contacts, err := s.d.Store.Contacts(ctx, all, part)
	if err != nil {
		return File{}, err
	}
	tasks, err := s.d.Store.Tasks(ctx, s.asOf(TaskFilter{Customers: all}), part)
	if err != nil {
		return File{}, err
	}
	f.Cases, f.Exposures, f.Contacts, f.Tasks = cases.Rows, exposures.Rows, contacts.Rows, tasks.Rows
	if f.Campaigns, err = s.d.Store.Campaigns(ctx, f.campaignIDs()); err != nil {
		return File{}, err
	}
	if f.Scores, err = s.d.Store.Scores(ctx, all, FilePart); err != nil {
		return File{}, err
	}
	if s.d.Notices != nil {
		if f.Told, err = s.d.Notices.Told(ctx, all, FilePart); err != nil {
			return File{}, err
		}
	}
	f.Figures, err = s.d.Store.Figures(ctx, all, twelveMonths(s.d.Now()))
	return f, err
}

// campaignIDs are the names that may be those of campaigns.
func (f *File) campaignIDs() []string {
	var names []string
	for i := range f.Exposures {
		names = append(names, f.Exposures[i].Key)
	}
	for i := range f.Cases {
		names = append(names, f.Cases[i].Campaign)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "" })
}

// CasesOf returns one page of the complaints of a person, latest first.
func (s *Service) CasesOf(ctx context.Context, id triage.CustomerID, p Page) (Rows[triage.Case], error) {
	records, err := s.d.Store.Records(ctx, id)
	if err != nil {
		return Rows[triage.Case]{}, err
	}
	return s.d.Store.CasesOf(ctx, ids(records), p)
}

// Exposures returns one page of what a person had to do with, latest first.
func (s *Service) Exposures(ctx context.Context, id triage.CustomerID, p Page) (Rows[triage.Exposure], error) {
	records, err := s.d.Store.Records(ctx, id)
	if err != nil {
		return Rows[triage.Exposure]{}, err
	}
	return s.d.Store.LatestExposures(ctx, ids(records), p)
}
