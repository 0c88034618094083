package intake

import (
	"encoding/json"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

var tiers = map[string]triage.Tier{
	"ordinary": triage.TierOrdinary, "普通": triage.TierOrdinary,
	"potential": triage.TierPotential, "潜力": triage.TierPotential, "潜在": triage.TierPotential,
	"high": triage.TierHigh, "高价值": triage.TierHigh,
	"vip": triage.TierVIP, "贵宾": triage.TierVIP,
}

// Customer reads a customer. Without a tier it is an ordinary one. The error
// is a *RowError.
func Customer(r Row) (triage.Customer, error) {
	f := &fields{row: &r}
	c := triage.Customer{
		ID:       triage.CustomerID(f.code("customer_id")),
		Name:     triage.PersonName(f.text("name")),
		Phone:    triage.Phone(f.code("phone")),
		Email:    triage.Email(f.text("email")),
		Region:   f.text("region"),
		Tier:     choice(f, "tier", triage.TierOrdinary, tiers, "ordinary, potential, high, vip"),
		Industry: f.text("industry"),
		JoinedAt: f.time("joined_at"),
		OptedOut: f.flag("opted_out"),
	}
	if c.ID == "" {
		c.ID = triage.CustomerID(f.code("id"))
		f.intact("id")
	}
	f.intact("customer_id")
	f.required("customer_id", string(c.ID), "every customer needs the id its source gave it")
	if err := f.result(); err != nil {
		return triage.Customer{}, err
	}
	return c, nil
}

// Exposure reads one contact of a customer with something that can go wrong;
// customer, kind and time are required. The error is a *RowError.
func Exposure(r Row) (triage.Exposure, error) {
	f := &fields{row: &r}
	e := triage.Exposure{
		CustomerID: triage.CustomerID(f.code("customer_id")),
		Kind:       f.text("kind"),
		Key:        f.code("key"),
		At:         f.time("at"),
		Attrs:      f.object("attrs"),
	}
	f.intact("customer_id", "kind")
	f.required("customer_id", string(e.CustomerID), "an exposure belongs to a customer")
	f.required("kind", e.Kind, "say what the customer was exposed to, such as payment or purchase")
	if e.At.IsZero() {
		f.fail("at", "is missing: an exposure needs its time")
	}
	if err := f.result(); err != nil {
		return triage.Exposure{}, err
	}
	return e, nil
}

// Campaign reads a marketing campaign. Rules and audience may be texts or JSON,
// aliases a list or a text with separators, eligible is an object as in
// [triage.Eligibility]. The error is a *RowError.
func Campaign(r Row) (triage.Campaign, error) {
	f := &fields{row: &r}
	c := triage.Campaign{
		ID:       f.code("id"),
		Name:     f.text("name"),
		From:     f.time("from"),
		To:       f.time("to"),
		Channel:  f.text("channel"),
		Rules:    r.Text("rules"),
		Audience: r.Text("audience"),

		Copy:       r.Text("copy"),
		Objective:  r.Text("objective"),
		Owner:      f.text("owner"),
		Department: f.text("department"),
		Aliases:    aliasesIn(r.Text("aliases")),
	}
	if given := strings.TrimSpace(r.Text("eligible")); given != "" && json.Unmarshal([]byte(given), &c.Eligible) != nil {
		f.fail("eligible", "is not an object of rules such as {\"min_months\": 12}; put a description into audience")
	}
	f.intact("id")
	f.required("id", c.ID, "every campaign needs the id its source gave it")
	if !c.From.IsZero() && !c.To.IsZero() && c.To.Before(c.From) {
		f.fail("to", "lies before from")
	}
	if err := f.result(); err != nil {
		return triage.Campaign{}, err
	}
	return c, nil
}

// aliasesIn reads a JSON list or names with separators between them.
func aliasesIn(s string) []string {
	var list []string
	if json.Unmarshal([]byte(s), &list) == nil {
		return list
	}
	for name := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(";；、,，|\n", r) }) {
		if name = strings.TrimSpace(name); name != "" {
			list = append(list, name)
		}
	}
	return list
}

// Solution reads a standard solution. The error is a *RowError.
func Solution(r Row) (triage.Solution, error) {
	f := &fields{row: &r}
	s := triage.Solution{
		ID:           f.code("id"),
		Type:         f.code("type"),
		Subtype:      f.code("subtype"),
		Title:        f.text("title"),
		Text:         f.verbatim("text"),
		Uses:         f.count("uses"),
		Satisfaction: f.number("satisfaction", 0, 100),
	}
	f.intact("id", "text")
	f.required("id", s.ID, "every solution needs an id")
	f.required("text", f.text("text"), "a solution says what to do")
	if err := f.result(); err != nil {
		return triage.Solution{}, err
	}
	return s, nil
}
