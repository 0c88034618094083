package web

import (
	"cmp"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

type customersRequest struct {
	Name    string `query:"name" maxLength:"200" doc:"A whole name; of phone, email and name the first is used"`
	Phone   string `query:"phone" maxLength:"40" doc:"A whole telephone number"`
	Email   string `query:"email" maxLength:"200" doc:"A whole e-mail address"`
	Tier    string `query:"tier" enum:"vip,high,potential,ordinary"`
	Region  string `query:"region" maxLength:"200"`
	Manager string `query:"manager" maxLength:"200" doc:"The contact person of ours"`
	Cursor  string `query:"cursor" maxLength:"1000" doc:"The next of the page before"`
	Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type recordsResponse struct {
	Body struct {
		Items []recordView `json:"items"`
		Next  string       `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

type customerRequest struct {
	ID string `path:"id" maxLength:"200"`
}

type customerResponse struct{ Body customerDetail }

type customerListRequest struct {
	ID     string `path:"id" maxLength:"200"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next of the page before"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

func (in *customerListRequest) page() customer.Page {
	return customer.Page{Cursor: in.Cursor, Limit: in.Limit}
}

type contactsResponse struct {
	Body struct {
		Items []contactView `json:"items" doc:"Latest first"`
		Next  string        `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

type exposuresResponse struct {
	Body struct {
		Items []exposureView `json:"items" doc:"Latest first"`
		Next  string         `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

type twinsResponse struct {
	Body struct {
		Items []twinView `json:"items"`
	}
}

// twinView is a record that may be the same person.
type twinView struct {
	Record   recordView        `json:"record"`
	Basis    customer.Basis    `json:"basis" enum:"phone,email" doc:"What both have"`
	Strength customer.Strength `json:"strength" enum:"strong,weak" doc:"weak when the names differ"`
}

type dueRequest struct {
	Until   string `query:"until" doc:"Contacts due before this time; a week from now when it is missing"`
	Tier    string `query:"tier" enum:"vip,high,potential,ordinary"`
	Manager string `query:"manager" maxLength:"200"`
	Reach   string `query:"reach" enum:"opted_out,no_address" doc:"Those whom the plan cannot reach, who are left out otherwise"`
	Cursor  string `query:"cursor" maxLength:"1000" doc:"The next of the page before"`
	Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

func (s *Server) customerRoutes(api huma.API) {
	const one = "/customers/{id}"
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "list-customers", Method: http.MethodGet, Path: "/customers", Summary: "Customers by id, or those with a whole name, phone or e-mail address",
	}, s.listCustomers)
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "get-customer", Method: http.MethodGet, Path: one, Summary: "One customer over all their records",
	}, s.getCustomer)
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "list-customer-cases", Method: http.MethodGet, Path: one + "/cases", Summary: "The complaints of a customer",
	}, s.customerCases)
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "list-customer-contacts", Method: http.MethodGet, Path: one + "/contacts", Summary: "The contact log of a customer",
	}, s.customerContacts)
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "list-customer-exposures", Method: http.MethodGet, Path: one + "/exposures", Summary: "What a customer had to do with",
	}, s.customerExposures)
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "list-customer-twins", Method: http.MethodGet, Path: one + "/twins", Summary: "Records that may be the same person",
	}, s.customerTwins)
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "list-customer-trail", Method: http.MethodGet, Path: one + "/trail", Summary: "Who did what to the customer",
	}, s.customerTrail)
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "list-due-contacts", Method: http.MethodGet, Path: "/contacts/due", Summary: "Customers to be contacted by the plan, the first due first",
	}, s.dueContacts)
}

func (s *Server) listCustomers(ctx context.Context, in *customersRequest) (*recordsResponse, error) {
	f := customer.Filter{
		Find: cmp.Or(in.Phone, in.Email, in.Name), Tier: triage.Tier(in.Tier), Region: in.Region, Manager: in.Manager,
	}
	found, err := s.d.Customers.List(ctx, f, customer.Page{Cursor: in.Cursor, Limit: in.Limit})
	return s.answerRecords(found, err)
}

