package console

import (
	"net/url"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// PeopleDeps is what the pages of customers, contacts, tasks and satisfaction
// need.
type PeopleDeps struct {
	Customers CustomerDesk
	Surveys   SurveyDesk
	// Policy is that of Customers.
	Policy customer.Policy
	// Persons may be nil: then nobody's data is given or taken away here.
	Persons Persons
}

func (d *PeopleDeps) complete() bool { return d == nil || d.Customers != nil && d.Surveys != nil }

// peoplePages are the templates of customers, contacts, tasks and satisfaction.
var peoplePages = []string{"customers", "customer", "contacts", "tasks", "surveys"}

func (c *Console) peopleRoutes() []route {
	if c.d.People == nil {
		return nil
	}
	return []route{
		{"GET /customers", access.CustomerRead, c.showCustomers},
		{"POST /customers/find", access.CustomerRead, c.findCustomer},
		{"GET /customers/export.csv", access.CaseExport, c.exportCustomers},
		{"GET /customers/{id}", access.CustomerRead, c.showCustomer},
		{"POST /customers/{id}/unmask", access.CaseUnmask, c.unmaskCustomer},
		{"POST /customers/{id}/contacts", access.CustomerWork, c.logContact},
		{"POST /customers/{id}/tier", access.CustomerWork, c.setTier},
		{"POST /customers/{id}/manager", access.CustomerWork, c.setManager},
		{"POST /customers/{id}/tasks", access.CustomerWork, c.addTask},
		{"POST /customers/{id}/merge", access.CustomerMerge, c.mergeCustomer},
		{"POST /customers/{id}/unmerge", access.CustomerMerge, c.unmergeCustomer},
		{"GET /contacts", access.CustomerRead, c.showContacts},
		{"GET /contacts/export.csv", access.CaseExport, c.exportContacts},
		{"GET /tasks", access.CustomerRead, c.showTasks},
		{"GET /tasks/export.csv", access.CaseExport, c.exportTasks},
		{"POST /tasks/{task}/plan", access.CustomerWork, c.taskAction("plan", "task_planned", c.planTask)},
		{"POST /tasks/{task}/done", access.CustomerWork, c.taskAction("done", "task_done", c.completeTask)},
		{"POST /tasks/{task}/reassign", access.CustomerWork, c.taskAction("reassign", "task_reassigned", c.reassignTask)},
		{"POST /tasks/{task}/identify", access.CustomerWork, c.taskAction("identify", "customer_identified", c.identifyTask)},
		{"GET /satisfaction", access.CustomerRead, c.showSatisfaction},
		{"GET /satisfaction/export.csv", access.CaseExport, c.exportSatisfaction},
		{"POST /satisfaction/call-back", access.CustomerWork, c.recordCallBack},
		{"POST /satisfaction/{survey}/take-up", access.IntakeAdd, c.takeUp},
	}
}

// customerID is the customer named in the path.
func (v *visit) customerID() triage.CustomerID { return triage.CustomerID(v.r.PathValue("id")) }

func customerPath(id triage.CustomerID) string { return "/customers/" + url.PathEscape(string(id)) }

// customerLink is a customer as a table shows them: the id masked, as some
// sources use telephone numbers for ids.
type customerLink struct {
	ID, Href string
	Value    triage.CustomerID // as a form sends it
}

func (c *Console) customerLink(id triage.CustomerID) customerLink {
	if id == "" {
		return customerLink{}
	}
	return customerLink{c.maskedLine(string(id)), customerPath(id), id}
}

// wrongForm is a form of an acting page that was not taken because of one of its
// fields; any other error is returned as it is.
func (c *Console) wrongForm(v *visit, name string, err error) (refusedForm, error) {
	field, ok := fieldAtFault(err)
	if !ok {
		return refusedForm{}, err
	}
	words, known := catalogue["wrong."+name+"."+field]
	if !known {
		words = catalogue["wrong.field"]
	}
	return refusedForm{name, field, v.r.PostForm, words[v.lang]}, nil
}

// goBack ends a form at the page it came from, which it names itself, or at
// another one.
func (c *Console) goBack(v *visit, otherwise, toast string) error {
	if back := v.r.PostForm.Get("back"); back != "" {
		return c.redirect(v, localPath(back), toast)
	}
	return c.redirect(v, otherwise, toast)
}

// readTime reads the field of a form that holds a time; "" is the zero time.
func (c *Console) readTime(field, value string) (time.Time, error) {
	t, err := c.readInputTime(value)
	if err != nil {
		return t, triage.FieldErrorf(field, "is not a time")
	}
	return t, nil
}
