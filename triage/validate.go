package triage

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of one complaint. Longer texts are refused with CodeTooLarge, never
// cut: a record must stay complete.
const (
	MaxTextRunes  = 100_000
	MaxIDRunes    = 200
	maxFieldRunes = 1000
	maxAttrs      = 100
)

// earliest and latest bound a believable complaint time.
var (
	earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

// Validate cleans the complaint in place (trims blanks, lower-cases the
// channel, defaults it to other) and returns an Error of CodeInvalid or
// CodeTooLarge that names the first field at fault.
func (c *Complaint) Validate() error {
	c.ID = ComplaintID(strings.TrimSpace(string(c.ID)))
	c.CustomerID = CustomerID(strings.TrimSpace(string(c.CustomerID)))
	c.Channel = Channel(strings.ToLower(strings.TrimSpace(string(c.Channel))))
	if c.Channel == "" {
		c.Channel = ChannelOther
	}
	if c.ID == "" {
		return FieldErrorf("id", "is missing: every complaint needs the id its source gave it")
	}
	if !slices.Contains(Channels, c.Channel) {
		return FieldErrorf("channel", "%q is unknown; use one of %s", c.Channel, channelNames())
	}
	if err := c.validateText(); err != nil {
		return err
	}
	if err := c.validateTimes(); err != nil {
		return err
	}
	if s := c.Satisfaction; s != nil && !(*s >= 0 && *s <= 100) {
		return FieldErrorf("satisfaction", "%v is outside 0..100", *s)
	}
	if c.Subtype != "" && c.Type == "" {
		return FieldErrorf("subtype", "is given without a type")
	}
	if len(c.Attrs) > maxAttrs {
		return FieldErrorf("attrs", "has %d entries; the limit is %d", len(c.Attrs), maxAttrs)
	}
	return nil
}

func (c *Complaint) validateText() error {
	if strings.TrimSpace(c.Title) == "" && strings.TrimSpace(c.Text) == "" {
		return FieldErrorf("text", "is empty")
	}
	if n := utf8.RuneCountInString(c.Title) + utf8.RuneCountInString(c.Text); n > MaxTextRunes {
		return &Error{Code: CodeTooLarge, Field: "text", Message: "is longer than 100 000 characters; send it in parts or as an attachment"}
	}
	fields := []struct{ name, value string }{
		{"customer_id", string(c.CustomerID)}, {"region", c.Region}, {"product", c.Product},
		{"campaign", c.Campaign}, {"order_id", c.OrderID}, {"type", c.Type}, {"subtype", c.Subtype},
	}
	for _, f := range fields {
		if utf8.RuneCountInString(f.value) > maxFieldRunes {
			return FieldErrorf(f.name, "is longer than %d characters", maxFieldRunes)
		}
	}
	if utf8.RuneCountInString(string(c.ID)) > MaxIDRunes {
		return FieldErrorf("id", "is longer than %d characters", MaxIDRunes)
	}
	return nil
}

func (c *Complaint) validateTimes() error {
	for _, t := range []struct {
		name  string
		value time.Time
	}{{"at", c.At}, {"closed_at", c.ClosedAt}} {
		if !t.value.IsZero() && (t.value.Before(earliest) || t.value.After(latest)) {
			return FieldErrorf(t.name, "%s is not a believable time", t.value.Format(time.RFC3339))
		}
	}
	return nil
}

func channelNames() string {
	names := make([]string, len(Channels))
	for i, c := range Channels {
		names[i] = string(c)
	}
	return strings.Join(names, ", ")
}