func (s *Server) answerRecords(found customer.Rows[customer.Record], err error) (*recordsResponse, error) {
	if err != nil {
		return nil, err
	}
	out := &recordsResponse{}
	out.Body.Items, out.Body.Next = s.recordViews(found.Rows), found.Next
	return out, nil
}

func (s *Server) getCustomer(ctx context.Context, in *customerRequest) (*customerResponse, error) {
	return s.answerCustomer(ctx, in.ID, nil)
}

// answerCustomer answers a customer as they are after a change.
func (s *Server) answerCustomer(ctx context.Context, id string, err error) (*customerResponse, error) {
	if err != nil {
		return nil, err
	}
	f, err := s.d.Customers.File(ctx, triage.CustomerID(id))
	if err != nil {
		return nil, err
	}
	if err := s.narrowFile(ctx, &f); err != nil {
		return nil, err
	}
	return &customerResponse{Body: s.customerDetail(&f)}, nil
}

func (s *Server) customerCases(ctx context.Context, in *customerListRequest) (*listResponse, error) {
	found, err := s.d.Customers.CasesOf(ctx, triage.CustomerID(in.ID), in.page())
	if err != nil {
		return nil, err
	}
	cases, err := s.visible(ctx, found.Rows)
	if err != nil {
		return nil, err
	}
	return s.answerList(triage.QueuePage{Cases: cases, Next: found.Next, Total: -1}), nil
}

func (s *Server) customerContacts(ctx context.Context, in *customerListRequest) (*contactsResponse, error) {
	found, err := s.d.Customers.Contacts(ctx, triage.CustomerID(in.ID), in.page())
	if err != nil {
		return nil, err
	}
	out := &contactsResponse{}
	out.Body.Items, out.Body.Next = make([]contactView, len(found.Rows)), found.Next
	for i := range found.Rows {
		out.Body.Items[i] = s.contactView(&found.Rows[i])
	}
	return out, nil
}

func (s *Server) customerExposures(ctx context.Context, in *customerListRequest) (*exposuresResponse, error) {
	found, err := s.d.Customers.Exposures(ctx, triage.CustomerID(in.ID), in.page())
	if err != nil {
		return nil, err
	}
	out := &exposuresResponse{}
	out.Body.Items, out.Body.Next = make([]exposureView, len(found.Rows)), found.Next
	for i := range found.Rows {
		out.Body.Items[i] = s.exposureView(&found.Rows[i])
	}
	return out, nil
}

func (s *Server) customerTwins(ctx context.Context, in *customerRequest) (*twinsResponse, error) {
	twins, err := s.d.Customers.Twins(ctx, triage.CustomerID(in.ID))
	if err != nil {
		return nil, err
	}
	out := &twinsResponse{}
	out.Body.Items = make([]twinView, len(twins))
	for i := range twins {
		out.Body.Items[i] = twinView{s.recordView(&twins[i].Record), twins[i].Basis, twins[i].Strength}
	}
	return out, nil
}

func (s *Server) customerTrail(ctx context.Context, in *customerRequest) (*trailResponse, error) {
	f, err := s.d.Customers.File(ctx, triage.CustomerID(in.ID))
	if err != nil {
		return nil, err
	}
	return s.answerTrail(ctx, customer.Object(f.Person.ID))
}

func (s *Server) dueContacts(ctx context.Context, in *dueRequest) (*recordsResponse, error) {
	until, err := s.parseTime("until", in.Until)
	if err != nil {
		return nil, err
	}
	if until.IsZero() {
		until = s.d.Now().AddDate(0, 0, 7)
	}
	f := customer.DueFilter{Until: until, Tier: triage.Tier(in.Tier), Manager: in.Manager, Reach: customer.Reach(in.Reach)}
	found, err := s.d.Customers.Due(ctx, f, customer.Page{Cursor: in.Cursor, Limit: in.Limit})
	return s.answerRecords(found, err)
}
