package web

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
)

// complaintInput is a complaint of the input contract. Its id is required where
// it is stored; title or text must have something in them. Fields the contract
// does not know become entries of attrs, as they do when a file is imported.
type complaintInput struct {
	ID           string         `json:"id,omitempty" doc:"The source's own id; sending it again changes nothing" example:"2026-000123"`
	Title        string         `json:"title,omitempty"`
	Text         string         `json:"text,omitempty" doc:"At most 100 000 characters with the title" example:"宽带断了三天没人管，要求赔偿"`
	CustomerID   string         `json:"customer_id,omitempty"`
	Channel      string         `json:"channel,omitempty" doc:"hotline, app, counter, web, email, wechat or other (default)" example:"hotline"`
	At           string         `json:"at,omitempty" doc:"When the customer complained; now by default" example:"2026-03-01T08:00:00"`
	Region       string         `json:"region,omitempty"`
	Product      string         `json:"product,omitempty"`
	Campaign     string         `json:"campaign,omitempty"`
	OrderID      string         `json:"order_id,omitempty"`
	Attrs        map[string]any `json:"attrs,omitempty" doc:"Further facts"`
	Type         string         `json:"type,omitempty" doc:"What people judged it to be, for history"`
	Subtype      string         `json:"subtype,omitempty"`
	Resolution   string         `json:"resolution,omitempty" doc:"How it ended, for history"`
	Satisfaction *float64       `json:"satisfaction,omitempty" doc:"The customer's score, 0 to 100"`
	ClosedAt     string         `json:"closed_at,omitempty"`
}

// TransformSchema lets every field be null, as exporters write what they do
// not know.
func (*complaintInput) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	for _, field := range s.Properties {
		field.Nullable = true
	}
	return s
}

// knownFields are the names of the contract.
var knownFields = func() map[string]bool {
	names := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[complaintInput]()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names[name] = true
	}
	return names
}()

// UnmarshalJSON reads the known fields and gathers the others in Attrs; an
// entry of attrs itself wins over a field of the same name.
func (c *complaintInput) UnmarshalJSON(data []byte) error {
	type plain complaintInput
	if err := json.Unmarshal(data, (*plain)(c)); err != nil {
		return err
	}
	var all map[string]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&all); err != nil {
		return err
	}
	c.Attrs, _ = all["attrs"].(map[string]any)
	for name, value := range all {
		if _, given := c.Attrs[name]; given || knownFields[name] || value == nil {
			continue
		}
		if c.Attrs == nil {
			c.Attrs = map[string]any{}
		}
		c.Attrs[name] = value
	}
	for name, value := range c.Attrs {
		c.Attrs[name] = exact(value)
	}
	return nil
}

// exact turns numbers into float64, but those so long that it would change
// them, such as order numbers, into text.
func exact(v any) any {
	switch v := v.(type) {
	case json.Number:
		const limit = 1 << 53
		if f, err := v.Float64(); err == nil && f < limit && f > -limit {
			return f
		}
		return v.String()
	case map[string]any:
		for name, value := range v {
			v[name] = exact(value)
		}
	case []any:
		for i, value := range v {
			v[i] = exact(value)
		}
	}
	return v
}

func (s *Server) complaint(in *complaintInput) (triage.Complaint, error) {
	at, err := s.parseTime("at", in.At)
	if err != nil {
		return triage.Complaint{}, err
	}
	closedAt, err := s.parseTime("closed_at", in.ClosedAt)
	if err != nil {
		return triage.Complaint{}, err
	}
	return triage.Complaint{
		ID: triage.ComplaintID(in.ID), CustomerID: triage.CustomerID(in.CustomerID), Channel: triage.Channel(in.Channel),
		At: at, Title: in.Title, Text: in.Text, Region: in.Region, Product: in.Product, Campaign: in.Campaign,
		OrderID: in.OrderID, Attrs: in.Attrs, Type: in.Type, Subtype: in.Subtype,
		Resolution: in.Resolution, Satisfaction: in.Satisfaction, ClosedAt: closedAt,
	}, nil
}
