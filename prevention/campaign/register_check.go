package campaign

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// The longest values, in characters.
const (
	maxID    = 100
	maxName  = 100
	maxProse = 10_000
	maxAlias = 60
	// maxAliases is how many other names a campaign may have.
	maxAliases = 50
	// maxRules bounds each list of an eligibility.
	maxRules  = 200
	maxMonths = 1200
	maxQuiet  = 3650
)

// Object is the Object of audit entries about a campaign.
func Object(id string) string { return "campaign:" + id }

// tidy puts a campaign into the form that is stored, or names the first field
// that is wrong.
func tidy(c *triage.Campaign) error {
	for _, f := range []struct {
		name string
		text *string
		most int
	}{
		{"id", &c.ID, maxID}, {"name", &c.Name, maxName}, {"channel", &c.Channel, maxName},
		{"owner", &c.Owner, maxName}, {"department", &c.Department, maxName},
	} {
		*f.text = strings.Join(strings.Fields(*f.text), " ")
		if err := short(f.name, *f.text, f.most); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		name string
		text *string
	}{{"rules", &c.Rules}, {"audience", &c.Audience}, {"copy", &c.Copy}, {"objective", &c.Objective}} {
		*f.text = strings.TrimSpace(*f.text)
		if err := short(f.name, *f.text, maxProse); err != nil {
			return err
		}
	}
	switch {
	case c.ID == "":
		return triage.FieldErrorf("id", "is empty: every campaign needs an id, the one that exposures use as their key")
	case c.Name == "":
		return triage.FieldErrorf("name", "is empty: complaints are found by the name of a campaign")
	case !c.From.IsZero() && !c.To.IsZero() && c.To.Before(c.From):
		return triage.FieldErrorf("to", "lies before from")
	}
	if err := tidyAliases(c); err != nil {
		return err
	}
	return eligible(&c.Eligible)
}

func tidyAliases(c *triage.Campaign) error {
	var list []string
	for _, a := range c.Aliases {
		a = strings.Join(strings.Fields(a), " ")
		if a == "" || slices.Contains(list, a) {
			continue
		}
		if err := short("aliases", a, maxAlias); err != nil {
			return err
		}
		list = append(list, a)
	}
	if len(list) > maxAliases {
		return triage.FieldErrorf("aliases", "are %d; %d are allowed", len(list), maxAliases)
	}
	c.Aliases = list
	return nil
}

// eligible refuses rules that mean nothing.
func eligible(e *triage.Eligibility) error {
	switch {
	case e.MinMonths < 0 || e.MinMonths > maxMonths:
		return triage.FieldErrorf("eligible.min_months", "is %d; 0 to %d are possible", e.MinMonths, maxMonths)
	case e.MaxMonths < 0 || e.MaxMonths > maxMonths:
		return triage.FieldErrorf("eligible.max_months", "is %d; 0 to %d are possible", e.MaxMonths, maxMonths)
	case e.MaxMonths > 0 && e.MaxMonths < e.MinMonths:
		return triage.FieldErrorf("eligible.max_months", "is less than min_months: nobody could take part")
	case e.QuietDays < 0 || e.QuietDays > maxQuiet:
		return triage.FieldErrorf("eligible.quiet_days", "is %d; 0 to %d are possible", e.QuietDays, maxQuiet)
	case len(e.Regions) > maxRules:
		return triage.FieldErrorf("eligible.regions", "are %d; %d are allowed", len(e.Regions), maxRules)
	}
	for _, t := range e.Tiers {
		if !slices.Contains([]triage.Tier{triage.TierOrdinary, triage.TierPotential, triage.TierHigh, triage.TierVIP}, t) {
			return triage.FieldErrorf("eligible.tiers", "%.40q is none of ordinary, potential, high, vip", t)
		}
	}
	for name, records := range map[string][]triage.RecordOf{"eligible.needs": e.Needs, "eligible.excludes": e.Excludes} {
		if len(records) > maxRules {
			return triage.FieldErrorf(name, "are %d; %d are allowed", len(records), maxRules)
		}
		if slices.ContainsFunc(records, func(r triage.RecordOf) bool { return r.Kind == "" }) {
			return triage.FieldErrorf(name, "has an entry without a kind, such as purchase or campaign")
		}
	}
	return nil
}

func short(field, text string, most int) error {
	if n := utf8.RuneCountInString(text); n > most {
		return triage.FieldErrorf(field, "has %d characters; %d are allowed", n, most)
	}
	return nil
}

// detail is what the trail keeps of a campaign.
func detail(c *triage.Campaign) string {
	return facts(map[string]any{
		"name": c.Name, "from": c.From, "to": c.To, "channel": c.Channel, "owner": c.Owner, "department": c.Department,
		"rules": c.Rules, "audience": c.Audience, "copy": c.Copy, "objective": c.Objective, "aliases": c.Aliases, "eligible": c.Eligible,
	})
}

func handDetail(campaign string) string { return facts(map[string]any{"campaign": campaign}) }

func facts(m map[string]any) string {
	b, err := json.Marshal(m)
	if err != nil {
		return "" // a year that JSON cannot write
	}
	return string(b)
}
