package attribution

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// Window is how long after a contact a complaint can be about the campaign.
const Window = 120 * 24 * time.Hour

// Contact is one time that a campaign reached a customer.
type Contact struct {
	Campaign string
	At       time.Time
	// Facts are what else is known of it, in words that a customer may use, too.
	Facts []string
}

// contactOf is an exposure to a campaign as attribution sees it.
func contactOf(e *triage.Exposure) Contact {
	c := Contact{Campaign: e.Key, At: e.At}
	for name, v := range e.Attrs {
		text, _ := v.(string)
		if n := utf8.RuneCountInString(text); name != "name" && n >= 2 && n <= maxFact && inChinese(text) {
			c.Facts = append(c.Facts, text)
		}
	}
	return c
}

// maxFact bounds the characters of a fact.
const maxFact = 20

func inChinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// exposed returns the last contact before the complaint with each campaign.
func exposed(c *Complaint) map[string]Contact {
	last := make(map[string]Contact, len(c.Contacts))
	for _, t := range c.Contacts {
		if old, ok := last[t.Campaign]; !t.At.After(c.At) && c.At.Sub(t.At) <= Window && (!ok || t.At.After(old.At)) {
			last[t.Campaign] = t
		}
	}
	return last
}

// recency is what it changes how long ago the campaign reached the customer.
func recency(ago time.Duration) float64 {
	switch {
	case ago <= 30*24*time.Hour:
		return 0.3
	case ago > 60*24*time.Hour:
		return -0.4
	}
	return 0
}
