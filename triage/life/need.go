package life

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// maxFact bounds the characters of one fact.
const maxFact = 10_000

// skew is how far ahead another clock may be.
const skew = 5 * time.Minute

// facts checks what was said for the needs and returns it in one form: blanks
// around it gone, times in RFC 3339. An error names the first fact that is
// missing, not known or not readable as "facts.KEY".
func (s *Service) facts(needs []Need, given map[string]string, now time.Time) (map[string]string, error) {
	said := make(map[string]string, len(given))
	for _, n := range needs {
		value := strings.TrimSpace(given[n.Key])
		if value == "" {
			if !n.Optional {
				return nil, triage.FieldErrorf("facts."+n.Key, "is missing; this step needs %s", keys(needs))
			}
			continue
		}
		value, err := s.fact(n, value, now)
		if err != nil {
			return nil, err
		}
		said[n.Key] = value
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(needs, func(n Need) bool { return n.Key == key }) {
			return nil, triage.FieldErrorf("facts", "%.40q is not asked for; this step takes %s", key, keys(needs))
		}
	}
	return said, nil
}

// fact reads one value.
func (s *Service) fact(n Need, value string, now time.Time) (string, error) {
	if utf8.RuneCountInString(value) > maxFact {
		return "", &triage.Error{Code: triage.CodeTooLarge, Field: "facts." + n.Key, Message: "is longer than 10 000 characters"}
	}
	switch n.Kind {
	case KindTime:
		t, err := s.moment(value)
		if err != nil {
			return "", triage.FieldErrorf("facts."+n.Key, "%.40q is not a time; write it like 2006-01-02 15:04", value)
		}
		if n.Future() && !t.After(now) {
			return "", triage.FieldErrorf("facts."+n.Key, "%s has passed; give a time to come", value)
		}
		if !n.Future() && t.After(now.Add(skew)) {
			return "", triage.FieldErrorf("facts."+n.Key, "%s is still to come; give the time at which it happened", value)
		}
		return t.UTC().Format(time.RFC3339), nil
	case KindCause:
		if !slices.Contains(triage.Causes, triage.Cause(value)) {
			return "", triage.FieldErrorf("facts."+n.Key, "%.40q is not a cause; use product, service, misunderstanding or external", value)
		}
	case KindScore:
		if score, err := strconv.ParseFloat(value, 64); err != nil || math.IsNaN(score) || score < 0 || score > 100 {
			return "", triage.FieldErrorf("facts."+n.Key, "%.40q is not a score of 0 to 100", value)
		}
	}
	return value, nil
}

// moment reads a time as people, forms and programs write it.
func (s *Service) moment(value string) (t time.Time, err error) {
	if t, err = time.Parse(time.RFC3339, value); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if t, err = time.ParseInLocation(layout, value, s.d.Zone); err == nil {
			return t, nil
		}
	}
	return t, err
}

func keys(needs []Need) string {
	var names []string
	for _, n := range needs {
		name := n.Key
		if n.Optional {
			name += " (optional)"
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return "no facts"
	}
	return strings.Join(names, ", ")
}

// score reads a checked fact of KindScore, nil when there is none.
func score(value string) *float64 {
	if v, err := strconv.ParseFloat(value, 64); err == nil {
		return &v
	}
	return nil
}

// instant reads a checked fact of KindTime, zero when there is none.
func instant(value string) time.Time {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return time.Time{}
	}
	return t
}
