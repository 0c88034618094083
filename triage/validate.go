package triage

import (
	"slices"
	"strings"
	"time"
	"unicode"
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

// Validate cleans the complaint in place (trims blanks around everything but
// text and resolution, lower-cases the channel, defaults it to other) and
// returns an Error of CodeInvalid or CodeTooLarge that names the first field
// at fault.
func (c *Complaint) Validate() error {
	c.trim()
	if c.Channel == "" {
		c.Channel = ChannelOther
	}
	if c.ID == "" {
		return FieldErrorf("id", "is missing: every complaint needs the id its source gave it")
	}
	if c.ID == "." || c.ID == ".." {
		return FieldErrorf("id", "is %q, which no address of a web page can hold", c.ID)
	}
	if !slices.Contains(Channels, c.Channel) {
		return FieldErrorf("channel", "%q is unknown; use one of %s", shorten(string(c.Channel)), channelNames())
	}
	if err := c.validateText(); err != nil {
		return err
	}
	if err := c.validateFields(); err != nil {
		return err
	}
	if err := c.validateTimes(); err != nil {
		return err
	}
	if err := validateSatisfaction(c.Satisfaction); err != nil {
		return err
	}
	if c.Subtype != "" && c.Type == "" {
		return FieldErrorf("subtype", "is given without a type")
	}
	if len(c.Attrs) > maxAttrs {
		return FieldErrorf("attrs", "has %d entries; the limit is %d", len(c.Attrs), maxAttrs)
	}
	return nil
}

func (c *Complaint) trim() {
	c.ID = ComplaintID(strings.TrimSpace(string(c.ID)))
	c.CustomerID = CustomerID(strings.TrimSpace(string(c.CustomerID)))
	c.Channel = Channel(strings.ToLower(strings.TrimSpace(string(c.Channel))))
	for _, s := range []*string{&c.Region, &c.Product, &c.Campaign, &c.OrderID, &c.Type, &c.Subtype} {
		*s = strings.TrimSpace(*s)
	}
}

func (c *Complaint) validateText() error {
	if strings.TrimSpace(c.Title) == "" && strings.TrimSpace(c.Text) == "" {
		return FieldErrorf("text", "is empty")
	}
	if utf8.RuneCountInString(c.Title)+utf8.RuneCountInString(c.Text) > MaxTextRunes {
		return tooLong("text")
	}
	return validateResolution(c.Resolution)
}

func validateResolution(text string) error {
	if utf8.RuneCountInString(text) > MaxTextRunes {
		return tooLong("resolution")
	}
	return nil
}

func tooLong(field string) error {
	return &Error{Code: CodeTooLarge, Field: field, Message: "is longer than 100 000 characters; send it in parts or as an attachment"}
}

// validateFields bounds the short fields. Those that identify something are
// compared, logged and put into addresses, so they must be plain text.
func (c *Complaint) validateFields() error {
	for _, f := range []struct {
		name, value string
		limit       int
	}{
		{"id", string(c.ID), MaxIDRunes}, {"customer_id", string(c.CustomerID), maxFieldRunes},
		{"region", c.Region, maxFieldRunes}, {"product", c.Product, maxFieldRunes},
		{"campaign", c.Campaign, maxFieldRunes}, {"order_id", c.OrderID, maxFieldRunes},
		{"type", c.Type, maxFieldRunes}, {"subtype", c.Subtype, maxFieldRunes},
	} {
		if utf8.RuneCountInString(f.value) > f.limit {
			return FieldErrorf(f.name, "is longer than %d characters", f.limit)
		}
	}
	for _, f := range []struct{ name, value string }{{"id", string(c.ID)}, {"customer_id", string(c.CustomerID)}} {
		if !utf8.ValidString(f.value) || strings.ContainsFunc(f.value, unicode.IsControl) {
			return FieldErrorf(f.name, "%q holds a control character or is not UTF-8; send it as plain text", f.value)
		}
	}
	return nil
}

// validateSatisfaction refuses NaN, too.
func validateSatisfaction(s *float64) error {
	if s != nil && !(*s >= 0 && *s <= 100) {
		return FieldErrorf("satisfaction", "%v is outside 0..100", *s)
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

// shorten keeps a message readable whatever the value that it quotes.
func shorten(s string) string {
	const limit = 40
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
