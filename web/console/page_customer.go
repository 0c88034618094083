package console

import (
	"context"
	"net/http"
	"net/url"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

func (c *Console) showCustomer(v *visit) error {
	return c.renderCustomer(v, http.StatusOK, refusedForm{})
}

// refuseCustomer shows the page of the customer again when the input of one of
// its forms is at fault; any other error is returned.
func (c *Console) refuseCustomer(v *visit, name string, err error) error {
	form, err := c.wrongForm(v, name, err)
	if err != nil {
		return err
	}
	return c.renderCustomer(v, http.StatusUnprocessableEntity, form)
}

func (c *Console) renderCustomer(v *visit, status int, form refusedForm) error {
	ctx := v.r.Context()
	id := v.customerID()
	file, err := c.d.People.Customers.File(ctx, id)
	if err != nil {
		return err
	}
	if err := c.noteView(v, customer.Object(id)); err != nil {
		return err
	}
	hidden, err := c.narrowFile(v, &file)
	if err != nil {
		return err
	}
	view := c.customerView(v, &file, c.reveal.valid(v.r.URL.Query().Get("reveal"), v.token, revealedCustomer(id), c.d.Now()), form)
	view.Hidden = hidden
	if c.d.People.Persons != nil {
		view.MayExport, view.MayErase = v.may(access.PersonExport), v.may(access.PersonErase)
	}
	if view.Scores, err = c.scoreChart(v.lang, file.Scores); err != nil {
		return err
	}
	if err := c.addTwins(ctx, &view, id); err != nil {
		return err
	}
	if err := c.addEvents(v, &view, &file); err != nil {
		return err
	}
	trail, err := c.d.Audit.Trail(ctx, customer.Object(id))
	if err != nil {
		return err
	}
	view.Trail = c.trailRows(v.lang, trail)
	return c.render(v, status, "customer", page{Title: "nav.customers", Nav: "/customers", Name: view.ID, View: view})
}

// addEvents fills in what the customer had to do with, from the place that the
// address names.
func (c *Console) addEvents(v *visit, view *customerView, file *customer.File) error {
	cursor := v.r.URL.Query().Get("events")
	found, err := c.d.People.Customers.Exposures(v.r.Context(), file.Person.ID, customer.Page{Cursor: cursor, Limit: customer.FilePart})
	if err != nil {
		return err
	}
	view.Events = c.exposureRows(v.lang, found.Rows, file.Campaigns)
	if cursor != "" {
		view.EventsFirst = view.Path + "#events"
	}
	if found.Next != "" {
		view.EventsNext = address(view.Path, "events", found.Next) + "#events"
	}
	return nil
}

// addTwins proposes other records that may be the same person.
func (c *Console) addTwins(ctx context.Context, view *customerView, id triage.CustomerID) error {
	twins, err := c.d.People.Customers.Twins(ctx, id)
	if err != nil {
		return err
	}
	for i := range twins {
		row := c.linkedRow(&twins[i].Record)
		row.Basis = twins[i].Basis
		view.Twins = append(view.Twins, row)
	}
	return nil
}

// unmaskCustomer writes the trail first: nobody sees what is not written down.
func (c *Console) unmaskCustomer(v *visit) error {
	id := v.customerID()
	ctx := v.r.Context()
	if _, err := c.d.People.Customers.Person(ctx, id); err != nil {
		return err
	}
	if err := c.audit(ctx, v.user.Name, "unmask", customer.Object(id), ""); err != nil {
		return err
	}
	grant := url.Values{"reveal": {c.reveal.grant(v.token, revealedCustomer(id), c.d.Now())}}
	return c.redirect(v, customerPath(id)+"?"+grant.Encode(), "unmasked")
}

// revealedCustomer is a customer as the key of the unmasked signs it: no
// complaint has such an id, as no store keeps a NUL.
func revealedCustomer(id triage.CustomerID) triage.ComplaintID {
	return triage.ComplaintID("\x00" + customer.Object(id))
}
