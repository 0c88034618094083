package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

type logContactRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_        struct{}       `additionalProperties:"false"`
		At       string         `json:"at,omitempty" doc:"When it was; now when it is missing"`
		People   string         `json:"people,omitempty" doc:"Who took part"`
		Channel  triage.Channel `json:"channel" enum:"hotline,app,counter,web,email,wechat,other"`
		Content  string         `json:"content"`
		Feedback string         `json:"feedback,omitempty"`
	}
}

type contactResponse struct{ Body contactView }

type tierRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_      struct{}    `additionalProperties:"false"`
		Tier   triage.Tier `json:"tier" enum:"vip,high,potential,ordinary"`
		Reason string      `json:"reason"`
	}
}

type managerRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Manager string   `json:"manager" doc:"The contact person of ours; empty for nobody"`
	}
}

type mergeCustomerRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_      struct{}          `additionalProperties:"false"`
		Record triage.CustomerID `json:"record" doc:"The other record: the one in the path stands for both from then on"`
		Reason string            `json:"reason"`
	}
}

type unmergeCustomerRequest struct {
	ID   string `path:"id" maxLength:"200" doc:"The record that was merged"`
	Body struct {
		_      struct{} `additionalProperties:"false"`
		Reason string   `json:"reason"`
	}
}

type identifyRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_        struct{}          `additionalProperties:"false"`
		Customer triage.CustomerID `json:"customer_id"`
	}
}

func (s *Server) customerWorkRoutes(api huma.API) {
	const one = "/customers/{id}"
	register(s, api, access.CustomerWork, huma.Operation{
		OperationID: "log-contact", Method: http.MethodPost, Path: one + "/contacts", DefaultStatus: http.StatusCreated,
		Summary: "Log a contact; it fulfils the plan of its period",
	}, s.logContact)
	register(s, api, access.CustomerWork, huma.Operation{
		OperationID: "set-tier", Method: http.MethodPost, Path: one + "/tier", Summary: "Give a customer another tier",
	}, s.setTier)
	register(s, api, access.CustomerWork, huma.Operation{
		OperationID: "set-manager", Method: http.MethodPost, Path: one + "/manager", Summary: "Name the contact person of a customer",
	}, s.setManager)
	register(s, api, access.CustomerMerge, huma.Operation{
		OperationID: "merge-customer", Method: http.MethodPost, Path: one + "/merge", Summary: "Take another record as the same person",
	}, s.mergeCustomer)
	register(s, api, access.CustomerMerge, huma.Operation{
		OperationID: "unmerge-customer", Method: http.MethodPost, Path: one + "/unmerge", Summary: "Take the merge of a record back",
	}, s.unmergeCustomer)
	register(s, api, access.CustomerWork, huma.Operation{
		OperationID: "identify-customer", Method: http.MethodPost, Path: "/complaints/{id}/customer", Summary: "Say who a complaint is from",
	}, s.identifyCustomer)
}

func (s *Server) logContact(ctx context.Context, in *logContactRequest) (*contactResponse, error) {
	at, err := s.parseTime("at", in.Body.At)
	if err != nil {
		return nil, err
	}
	b := &in.Body
	c, err := s.d.Customers.LogContact(ctx, customer.Contact{
		Customer: triage.CustomerID(in.ID), At: at, People: b.People, Channel: b.Channel, Content: b.Content, Feedback: b.Feedback,
		By: requestOf(ctx).actor,
	})
	if err != nil {
		return nil, err
	}
	return &contactResponse{Body: s.contactView(&c)}, nil
}

func (s *Server) setTier(ctx context.Context, in *tierRequest) (*customerResponse, error) {
	err := s.d.Customers.SetTier(ctx, triage.CustomerID(in.ID), in.Body.Tier, in.Body.Reason, requestOf(ctx).actor)
	return s.answerCustomer(ctx, in.ID, err)
}

func (s *Server) setManager(ctx context.Context, in *managerRequest) (*customerResponse, error) {
	err := s.d.Customers.SetManager(ctx, triage.CustomerID(in.ID), in.Body.Manager, requestOf(ctx).actor)
	return s.answerCustomer(ctx, in.ID, err)
}

func (s *Server) mergeCustomer(ctx context.Context, in *mergeCustomerRequest) (*customerResponse, error) {
	_, err := s.d.Customers.Merge(ctx, customer.Merge{
		From: in.Body.Record, Into: triage.CustomerID(in.ID), Reason: in.Body.Reason, By: requestOf(ctx).actor,
	})
	return s.answerCustomer(ctx, in.ID, err)
}

func (s *Server) unmergeCustomer(ctx context.Context, in *unmergeCustomerRequest) (*customerResponse, error) {
	err := s.d.Customers.Unmerge(ctx, triage.CustomerID(in.ID), in.Body.Reason, requestOf(ctx).actor)
	return s.answerCustomer(ctx, in.ID, err)
}

func (s *Server) identifyCustomer(ctx context.Context, in *identifyRequest) (*caseResponse, error) {
	c, err := s.visibleCase(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.d.Customers.Identify(ctx, c.ID, in.Body.Customer, requestOf(ctx).actor); err != nil {
		return nil, err
	}
	return s.answerCase(s.d.Service.Case(ctx, c.ID))
}
