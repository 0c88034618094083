package console

import (
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// contactForm is the form that logs a contact.
type contactForm struct {
	Path     string // of the customer
	Back     string // where it leads afterwards, "" for the customer
	Now      string
	People   string
	Channels []triage.Channel
	Form     refusedForm
	Open     bool
}

func (c *Console) contactForm(v *visit, id triage.CustomerID, form refusedForm) *contactForm {
	return &contactForm{
		Path: customerPath(id), Now: c.inputTime(c.d.Now().Truncate(time.Minute)), People: v.user.Name, Channels: triage.Channels, Form: form,
	}
}

// logContact keeps a contact that was made. The page of due contacts has the
// same form and shows it again when it is at fault.
func (c *Console) logContact(v *visit) error {
	f := v.r.PostForm
	k := customer.Contact{
		Customer: v.customerID(), People: f.Get("people"), Channel: triage.Channel(f.Get("channel")),
		Content: f.Get("content"), Feedback: f.Get("feedback"), By: v.user.Name,
	}
	var err error
	if k.At, err = c.readTime("at", f.Get("at")); err == nil {
		_, err = c.d.People.Customers.LogContact(v.r.Context(), k)
	}
	if err != nil {
		return c.refuseCustomer(v, "contact", err)
	}
	return c.goBack(v, customerPath(k.Customer)+"#contacts", "contact_logged")
}

func (c *Console) setTier(v *visit) error {
	id, f := v.customerID(), v.r.PostForm
	err := c.d.People.Customers.SetTier(v.r.Context(), id, triage.Tier(f.Get("tier")), f.Get("reason"), v.user.Name)
	if err != nil {
		return c.refuseCustomer(v, "tier", err)
	}
	return c.redirect(v, customerPath(id), "tier_set")
}

func (c *Console) setManager(v *visit) error {
	id := v.customerID()
	manager := strings.TrimSpace(v.r.PostForm.Get("manager"))
	if v.r.PostForm.Get("take") != "" {
		manager = v.user.Name
	}
	if err := c.d.People.Customers.SetManager(v.r.Context(), id, manager, v.user.Name); err != nil {
		return c.refuseCustomer(v, "manager", err)
	}
	return c.redirect(v, customerPath(id), "manager_set")
}

// mergeCustomer takes another record as the same person, which this one stands
// for.
func (c *Console) mergeCustomer(v *visit) error {
	id := v.customerID()
	from := strings.TrimSpace(v.r.PostForm.Get("record"))
	err := error(triage.FieldErrorf("record", "is empty: name the other record"))
	if from != "" {
		_, err = c.d.People.Customers.Merge(v.r.Context(), customer.Merge{
			From: triage.CustomerID(from), Into: id, Reason: v.r.PostForm.Get("reason"), By: v.user.Name,
		})
	}
	if triage.CodeOf(err) == triage.CodeNotFound {
		err = triage.FieldErrorf("record", "there is no such record")
	}
	if err != nil {
		return c.refuseCustomer(v, "merge", err)
	}
	return c.redirect(v, customerPath(id), "customers_merged")
}

func (c *Console) unmergeCustomer(v *visit) error {
	record := triage.CustomerID(v.r.PostForm.Get("record"))
	if err := c.d.People.Customers.Unmerge(v.r.Context(), record, v.r.PostForm.Get("reason"), v.user.Name); err != nil {
		return c.refuseCustomer(v, "unmerge", err)
	}
	return c.redirect(v, customerPath(v.customerID()), "customers_parted")
}

// addTask opens a task about the customer by hand.
func (c *Console) addTask(v *visit) error {
	id, f := v.customerID(), v.r.PostForm
	t := customer.Task{
		Kind: customer.TaskContact, Customer: id, Title: f.Get("title"), Owner: strings.TrimSpace(f.Get("owner")), CreatedBy: v.user.Name,
	}
	var err error
	if f.Get("due") != "" {
		t.DueAt, err = c.readTime("due", f.Get("due"))
	}
	if err == nil {
		t, err = c.d.People.Customers.AddTask(v.r.Context(), t)
	}
	if err != nil {
		return c.refuseCustomer(v, "task", err)
	}
	return c.redirect(v, customerPath(id)+"#tasks", "task_added")
}
