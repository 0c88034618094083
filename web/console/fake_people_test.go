package console_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// parlour is a customer service with its store in memory, as small as the
// console needs it. Its methods are safe for concurrent use.
type parlour struct {
	mu       sync.Mutex
	now      func() time.Time
	records  []customer.Record
	files    map[triage.CustomerID]customer.File // what a file has beside its records
	twins    []customer.Candidate
	contacts []customer.Contact
	tasks    []customer.Task
	surveys  []survey.Survey
	figures  survey.Figures
	// asked are the filters of the lists, in order.
	asked struct {
		lists   []customer.Filter
		due     []customer.DueFilter
		tasks   []customer.TaskFilter
		surveys []survey.Filter
	}
	merges []customer.Merge
}

func (p *parlour) record(id triage.CustomerID) (*customer.Record, error) {
	for i := range p.records {
		if p.records[i].ID == id {
			return &p.records[i], nil
		}
	}
	return nil, triage.Errorf(triage.CodeNotFound, "there is no customer %s", id)
}

// page cuts a list; its cursor is the number of rows before it.
func rowsOf[T any](all []T, p customer.Page) customer.Rows[T] {
	start := min(len(p.Cursor), len(all)) // one mark for each row before
	end := min(start+p.Limit, len(all))
	rows := customer.Rows[T]{Rows: all[start:end]}
	if end < len(all) {
		rows.Next = strings.Repeat("i", end)
	}
	return rows
}

func (p *parlour) List(_ context.Context, f customer.Filter, page customer.Page) (customer.Rows[customer.Record], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked.lists = append(p.asked.lists, f)
	var found []customer.Record
	for _, r := range p.records {
		hit := f.Find == "" || slices.Contains([]string{string(r.ID), r.Name.Reveal(), r.Phone.Reveal(), r.Email.Reveal()}, f.Find)
		if hit && (f.Tier == "" || r.Tier == f.Tier) && (f.Region == "" || r.Region == f.Region) {
			found = append(found, r)
		}
	}
	return rowsOf(found, page), nil
}

func (p *parlour) Person(_ context.Context, id triage.CustomerID) (customer.Record, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, err := p.record(id)
	if err != nil {
		return customer.Record{}, err
	}
	r, err = p.record(r.Person)
	if err != nil {
		return customer.Record{}, err
	}
	return *r, nil
}

func (p *parlour) File(ctx context.Context, id triage.CustomerID) (customer.File, error) {
	person, err := p.Person(ctx, id)
	if err != nil {
		return customer.File{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.files[person.ID]
	f.Person, f.Records = person, []customer.Record{person}
	for _, r := range p.records {
		if r.Person == person.ID && r.ID != person.ID {
			f.Records = append(f.Records, r)
		}
	}
	for _, k := range slices.Backward(p.contacts) {
		if k.Customer == person.ID {
			f.Contacts = append(f.Contacts, k)
		}
	}
	for _, t := range p.tasks {
		if t.Customer == person.ID && t.Open() {
			f.Tasks = append(f.Tasks, t)
		}
	}
	return f, nil
}

func (p *parlour) Twins(context.Context, triage.CustomerID) ([]customer.Candidate, error) {
	return p.twins, nil
}

func (p *parlour) Exposures(_ context.Context, id triage.CustomerID, page customer.Page) (customer.Rows[triage.Exposure], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return rowsOf(p.files[id].Exposures, page), nil
}

func (p *parlour) Merge(_ context.Context, m customer.Merge) (triage.CustomerID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.Reason == "" {
		return "", triage.FieldErrorf("reason", "is empty")
	}
	r, err := p.record(m.From)
	if err != nil {
		return "", err
	}
	r.Person = m.Into
	p.merges = append(p.merges, m)
	return m.Into, nil
}

func (p *parlour) Unmerge(_ context.Context, id triage.CustomerID, reason, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if reason == "" {
		return triage.FieldErrorf("reason", "is empty")
	}
	r, err := p.record(id)
	if err != nil {
		return err
	}
	r.Person = id
	return nil
}

func (p *parlour) SetTier(_ context.Context, id triage.CustomerID, tier triage.Tier, reason, by string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if reason == "" {
		return triage.FieldErrorf("reason", "is empty")
	}
	r, err := p.record(id)
	if err != nil {
		return err
	}
	r.Tier, r.Care.TierBy, r.Care.TierReason, r.Care.TierAt = tier, by, reason, p.now()
	return nil
}

func (p *parlour) SetManager(_ context.Context, id triage.CustomerID, manager, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, err := p.record(id)
	if err != nil {
		return err
	}
	r.Care.Manager = manager
	return nil
}

func (p *parlour) LogContact(_ context.Context, k customer.Contact) (customer.Contact, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if k.Content == "" {
		return k, triage.FieldErrorf("content", "is empty")
	}
	if k.At.After(p.now()) {
		return k, triage.FieldErrorf("at", "is still to come")
	}
	if _, err := p.record(k.Customer); err != nil {
		return k, err
	}
	p.contacts = append(p.contacts, k)
	return k, nil
}

func (p *parlour) Due(_ context.Context, f customer.DueFilter, page customer.Page) (customer.Rows[customer.Record], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked.due = append(p.asked.due, f)
	var found []customer.Record
	for _, r := range p.records {
		reach := customer.Reachable
		if r.OptedOut {
			reach = customer.OptedOut
		}
		if !r.Care.DueAt.IsZero() && r.Care.DueAt.Before(f.Until) && reach == f.Reach && (f.Tier == "" || r.Tier == f.Tier) && (f.Manager == "" || r.Care.Manager == f.Manager) {
			found = append(found, r)
		}
	}
	return rowsOf(found, page), nil
}

func (p *parlour) Tasks(_ context.Context, f customer.TaskFilter, page customer.Page) (customer.Rows[customer.Task], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked.tasks = append(p.asked.tasks, f)
	return rowsOf(p.chosen(f), page), nil
}

func (p *parlour) CountTasks(_ context.Context, f customer.TaskFilter) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.chosen(f)), nil
}

