package demo

import (
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

// customerCount is nearly the whole block of telephone numbers, so that the
// buyers of the batch are a small part of all customers.
const customerCount = 9600

// tiers and their shares of the customer file.
var (
	tiers     = []triage.Tier{triage.TierOrdinary, triage.TierPotential, triage.TierHigh, triage.TierVIP}
	tierShare = []float64{.68, .17, .11, .04}
)

// makeCustomers invents the customer file. Telephone numbers come from one
// block, 1380013xxxx, that books use as an example; addresses end in
// example.com.
func (f *founder) makeCustomers() {
	r := f.stream(partCustomers)
	numbers := r.Perm(10_000)
	for _, n := range numbers[customerCount:] {
		f.spare = append(f.spare, phone(n))
	}
	regionShare := make([]float64, len(f.content.Regions))
	for i, g := range f.content.Regions {
		regionShare[i] = g.Share
	}
	for i := range customerCount {
		c := triage.Customer{
			ID:       triage.CustomerID(fmt.Sprintf("KH%06d", i+1)),
			Name:     triage.PersonName(pick(r, f.content.Surnames) + pick(r, f.content.GivenNames)),
			Phone:    phone(numbers[i]),
			Region:   f.content.Regions[draw(r, regionShare)].Name,
			Tier:     tiers[draw(r, tierShare)],
			JoinedAt: f.now.Add(-history - between(r, day, 6*365*day)).Truncate(day),
			OptedOut: r.Float64() < .04,
		}
		if r.Float64() < .6 {
			c.Email = triage.Email(fmt.Sprintf("kh%06d@example.com", i+1))
		}
		if r.Float64() < .08 {
			c.Industry = pick(r, f.content.Industries)
		}
		f.customers = append(f.customers, c)
	}
}

func phone(number int) triage.Phone { return triage.Phone(fmt.Sprintf("1380013%04d", number)) }
