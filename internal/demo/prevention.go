package demo

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Prevention is the machinery that finds common problems and tells customers,
// on a clock that Fill sets: at is the time of a call and never goes back. A
// matter that detection has not found is left alone.
type Prevention interface {
	// Look does what the service does by itself: it looks for common problems in
	// what came in, for problems that are over and for effects. Nobody is alarmed.
	Look(ctx context.Context, at time.Time) error
	// Confirm lets the team take a matter up: it gets a name and an owner, work
	// on its cause and a note.
	Confirm(ctx context.Context, at time.Time, m Matter) error
	// Submit looks for the customers under the matter, writes its plan and asks
	// for approval; the matter's event rule begins to hold.
	Submit(ctx context.Context, at time.Time, m Matter) error
	// Tell approves the plan and sends it. It returns who was told.
	Tell(ctx context.Context, at time.Time, m Matter) (told map[triage.CustomerID]bool, err error)
	// Settle ends the work: the cause is gone, and the matter is watched. It is
	// called again when the complaints have ended.
	Settle(ctx context.Context, at time.Time, m Matter) error
}

// Matter is a planted incident as people deal with it.
type Matter struct {
	// Complaints are those about it that have come in.
	Complaints []triage.ComplaintID
	// Name is what people call it.
	Name string
	// Author writes plans and rules, Approver approves them.
	Owner, Author, Approver  string
	Action, Department, Note string
	// Due is by when the action is to be done.
	Due time.Time
	// Solution is the id of the solution that ended it.
	Solution string
	// Title, Template and Holdout are those of the plan.
	Title    string
	Template prevention.Template
	Holdout  float64
	// Rule tells later victims; nil is none. Its channels are open.
	Rule *prevention.EventRule
}

// planted names an incident; the zero value is none.
type planted int

const (
	ofBatch planted = iota + 1
	ofGateway
)

// matter is an incident with the complaints about it up to a time.
func (c *company) matter(of planted, at time.Time, sent map[triage.ComplaintID]bool) Matter {
	m := c.matters[of]
	m.Due = at.Add(2 * day)
	for i := range c.events {
		if e := &c.events[i]; e.of == of && sent[e.complaint.ID] {
			m.Complaints = append(m.Complaints, e.complaint.ID)
		}
	}
	return m
}

// makeMatters writes what people do about the incidents.
func (f *founder) makeMatters() {
	f.matters = map[planted]Matter{
		ofBatch:   f.matterOf(&f.content.Batch.Matter),
		ofGateway: f.matterOf(&f.content.Incident.Matter),
	}
	failed := map[string]string{"status": "failed"}
	if c := f.content.Incident.Matter.Rule; c != nil {
		m := f.matters[ofGateway]
		m.Rule = &prevention.EventRule{
			Name:     c.Name,
			When:     prevention.Condition{Kind: paymentKind, Attrs: failed},
			Unless:   prevention.Condition{Kind: paymentKind, Attrs: map[string]string{"status": "ok"}},
			Wait:     time.Duration(c.Minutes) * time.Minute,
			Template: prevention.Template{Subject: m.Template.Subject, Text: c.Text},
			Holdout:  c.Holdout, DailyCap: c.DailyCap,
		}
		f.matters[ofGateway] = m
	}
}

func (f *founder) matterOf(c *matterContent) Matter {
	m := Matter{
		Name: c.Name, Owner: c.Owner, Author: c.Author, Approver: c.Approver,
		Action: c.Action, Department: c.Department, Note: c.Note,
		Title: c.Title, Template: prevention.Template{Subject: c.Subject, Text: c.Text}, Holdout: c.Holdout,
	}
	for _, s := range f.solutions {
		if s.Subtype == c.SolutionSubtype {
			m.Solution = s.ID
			break
		}
	}
	return m
}
