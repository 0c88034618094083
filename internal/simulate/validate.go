package simulate

import (
	"fmt"
	"slices"
	"strings"
)

// fieldError is a value that cannot be played; path is where it stands in YAML.
type fieldError struct{ path, problem string }

func (e *fieldError) Error() string { return e.path + ": " + e.problem }

func fieldErrorf(path, format string, args ...any) error {
	return &fieldError{path, fmt.Sprintf(format, args...)}
}

// The bounds keep a slip of the pen from filling the disk.
const (
	maxCustomers = 5_000_000
	maxDays      = 3650
	maxPerDay    = 100_000
	maxMessages  = 100_000
)

// Validate says what cannot be played; nil is a scenario that Generate plays,
// unless an incident wants more customers than its regions have.
func (s *Scenario) Validate() error {
	if _, err := s.start(); err != nil {
		return fieldErrorf("start", "%q is no day; write it as 2026-03-01", s.Start)
	}
	checks := []error{
		within("days", s.Days, 7, maxDays),
		within("customers", s.Customers, 10, maxCustomers),
		within("per_day", s.PerDay, 0, maxPerDay),
		within("no_records", s.NoRecords, 0, 1),
		s.Background.validate(),
	}
	if len(s.Industries) == 0 {
		checks = append(checks, fieldErrorf("industries", "is empty; name some of %s", strings.Join(library().industryNames(), " ")))
	}
	for i, name := range s.Industries {
		checks = append(checks, oneOf(fmt.Sprintf("industries[%d]", i), name, library().industryNames()))
	}
	for i := range s.Disturbances {
		checks = append(checks, s.Disturbances[i].validate(fmt.Sprintf("disturbances[%d]", i), s.Days))
	}
	ids := map[string]bool{}
	for i := range s.Incidents {
		path := fmt.Sprintf("incidents[%d]", i)
		checks = append(checks, s.Incidents[i].validate(path, s))
		if id := s.Incidents[i].ID; ids[id] || id == "" {
			checks = append(checks, fieldErrorf(path+".id", "%q is empty or taken", id))
		}
		ids[s.Incidents[i].ID] = true
	}
	return first(checks)
}

func (b *Background) validate() error {
	checks := []error{
		within("background.growth", b.Growth, -0.9, 10),
		within("background.everyday", b.Everyday, 0, 1),
		within("background.corpus", b.Corpus, 0, 1-b.Everyday),
		within("background.named", b.Named, 0, 1),
		within("background.no_region", b.NoRegion, 0, 1),
		within("background.late", b.Late, 0, 1),
	}
	if n := len(b.Weekday); n != 0 && n != 7 {
		checks = append(checks, fieldErrorf("background.weekday", "has %d weights; want 7, Monday first, or none", n))
	}
	total := 0.
	for i, w := range b.Weekday {
		checks = append(checks, within(fmt.Sprintf("background.weekday[%d]", i), w, 0, 1000))
		total += w
	}
	if len(b.Weekday) > 0 && total <= 0 {
		checks = append(checks, fieldErrorf("background.weekday", "all weights are 0"))
	}
	return first(checks)
}

func (d *Disturbance) validate(path string, days int) error {
	checks := []error{
		oneOf(path+".kind", d.Kind, []string{Surge, Promotion, Serial, Copies}),
		within(path+".from", d.From, 0, days-1),
		within(path+".to", d.To, d.From+1, days),
	}
	switch d.Kind {
	case Promotion:
		checks = append(checks, oneOf(path+".type", d.Type, library().types()), within(path+".factor", d.Factor, 1, 100))
	case Surge:
		checks = append(checks, within(path+".factor", d.Factor, 1, 100))
	default:
		checks = append(checks, within(path+".messages", d.Messages, 1, maxMessages))
	}
	return first(checks)
}

func (in *Incident) validate(path string, s *Scenario) error {
	k, found := library().kinds[in.Kind]
	if !found {
		return oneOf(path+".kind", in.Kind, Kinds())
	}
	if !slices.Contains(s.Industries, k.Industry) {
		return fieldErrorf(path+".kind", "%s belongs to the industry %s, which the scenario does not have", k.Kind, k.Industry)
	}
	checks := []error{
		within(path+".from", in.From, 0, s.Days-1),
		within(path+".to", in.To, in.From+1, s.Days),
		within(path+".exposed", in.Exposed, 1, s.Customers),
		within(path+".affected", in.Affected, 0, 1),
		within(path+".complain", in.Complain, 0, 1),
		within(path+".delay_days", in.DelayDays, 0, 365),
		within(path+".repeat", in.Repeat, 0, 1),
		within(path+".unexposed", in.Unexposed, 0, .9),
	}
	for _, slot := range sortedKeys(in.Values) {
		checks = append(checks, oneOf(path+".values."+slot, slot, sortedKeys(k.Slots)))
	}
	for i, region := range in.Regions {
		checks = append(checks, oneOf(fmt.Sprintf("%s.regions[%d]", path, i), region, library().regionNames()))
	}
	if len(in.Regions) == 0 && k.Regions > 0 {
		checks = append(checks, fieldErrorf(path+".regions", "is empty; %s happens in %d of %s", k.Kind, k.Regions, strings.Join(library().regionNames(), " ")))
	}
	return first(checks)
}

func within[T int | float64](path string, v, low, high T) error {
	if v >= low && v <= high {
		return nil
	}
	return fieldErrorf(path, "%v is outside %v to %v", v, low, high)
}

func oneOf(path, v string, known []string) error {
	if slices.Contains(known, v) {
		return nil
	}
	return fieldErrorf(path, "%q is none of %s", v, strings.Join(known, " "))
}

func first(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
