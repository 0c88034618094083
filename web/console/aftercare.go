package console

import (
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// aftercare is what followed the end of a case and is kept elsewhere: that its
// customer was asked how it went, and what was done about the tasks it led to.
// It is none for who may not see customers.
func (c *Console) aftercare(v *visit, id triage.ComplaintID) ([]triage.AuditEntry, error) {
	if c.d.People == nil || !v.may(access.CustomerRead) {
		return nil, nil
	}
	ctx := v.r.Context()
	asked, err := c.d.People.Surveys.List(ctx, survey.Filter{Case: id})
	if err != nil {
		return nil, err
	}
	var all []triage.AuditEntry
	for i := range asked.Surveys {
		if s := &asked.Surveys[i]; !s.SentAt.IsZero() {
			all = append(all, triage.AuditEntry{At: s.SentAt, Actor: "schedule", Action: "survey.sent", Object: survey.Object(s.ID)})
		}
	}
	for _, state := range []customer.TaskState{customer.TasksOpen, customer.TasksDone} {
		tasks, err := c.d.People.Customers.Tasks(ctx, customer.TaskFilter{Case: id, State: state}, customer.Page{})
		if err != nil {
			return nil, err
		}
		for i := range tasks.Rows {
			trail, err := c.d.Audit.Trail(ctx, customer.TaskObject(tasks.Rows[i].ID))
			if err != nil {
				return nil, err
			}
			all = append(all, trail...)
		}
	}
	return all, nil
}
