package simulate

import (
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

var (
	tiers      = []triage.Tier{triage.TierOrdinary, triage.TierPotential, triage.TierHigh, triage.TierVIP}
	tierShares = cumulate([]float64{70, 16, 10, 4})
)

const optedOutShare = .03

// makeCustomers invents the customer file. The telephone numbers begin with
// 10, which no mobile number does; addresses end in example.com.
func (g *generator) makeCustomers() {
	r := g.stream(partCustomers)
	shares := make([]float64, len(g.lib.Regions))
	for i, region := range g.lib.Regions {
		shares[i] = region.Share
	}
	shares = cumulate(shares)
	g.customers = make([]triage.Customer, g.Customers)
	g.unrecorded = make([]bool, len(g.customers))
	g.inRegion = map[string][]int{}
	for i := range g.customers {
		region := g.lib.Regions[weighted(r, shares)].Name
		g.customers[i] = triage.Customer{
			ID:       triage.CustomerID(fmt.Sprintf("U%07d", i+1)),
			Name:     triage.PersonName(pick(r, g.lib.Surnames) + pick(r, g.lib.GivenNames)),
			Phone:    triage.Phone(fmt.Sprintf("10%09d", i+1)),
			Email:    triage.Email(fmt.Sprintf("u%07d@example.com", i+1)),
			Region:   region,
			Tier:     tiers[weighted(r, tierShares)],
			JoinedAt: g.begin.AddDate(0, 0, -1-r.IntN(6*365)),
			OptedOut: r.Float64() < optedOutShare,
		}
		g.unrecorded[i] = r.Float64() < g.NoRecords
		g.inRegion[region] = append(g.inRegion[region], i)
	}
}