func (p *parlour) chosen(f customer.TaskFilter) []customer.Task {
	return slices.DeleteFunc(slices.Clone(p.tasks), func(t customer.Task) bool {
		return t.Open() == (f.State == customer.TasksDone) || f.State == customer.TasksOverdue && !t.Overdue(p.now()) ||
			f.Kind != "" && f.Kind != t.Kind || f.Owner != "" && f.Owner != t.Owner ||
			f.Department != "" && f.Department != t.Department || f.Case != "" && f.Case != t.Case
	})
}

func (p *parlour) task(id int64) (*customer.Task, error) {
	for i := range p.tasks {
		if p.tasks[i].ID == id {
			return &p.tasks[i], nil
		}
	}
	return nil, triage.Errorf(triage.CodeNotFound, "there is no task %d", id)
}

func (p *parlour) Task(_ context.Context, id int64) (customer.Task, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, err := p.task(id)
	if err != nil {
		return customer.Task{}, err
	}
	return *t, nil
}

func (p *parlour) AddTask(_ context.Context, t customer.Task) (customer.Task, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t.Title == "" {
		return t, triage.FieldErrorf("title", "is empty")
	}
	t.ID, t.Version, t.CreatedAt = int64(len(p.tasks)+1), 1, p.now()
	p.tasks = append(p.tasks, t)
	return t, nil
}

// change is an update of an open task of a version.
func (p *parlour) change(id, version int64, field, text string, do func(t *customer.Task)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if text == "" {
		return triage.FieldErrorf(field, "is empty")
	}
	t, err := p.task(id)
	if err != nil {
		return err
	}
	if t.Version != version || !t.Open() {
		return triage.Errorf(triage.CodeConflict, "task %d has changed", id)
	}
	do(t)
	t.Version++
	return nil
}

func (p *parlour) PlanTask(_ context.Context, id, version int64, plan, _ string) error {
	return p.change(id, version, "plan", plan, func(t *customer.Task) { t.Plan, t.PlannedAt = plan, p.now() })
}

func (p *parlour) CompleteTask(_ context.Context, id, version int64, outcome, _ string) error {
	return p.change(id, version, "outcome", outcome, func(t *customer.Task) { t.Outcome, t.DoneAt = outcome, p.now() })
}

func (p *parlour) ReassignTask(_ context.Context, id, version int64, owner, department, _ string) error {
	return p.change(id, version, "owner", owner+department, func(t *customer.Task) { t.Owner, t.Department = owner, department })
}

func (p *parlour) Identify(_ context.Context, id triage.ComplaintID, who triage.CustomerID, _ string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.record(who); err != nil {
		return err
	}
	for i := range p.tasks {
		if p.tasks[i].Case == id && p.tasks[i].Kind == customer.TaskMatch {
			p.tasks[i].DoneAt, p.tasks[i].Customer = p.now(), who
		}
	}
	return nil
}

// guestBook is the satisfaction side of a parlour.
type guestBook struct{ *parlour }

func (g guestBook) List(_ context.Context, f survey.Filter) (survey.List, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked.surveys = append(g.asked.surveys, f)
	found := slices.DeleteFunc(slices.Clone(g.surveys), func(s survey.Survey) bool {
		return f.Below > 0 && s.Answer.Score >= f.Below || f.Reason != "" && !slices.Contains(s.Answer.Reasons, f.Reason)
	})
	rows := rowsOf(found, customer.Page{Cursor: f.Cursor, Limit: f.Limit})
	return survey.List{Surveys: rows.Rows, Next: rows.Next}, nil
}

func (g guestBook) Figures(context.Context, time.Time, time.Time) (survey.Figures, error) {
	return g.figures, nil
}

func (g guestBook) Record(_ context.Context, b survey.CallBack) (survey.Survey, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b.Answer.Score < 0 || b.Answer.Score > 100 {
		return survey.Survey{}, triage.FieldErrorf("score", "is outside 0..100")
	}
	if b.Case == "TS-nowhere" {
		return survey.Survey{}, triage.Errorf(triage.CodeNotFound, "no case")
	}
	if b.Case == "TS-20260301-0007" {
		return survey.Survey{}, triage.Errorf(triage.CodeConflict, "the case is not closed")
	}
	s := survey.Survey{ID: int64(len(g.surveys) + 1), Case: b.Case, State: survey.StateAnswered, AnsweredAt: g.now(), Answer: b.Answer, Via: survey.ViaCall, By: b.By}
	g.surveys = append([]survey.Survey{s}, g.surveys...)
	return s, nil
}

func (g guestBook) Survey(_ context.Context, id int64) (survey.Survey, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.surveys {
		if s.ID == id {
			return s, nil
		}
	}
	return survey.Survey{}, triage.Errorf(triage.CodeNotFound, "no survey")
}

func (g guestBook) TakeUp(_ context.Context, id int64, _ string) (triage.Case, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range g.surveys {
		if g.surveys[i].ID == id && g.surveys[i].Answer.Text != "" {
			g.surveys[i].FollowUp = "TS-20260301-0007"
			return triage.Case{Complaint: triage.Complaint{ID: "TS-20260301-0007"}}, nil
		}
	}
	return triage.Case{}, triage.Errorf(triage.CodeConflict, "no text")
}
