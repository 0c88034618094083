package web

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// recordView is one entry of the customer file, masked.
type recordView struct {
	ID          triage.CustomerID `json:"id"`
	Person      triage.CustomerID `json:"person" doc:"The record that stands for this person; its own id when it was not merged"`
	Name        triage.PersonName `json:"name" doc:"Masked"`
	Phone       triage.Phone      `json:"phone" doc:"Masked"`
	Email       triage.Email      `json:"email" doc:"Masked"`
	Region      string            `json:"region"`
	Tier        triage.Tier       `json:"tier"`
	Industry    string            `json:"industry"`
	JoinedAt    *time.Time        `json:"joined_at"`
	OptedOut    bool              `json:"opted_out"`
	Manager     string            `json:"manager" doc:"The contact person of ours"`
	TierBy      string            `json:"tier_by" doc:"Who gave the tier; empty while it is the imported one"`
	TierReason  string            `json:"tier_reason"`
	TierAt      *time.Time        `json:"tier_at"`
	ContactedAt *time.Time        `json:"contacted_at"`
	DueAt       *time.Time        `json:"due_at" doc:"When the next contact of the plan must have happened"`
}

func (s *Server) recordView(r *customer.Record) recordView {
	return recordView{
		ID: r.ID, Person: r.Person, Name: r.Name, Phone: r.Phone, Email: r.Email, Region: s.d.Mask(r.Region), Tier: r.Tier,
		Industry: s.d.Mask(r.Industry), JoinedAt: s.local(r.JoinedAt), OptedOut: r.OptedOut, Manager: r.Care.Manager,
		TierBy: r.Care.TierBy, TierReason: s.d.Mask(r.Care.TierReason), TierAt: s.local(r.Care.TierAt),
		ContactedAt: s.local(r.Care.ContactedAt), DueAt: s.local(r.Care.DueAt),
	}
}

func (s *Server) recordViews(records []customer.Record) []recordView {
	views := make([]recordView, len(records))
	for i := range records {
		views[i] = s.recordView(&records[i])
	}
	return views
}

// customerDetail is one person over all their records.
type customerDetail struct {
	Customer     recordView   `json:"customer" doc:"The record that stands for the person"`
	Records      []recordView `json:"records" doc:"All records of the person, the one that stands for it first"`
	Complaints   int          `json:"complaints" doc:"Of the last twelve months"`
	Open         int          `json:"open" doc:"Cases that are not at an end"`
	Satisfaction *float64     `json:"satisfaction" doc:"Mean of all scores, 0 to 100"`
	Scores       []scoreView  `json:"scores" doc:"Latest first"`
	Told         []toldView   `json:"told" doc:"What we told them of our own accord, latest first"`
	Tasks        []taskView   `json:"tasks" doc:"Open ones, the first due first"`
}

// scoreView is how satisfied the customer was with one case.
type scoreView struct {
	Complaint triage.ComplaintID `json:"complaint"`
	Score     float64            `json:"score"`
	Reasons   []string           `json:"reasons"`
	Text      string             `json:"text" doc:"Masked"`
	At        *time.Time         `json:"at"`
	By        string             `json:"by" doc:"customer for the link, else who took it"`
}

type toldView struct {
	Cause   string     `json:"cause"`
	Channel string     `json:"channel"`
	State   string     `json:"state"`
	At      *time.Time `json:"at"`
}

func (s *Server) customerDetail(f *customer.File) customerDetail {
	v := customerDetail{
		Customer: s.recordView(&f.Person), Records: s.recordViews(f.Records), Complaints: f.Figures.Complaints, Open: f.Figures.Open,
		Satisfaction: f.Figures.Satisfaction, Scores: make([]scoreView, len(f.Scores)), Told: make([]toldView, len(f.Told)),
		Tasks: s.taskViews(f.Tasks),
	}
	for i := range f.Scores {
		x := &f.Scores[i]
		v.Scores[i] = scoreView{Complaint: x.Case, Score: x.Score, Reasons: list(x.Reasons), Text: s.d.Mask(x.Text), At: s.local(x.At), By: x.By}
	}
	for i, x := range f.Told {
		v.Told[i] = toldView{Cause: x.Cause, Channel: x.Channel, State: x.State, At: s.local(x.At)}
	}
	return v
}

