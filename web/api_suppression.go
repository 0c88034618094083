package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// blockList keeps who must not be told anything.
type blockList interface {
	Block(ctx context.Context, b prevention.Suppression, by string) (prevention.Suppression, error)
	Blocked(ctx context.Context, since time.Time, skip, limit int) ([]prevention.Suppression, error)
}

// suppressionView is one entry of the block list; the address is masked.
type suppressionView struct {
	Customer triage.CustomerID `json:"customer_id,omitempty"`
	Address  string            `json:"address,omitempty" doc:"Masked phone or e-mail"`
	Reason   string            `json:"reason" doc:"reply is the customer's own wish, blocklist a person's decision, others are that person's words"`
	At       *time.Time        `json:"at"`
	By       string            `json:"by"`
}

type suppressionsRequest struct {
	Cursor string `query:"cursor" maxLength:"40" doc:"The next of the page before"`
	Limit  int    `query:"limit" default:"200" minimum:"1" maximum:"1000"`
}

type suppressionsResponse struct {
	Body struct {
		Items []suppressionView `json:"items" doc:"Oldest first"`
		Next  string            `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

type suppressRequest struct {
	Body struct {
		_        struct{} `additionalProperties:"false"`
		Customer string   `json:"customer_id,omitempty" doc:"Either of customer and address is needed"`
		Address  string   `json:"address,omitempty" doc:"Phone or e-mail"`
		Reason   string   `json:"reason,omitempty"`
	}
}

type suppressionResponse struct{ Body suppressionView }

func (s *Server) suppressionRoutes(api huma.API) {
	register(s, api, access.OutreachRead, huma.Operation{
		OperationID: "list-suppressions", Method: http.MethodGet, Path: "/suppressions", Summary: "Whom nobody may tell anything",
	}, s.listSuppressions)
	register(s, api, access.OutreachWrite, huma.Operation{
		OperationID: "suppress", Method: http.MethodPost, Path: "/suppressions",
		Summary: "Never tell a customer or an address anything more; the same one again changes nothing",
	}, s.suppress)
}

// suppressionPlace is where a page ends: the time of its last entry and how
// many entries of that time have been shown. Addresses are kept out of cursors,
// which stand in URLs.
type suppressionPlace struct {
	since time.Time
	skip  int
}

func (p suppressionPlace) String() string { return fmt.Sprintf("%d-%d", p.since.UnixMilli(), p.skip) }

func parseSuppressionPlace(cursor string) (suppressionPlace, error) {
	if cursor == "" {
		return suppressionPlace{}, nil
	}
	ms, skip, _ := strings.Cut(cursor, "-")
	since, errSince := strconv.ParseInt(ms, 10, 64)
	n, errSkip := strconv.ParseUint(skip, 10, 31)
	if errSince != nil || errSkip != nil {
		return suppressionPlace{}, triage.FieldErrorf("cursor", "is not one of ours; start again from the first page")
	}
	return suppressionPlace{time.UnixMilli(since), int(n)}, nil
}

// after is the place behind a page that began at p.
func (p suppressionPlace) after(page []prevention.Suppression) suppressionPlace {
	last := suppressionPlace{since: page[len(page)-1].At}
	for i := range page {
		if page[i].At.Equal(last.since) {
			last.skip++
		}
	}
	if last.since.Equal(p.since) {
		last.skip += p.skip
	}
	return last
}

func (s *Server) listSuppressions(ctx context.Context, in *suppressionsRequest) (*suppressionsResponse, error) {
	place, err := parseSuppressionPlace(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := s.d.Plans.Blocked(ctx, place.since, place.skip, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &suppressionsResponse{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Body.Next = place.after(list).String()
	}
	out.Body.Items = make([]suppressionView, len(list))
	for i := range list {
		out.Body.Items[i] = s.suppressionView(&list[i])
	}
	return out, nil
}

func (s *Server) suppress(ctx context.Context, in *suppressRequest) (*suppressionResponse, error) {
	x, err := s.d.Plans.Block(ctx, prevention.Suppression{
		Customer: triage.CustomerID(in.Body.Customer), Address: in.Body.Address, Reason: in.Body.Reason,
	}, requestOf(ctx).actor)
	if err != nil {
		return nil, err
	}
	return &suppressionResponse{Body: s.suppressionView(&x)}, nil
}

func (s *Server) suppressionView(x *prevention.Suppression) suppressionView {
	v := suppressionView{
		Customer: x.Customer, Address: triage.Phone(x.Address).String(), Reason: s.d.Mask(x.Reason), At: s.local(x.At), By: x.By,
	}
	if strings.Contains(x.Address, "@") {
		v.Address = triage.Email(x.Address).String()
	}
	return v
}
