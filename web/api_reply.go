package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// replyDesk is what the API calls of [reply.Desk].
type replyDesk interface {
	Stream(ctx context.Context, a reply.Answer, show func(sentence string) error) (reply.Draft, error)
	Check(ctx context.Context, a reply.Answer) (reply.Verdict, error)
	Send(ctx context.Context, a reply.Answer, s reply.Sending) (reply.Message, error)
	Messages(ctx context.Context, id triage.ComplaintID) ([]reply.Message, error)
}

var _ replyDesk = (*reply.Desk)(nil)

// answerInput is a reply as a person writes it.
type answerInput struct {
	_        struct{} `additionalProperties:"false"`
	Text     string   `json:"text,omitempty" doc:"At most 5000 characters; {客户称呼} is filled in when sending"`
	Solution string   `json:"solution,omitempty" doc:"The standard solution that is offered"`
	Amount   string   `json:"amount,omitempty" example:"30" doc:"What is granted, in yuan"`
}

func (in *answerInput) answer(id string) (reply.Answer, error) {
	a := reply.Answer{Complaint: triage.ComplaintID(id), Text: in.Text, Solution: in.Solution}
	if in.Amount != "" {
		var ok bool
		if a.Amount, ok = solution.ParseMoney(in.Amount); !ok {
			return a, triage.FieldErrorf("amount", "%.20q is no sum of yuan such as 30 or 12.50", in.Amount)
		}
	}
	return a, nil
}

type answerRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body answerInput
}

type sendRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_         struct{} `additionalProperties:"false"`
		Text      string   `json:"text"`
		Solution  string   `json:"solution,omitempty"`
		Amount    string   `json:"amount,omitempty"`
		Via       string   `json:"via,omitempty" enum:"phone,counter" doc:"Record what was said already instead of sending"`
		Confirmed bool     `json:"confirmed,omitempty" doc:"Send in spite of warnings"`
	}
}

type draftResponse struct{ Body reply.Draft }

type verdictResponse struct{ Body reply.Verdict }

type messageView struct {
	ID        int64           `json:"id"`
	Direction reply.Direction `json:"direction" enum:"in,out"`
	Channel   string          `json:"channel"`
	Text      string          `json:"text" doc:"Personal data masked"`
	By        string          `json:"by"`
	At        *time.Time      `json:"at"`
	State     reply.State     `json:"state,omitempty" enum:"sending,unclear" doc:"Absent for what was said; unclear is a letter that may not have gone out and is not sent again"`
}

type messageResponse struct{ Body messageView }

type messagesResponse struct {
	Body struct {
		Items []messageView `json:"items" doc:"Oldest first"`
	}
}

func (s *Server) replyRoutes(api huma.API) {
	const one = "/complaints/{id}"
	register(s, api, access.CaseWork, huma.Operation{
		OperationID: "draft-reply", Method: http.MethodPost, Path: one + "/draft",
		Summary: "A draft from solution and facts, by the language model where there is one; nothing is sent",
	}, s.draftReply)
	register(s, api, access.CaseWork, huma.Operation{
		OperationID: "check-reply", Method: http.MethodPost, Path: one + "/check-reply",
		Summary: "Judge a reply: wording, personal data, compensation",
	}, s.checkReply)
	register(s, api, access.CaseWork, huma.Operation{
		OperationID: "send-reply", Method: http.MethodPost, Path: one + "/reply",
		Summary: "Send a reply to the customer, or record that it was said; the same text goes out once",
	}, s.sendReply)
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "list-messages", Method: http.MethodGet, Path: one + "/messages", Summary: "What was said to and by the customer",
	}, s.listMessages)
}

// readAnswer reads an answer about a case that the client may see.
func (s *Server) readAnswer(ctx context.Context, id string, in *answerInput) (reply.Answer, error) {
	if _, err := s.visibleCase(ctx, id); err != nil {
		return reply.Answer{}, err
	}
	return in.answer(id)
}

func (s *Server) draftReply(ctx context.Context, in *answerRequest) (*draftResponse, error) {
	a, err := s.readAnswer(ctx, in.ID, &in.Body)
	if err != nil {
		return nil, err
	}
	draft, err := s.d.Replies.Stream(ctx, a, func(string) error { return nil })
	if err != nil {
		return nil, err
	}
	draft.Text = s.d.Mask(draft.Text)
	return &draftResponse{Body: draft}, nil
}

func (s *Server) checkReply(ctx context.Context, in *answerRequest) (*verdictResponse, error) {
	a, err := s.readAnswer(ctx, in.ID, &in.Body)
	if err != nil {
		return nil, err
	}
	v, err := s.d.Replies.Check(ctx, a)
	return &verdictResponse{Body: v}, err
}

func (s *Server) sendReply(ctx context.Context, in *sendRequest) (*messageResponse, error) {
	a, err := s.readAnswer(ctx, in.ID, &answerInput{Text: in.Body.Text, Solution: in.Body.Solution, Amount: in.Body.Amount})
	if err != nil {
		return nil, err
	}
	m, err := s.d.Replies.Send(ctx, a, reply.Sending{Via: in.Body.Via, Confirmed: in.Body.Confirmed, By: requestOf(ctx).actor})
	if refused, ok := errors.AsType[*reply.RefusedError](err); ok {
		return nil, triage.Errorf(triage.CodeOf(err), "%v; check-reply says where", refused)
	}
	if err != nil {
		return nil, err
	}
	return &messageResponse{Body: s.messageView(&m)}, nil
}

func (s *Server) messageView(m *reply.Message) messageView {
	return messageView{ID: m.ID, Direction: m.Direction, Channel: m.Channel, Text: s.d.Mask(m.Text), By: m.By, At: s.local(m.At), State: m.State}
}

func (s *Server) listMessages(ctx context.Context, in *caseRequest) (*messagesResponse, error) {
	k, err := s.visibleCase(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	messages, err := s.d.Replies.Messages(ctx, k.ID)
	if err != nil {
		return nil, err
	}
	out := &messagesResponse{}
	out.Body.Items = make([]messageView, len(messages))
	for i := range messages {
		out.Body.Items[i] = s.messageView(&messages[i])
	}
	return out, nil
}
