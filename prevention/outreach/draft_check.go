package outreach

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// checkDraft is stricter than the check of what a person wrote: a draft may
// name no address and no number to call but the company's own, say no number
// that the brief does not have, use no attributes, and hide nothing. Errors
// name the field and hold none of the text.
func (s *Service) checkDraft(t prevention.Template, b Brief) error {
	if err := checkTemplate(t); err != nil {
		return blame(err)
	}
	if err := s.content.check(t, &s.d.Policy); err != nil {
		return blame(err)
	}
	known := numbersOf(b.Title, b.Affected, b.Solution, b.Since.In(s.d.Zone).Format("2006年1月2日"), strings.Join(b.Actions, "\n"))
	for _, f := range []struct{ field, text string }{{"subject", t.Subject}, {"text", t.Text}} {
		if slices.ContainsFunc(variablesOf(f.text), isAttr) {
			return fmt.Errorf("outreach: draft: %s uses an attribute that not every customer has", f.field)
		}
		if strings.ContainsFunc(f.text, hidden) {
			return fmt.Errorf("outreach: draft: %s has characters that nobody sees", f.field)
		}
		said := placeholder.ReplaceAllString(f.text, " ")
		for _, host := range hostName.FindAllString(nlp.Normalize(said).Text, -1) {
			if !s.d.Policy.isContact(host) {
				return fmt.Errorf("outreach: draft: %s names an address that is not in contacts", f.field)
			}
		}
		for number := range numbersOf(said) {
			if !s.d.Policy.isContact(number) && (len(number) >= callable || !known[number]) {
				return fmt.Errorf("outreach: draft: %s says a number that the brief does not have or that could be called", f.field)
			}
		}
	}
	return nil
}

// blame keeps the field of an error and leaves out its message, which quotes
// the text.
func blame(err error) error {
	if e, ok := errors.AsType[*triage.Error](err); ok && e.Field != "" {
		return fmt.Errorf("outreach: draft: %s would be refused in a plan", e.Field)
	}
	return errors.New("outreach: draft would be refused in a plan")
}

// callable is from how many digits on a number could be a short code or a
// telephone.
const callable = 5

var digits = regexp.MustCompile(`\d+`)

// numbersOf is the set of numbers in some texts, as runs of digits without what
// people write between them.
func numbersOf(texts ...string) map[string]bool {
	set := map[string]bool{}
	for _, text := range texts {
		for _, n := range digits.FindAllString(squeezeNumbers(nlp.Normalize(text).Text), -1) {
			set[n] = true
		}
	}
	return set
}

// hidden is a control or format character other than the end of a line.
func hidden(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }
