package launch

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Draft is a campaign as it is planned. Only Copy is needed.
type Draft struct {
	Name string
	// Copy is what customers are told, Rules what holds.
	Copy  string
	Rules string
	// Channel is how they are told; "sms" switches the rules of text messages on.
	Channel string
	// From and To bound the campaign, zero where unknown.
	From, To time.Time
	// Reach is how many customers are to be reached, 0 where unknown.
	Reach int
}

// DraftOf is the draft of a registered campaign.
func DraftOf(c *triage.Campaign) Draft {
	return Draft{Name: c.Name, Copy: c.Copy, Rules: c.Rules, Channel: c.Channel, From: c.From, To: c.To}
}

// Days is how long the campaign lasts, 0 where that is unknown.
func (d *Draft) Days() int {
	if d.From.IsZero() || d.To.Before(d.From) {
		return 0
	}
	return int(d.To.Sub(d.From)/(24*time.Hour)) + 1
}

// Bounds of a draft, in runes: what is longer is no copy.
const (
	maxText = 20_000
	maxName = 200
)

// Validate names the field that cannot be checked.
func (d *Draft) Validate() error {
	switch {
	case d.Copy == "":
		return triage.FieldErrorf("copy", "is empty: paste what customers will read")
	case len([]rune(d.Copy)) > maxText:
		return triage.FieldErrorf("copy", "is longer than %d characters", maxText)
	case len([]rune(d.Rules)) > maxText:
		return triage.FieldErrorf("rules", "are longer than %d characters", maxText)
	case len([]rune(d.Name)) > maxName:
		return triage.FieldErrorf("name", "is longer than %d characters", maxName)
	case d.Reach < 0:
		return triage.FieldErrorf("reach", "is negative")
	}
	return nil
}
