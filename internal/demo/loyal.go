package demo

import "slices"

const (
	loyalCount = 2
	// loyalScore is what a loyal customer says every time.
	loyalScore  = "96"
	loyalPoints = 96
)

// makeLoyal gives two customers three complaints each, the third of them still
// being worked on, all of which end to their satisfaction.
func (f *founder) makeLoyal() {
	r := f.stream(partLoyal)
	var old, young []*event
	known := map[string]bool{}
	for i := range f.events {
		e := &f.events[i]
		known[string(e.complaint.CustomerID)] = true
		age := f.now.Sub(e.complaint.At)
		switch {
		case takenDown(e.complaint.Text) || e.truth.Type == "other":
		case age > 20*day && age < 100*day:
			old = append(old, e)
		case age > 7*day && age < 9*day:
			young = append(young, e)
		}
	}
	var who []int
	for _, i := range r.Perm(len(f.customers)) {
		c := &f.customers[i]
		if len(who) < loyalCount && !known[string(c.ID)] && slices.Index(tiers, c.Tier) < 2 && !c.OptedOut {
			who = append(who, i)
		}
	}
	for n := range min(len(who), len(young), len(old)/2) {
		c := &f.customers[who[n]]
		for _, e := range []*event{old[2*n], old[2*n+1], young[n]} {
			e.complaint.CustomerID, e.complaint.Region, e.loyal = c.ID, c.Region, true
			e.truth.Intensity = 0
		}
	}
}