// contactView is one entry of the contact log, masked.
type contactView struct {
	ID       int64             `json:"id"`
	Customer triage.CustomerID `json:"customer_id"`
	At       *time.Time        `json:"at"`
	People   string            `json:"people"`
	Channel  triage.Channel    `json:"channel"`
	Content  string            `json:"content"`
	Feedback string            `json:"feedback"`
	By       string            `json:"by"`
}

func (s *Server) contactView(c *customer.Contact) contactView {
	return contactView{
		ID: c.ID, Customer: c.Customer, At: s.local(c.At), People: s.d.Mask(c.People), Channel: c.Channel,
		Content: s.d.Mask(c.Content), Feedback: s.d.Mask(c.Feedback), By: c.By,
	}
}

// exposureView is one contact with something that can go wrong, masked.
type exposureView struct {
	Customer triage.CustomerID `json:"customer_id"`
	Kind     string            `json:"kind"`
	Key      string            `json:"key"`
	At       *time.Time        `json:"at"`
	Attrs    map[string]any    `json:"attrs,omitempty"`
}

func (s *Server) exposureView(e *triage.Exposure) exposureView {
	v := exposureView{Customer: e.CustomerID, Kind: s.d.Mask(e.Kind), Key: s.d.Mask(e.Key), At: s.local(e.At)}
	if len(e.Attrs) > 0 {
		v.Attrs, _ = s.maskFact(e.Attrs).(map[string]any)
	}
	return v
}

// taskView is something that a named person has to do about a customer.
type taskView struct {
	ID         int64               `json:"id"`
	Kind       customer.TaskKind   `json:"kind" enum:"low_score,call_back,contact,match"`
	Customer   triage.CustomerID   `json:"customer_id" doc:"Empty while it is not known who it is"`
	Complaint  triage.ComplaintID  `json:"complaint"`
	Owner      string              `json:"owner"`
	Department string              `json:"department"`
	Title      string              `json:"title"`
	CreatedBy  string              `json:"created_by"`
	CreatedAt  *time.Time          `json:"created_at"`
	DueAt      *time.Time          `json:"due_at"`
	PlanDueAt  *time.Time          `json:"plan_due_at"`
	Plan       string              `json:"plan"`
	PlannedAt  *time.Time          `json:"planned_at"`
	DoneAt     *time.Time          `json:"done_at"`
	Outcome    string              `json:"outcome"`
	Overdue    bool                `json:"overdue"`
	Candidates []triage.CustomerID `json:"candidates" doc:"To choose from, of a task of the kind match"`
	Version    int64               `json:"version" doc:"Send it back with a change: an old one is refused"`
}

func (s *Server) taskView(t *customer.Task) taskView {
	return taskView{
		ID: t.ID, Kind: t.Kind, Customer: t.Customer, Complaint: t.Case, Owner: t.Owner, Department: t.Department, Title: s.d.Mask(t.Title),
		CreatedBy: t.CreatedBy, CreatedAt: s.local(t.CreatedAt), DueAt: s.local(t.DueAt), PlanDueAt: s.local(t.PlanDueAt), Plan: s.d.Mask(t.Plan),
		PlannedAt: s.local(t.PlannedAt), DoneAt: s.local(t.DoneAt), Outcome: s.d.Mask(t.Outcome), Overdue: t.Overdue(s.d.Now()),
		Candidates: list(t.Candidates), Version: t.Version,
	}
}

func (s *Server) taskViews(tasks []customer.Task) []taskView {
	views := make([]taskView, len(tasks))
	for i := range tasks {
		views[i] = s.taskView(&tasks[i])
	}
	return views
}
