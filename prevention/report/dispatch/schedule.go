package dispatch

import (
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/triage"
)

// Schedule is who gets the report when.
type Schedule struct {
	ID, Version int64
	Name        string
	// Weekday and Hour are when the report of the week before is sent, in the zone
	// of the service.
	Weekday time.Weekday
	Hour    int
	// Department is whose cases are told of, "" for the whole house.
	Department string
	Receivers  []triage.Email
	Language   report.Language
	Active     bool
	// Since is when it was last changed: what should have gone out before is not
	// sent belatedly.
	Since time.Time
	By    string
}

const (
	maxName, maxReceivers = 100, 50
	maxAddress            = 254 // RFC 5321
)

// check returns the schedule with trimmed fields; an error is of CodeInvalid and
// names the field.
func (s Schedule) check() (Schedule, error) {
	s.Name, s.Department = strings.TrimSpace(s.Name), strings.TrimSpace(s.Department)
	var all []triage.Email
	for _, r := range s.Receivers {
		a, err := mail.ParseAddress(strings.TrimSpace(r.Reveal()))
		if err != nil || len(a.Address) > maxAddress {
			return s, triage.FieldErrorf("receivers", "%d of them is no e-mail address", len(all)+1)
		}
		if !slices.Contains(all, triage.Email(a.Address)) {
			all = append(all, triage.Email(a.Address))
		}
	}
	s.Receivers = all
	switch {
	case s.Name == "" || len([]rune(s.Name)) > maxName:
		return s, triage.FieldErrorf("name", "want 1 to %d characters", maxName)
	case len([]rune(s.Department)) > maxName:
		return s, triage.FieldErrorf("department", "want at most %d characters", maxName)
	case s.Weekday < time.Sunday || s.Weekday > time.Saturday:
		return s, triage.FieldErrorf("weekday", "%d is no day of the week", s.Weekday)
	case s.Hour < 0 || s.Hour > 23:
		return s, triage.FieldErrorf("hour", "%d is not between 0 and 23", s.Hour)
	case s.Language != report.Chinese && s.Language != report.English:
		return s, triage.FieldErrorf("language", "%q is neither zh nor en", s.Language)
	case len(s.Receivers) == 0 || len(s.Receivers) > maxReceivers:
		return s, triage.FieldErrorf("receivers", "are %d, want 1 to %d", len(s.Receivers), maxReceivers)
	}
	return s, nil
}

// due returns the week whose report should have been sent by now, at its last
// time; ok is false when that was before the schedule was last changed.
func (s *Schedule) due(now time.Time, zone *time.Location) (w report.Week, ok bool) {
	local := now.In(zone)
	back := (int(local.Weekday()) - int(s.Weekday) + 7) % 7
	y, m, d := local.Date()
	at := time.Date(y, m, d-back, s.Hour, 0, 0, 0, zone)
	if at.After(now) {
		at = time.Date(y, m, d-back-7, s.Hour, 0, 0, 0, zone)
	}
	return report.LastWeek(at, zone), s.Active && !at.Before(s.Since)
}
