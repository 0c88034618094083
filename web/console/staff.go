package console

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// StaffDeps is what the cards of agents and departments, and the improvements
// need.
type StaffDeps struct {
	Book         StaffBook
	Improvements ImprovementDesk
}

// StaffBook gives the rows of cases; *fact.Book does.
type StaffBook interface {
	Each(f fact.Filter, do func(*fact.Row))
	Values(d fact.Dim) []string
	Ready() bool
}

// ImprovementDesk is what people do about improvements; *improve.Service does.
type ImprovementDesk interface {
	ImprovementReader
	ImprovementWorker
}

// ImprovementReader looks improvements up.
type ImprovementReader interface {
	Get(ctx context.Context, id int64) (improve.Improvement, []improve.Remark, error)
	List(ctx context.Context, f improve.Filter) ([]improve.Improvement, error)
	Worked(ctx context.Context, words string, w improve.Viewer) ([]improve.Improvement, error)
	Measure(a *improve.Improvement) improve.Effect
}

// ImprovementWorker changes them.
type ImprovementWorker interface {
	Put(ctx context.Context, a improve.Improvement, by string) (improve.Improvement, error)
	Move(ctx context.Context, id int64, m improve.Step, by string) (improve.Improvement, error)
	Note(ctx context.Context, id, version int64, text, by string) (improve.Improvement, error)
}

func (d *StaffDeps) complete() bool { return d == nil || d.Book != nil && d.Improvements != nil }

// staffPages are the templates of these pages.
var staffPages = []string{"staff", "staffcard", "improvements", "improvement", "improvementform", "improvementsworked"}

func (c *Console) staffRoutes() []route {
	if c.d.Staff == nil {
		return nil
	}
	return []route{
		{"GET /staff", access.QualityRead, c.showStaff},
		{"GET /staff/export.csv", access.QualityRead, c.exportStaff},
		{"GET /staff/export.xlsx", access.QualityRead, c.exportStaffSheet},
		{"GET /staff/funnel.svg", access.QualityRead, c.saveFunnel},
		{"GET /staff/me", access.CaseWork, c.showOwnCard},
		{"GET /staff/agents/{name}", access.QualityRead, c.showStaffCard(fact.Owner)},
		{"GET /staff/departments/{name}", access.QualityRead, c.showStaffCard(fact.Department)},
		{"GET /improvements", access.QualityRead, c.showImprovements},
		{"GET /improvements/export.csv", access.QualityRead, c.exportImprovements},
		{"GET /improvements/worked", access.QualityRead, c.showWorked},
		{"GET /improvements/new", access.ImproveWork, c.showNewImprovement},
		{"POST /improvements", access.ImproveWork, c.addImprovement},
		{"GET /improvements/{id}", access.QualityRead, c.showImprovement},
		{"GET /improvements/{id}/chart.svg", access.QualityRead, c.saveImprovementChart},
		{"GET /improvements/{id}/weeks.csv", access.QualityRead, c.exportWeeks},
		{"GET /improvements/{id}/edit", access.ImproveWork, c.editImprovement},
		{"POST /improvements/{id}", access.ImproveWork, c.changeImprovement},
		{"POST /improvements/{id}/move", access.ImproveWork, c.moveImprovement},
		{"POST /improvements/{id}/notes", access.ImproveWork, c.noteImprovement},
	}
}

// improveFor is the address of a new improvement for the cases of a filter, of
// any day; "" for those who start none, and for a filter without conditions.
func (c *Console) improveFor(v *visit, f fact.Filter) string {
	if q := f.Between(0, 0).Query(); c.d.Staff != nil && v.may(access.ImproveWork) && len(q) > 0 {
		return "/improvements/new?" + q.Encode()
	}
	return ""
}
