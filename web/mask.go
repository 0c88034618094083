package web

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// shown returns a stored assessment as the API shows it: personal data hidden
// in everything that quotes a text, lists never null, clocks in the zone of the
// server. Offsets still fit, as masks keep lengths.
func (s *Server) shown(a triage.Assessment) triage.Assessment {
	a = s.shownToSender(a)
	for i, e := range a.Entities {
		a.Entities[i].Text = maskAs(e.Kind, e.Text)
		a.Entities[i].Value = maskAs(e.Kind, e.Value)
	}
	for i, r := range a.Reasons {
		a.Reasons[i].Text = s.d.Mask(r.Text)
	}
	return a
}

// shownToSender is shown for the client that has just sent the text: only what
// comes from other cases is masked.
func (s *Server) shownToSender(a triage.Assessment) triage.Assessment {
	a.Alternatives, a.Entities, a.Reasons = list(a.Alternatives), list(a.Entities), list(a.Reasons)
	a.Urgency.Reasons = list(a.Urgency.Reasons)
	a.DemandReasons, a.StyleReasons = list(a.DemandReasons), list(a.StyleReasons)
	a.SLA = triage.SLA{
		RespondBy: s.inZone(a.SLA.RespondBy), VerifyBy: s.inZone(a.SLA.VerifyBy), ResolveBy: s.inZone(a.SLA.ResolveBy),
	}
	a.Similar, a.Suggestions = s.maskSimilar(a.Similar), list(a.Suggestions)
	for i, p := range a.Suggestions {
		a.Suggestions[i].Text = s.d.Mask(p.Text)
	}
	return a
}

func (s *Server) maskSimilar(similar []triage.SimilarCase) []triage.SimilarCase {
	similar = list(similar)
	for i, c := range similar {
		similar[i].Resolution = s.d.Mask(c.Resolution)
	}
	return similar
}

// list copies a list; a missing one becomes empty, so that clients get [] and
// not null.
func list[T any](items []T) []T { return append([]T{}, items...) }

// maskAs hides a text that is one entity as a whole.
func maskAs(kind nlp.EntityKind, text string) string {
	return nlp.MaskText(text, []nlp.Entity{{Kind: kind, Text: text, End: utf8.RuneCountInString(text)}})
}

// holdsName are the keys of facts whose value is a person's name, which nothing
// in it tells: those that our own channels write and those that files of others
// use for it.
var holdsName = map[string]bool{
	"name": true, "customer_name": true, "contact_name": true, "full_name": true, "sender": true, "recipient": true,
	"姓名": true, "客户姓名": true, "联系人": true, "投诉人": true, "收件人": true, "用户姓名": true,
}

// maskFact hides personal data in a value of attrs, at any depth. A number
// that has to be masked becomes text.
func (s *Server) maskFact(v any) any {
	switch v := v.(type) {
	case string:
		return s.d.Mask(v)
	case float64:
		digits := strconv.FormatFloat(v, 'f', -1, 64)
		if masked := s.d.Mask(digits); masked != digits {
			return masked
		}
	case map[string]any:
		facts := make(map[string]any, len(v))
		for key, value := range v {
			if name, said := value.(string); said && holdsName[strings.ToLower(key)] {
				facts[key] = triage.PersonName(name).String()
				continue
			}
			facts[key] = s.maskFact(value)
		}
		return facts
	case []any:
		facts := make([]any, len(v))
		for i, value := range v {
			facts[i] = s.maskFact(value)
		}
		return facts
	}
	return v
}
