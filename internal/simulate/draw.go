package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Options bound what Draw makes up. What is not positive is left to it.
type Options struct {
	Customers int
	Days      int
	PerDay    float64
	Incidents int
	// Null draws a scenario without any incident; disturbances stay.
	Null bool
}

// The size of a drawn scenario when the options do not say.
const (
	defaultCustomers = 40_000
	defaultDays      = 90
	minIncidents     = 3
	moreIncidents    = 4
)

// partDraw is the stream of Draw; those of Generate have the same seed.
const partDraw part = 1 << 20

// Draw makes up a scenario: the company, its ordinary days, what disturbs
// them, and incidents of different kinds, sizes and speeds, from one complaint
// in three days to ten a day. The same seed and options give the same
// scenario. Below 500 customers a region can have fewer of them than an incident
// wants; Generate says so.
func Draw(seed uint64, o Options) Scenario {
	r := rand.New(rand.NewPCG(seed, uint64(partDraw)))
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, zone).AddDate(0, 0, r.IntN(500))
	s := Scenario{
		Name: fmt.Sprintf("drawn-%d", seed), Seed: seed, Start: start.Format(time.DateOnly),
		Days: defaultDays, Customers: defaultCustomers, PerDay: math.Round(60 + 90*r.Float64()),
		Industries: drawIndustries(r), NoRecords: share(r, 0, .2),
		Background: Background{
			Growth: share(r, -.1, .5), Weekday: drawWeek(r), Everyday: share(r, .15, .35), Corpus: share(r, .2, .4),
			Named: share(r, 0, .5), NoRegion: share(r, 0, .1), Late: share(r, 0, .05),
		},
	}
	if o.Days > 0 {
		s.Days = o.Days
	}
	if o.Customers > 0 {
		s.Customers = o.Customers
	}
	if o.PerDay > 0 {
		s.PerDay = o.PerDay
	}
	s.Disturbances = drawDisturbances(r, s.Days)
	n := minIncidents + r.IntN(moreIncidents)
	if o.Incidents > 0 {
		n = o.Incidents
	}
	if !o.Null {
		s.drawIncidents(r, n)
	}
	return s
}

// share draws from low to high in steps of a hundredth, for people who read it.
func share(r *rand.Rand, low, high float64) float64 {
	return math.Round(100*(low+(high-low)*r.Float64())) / 100
}

func drawIndustries(r *rand.Rand) []string {
	names := library().industryNames()
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	names = names[:2+r.IntN(3)]
	slices.Sort(names)
	return names
}

func drawWeek(r *rand.Rand) []float64 {
	week := []float64{1.2, 1.1, 1.05, 1, 1, .8, .7}
	for i := range week {
		week[i] = math.Round(100*week[i]*(.9+.2*r.Float64())) / 100
	}
	return week
}

// drawDisturbances has one of each kind, most of the time.
func drawDisturbances(r *rand.Rand, days int) []Disturbance {
	types := library().types()
	list := []Disturbance{
		{Kind: Surge, To: 2 + r.IntN(3), Factor: share(r, 1.6, 3)},
		{Kind: Promotion, To: 3 + r.IntN(6), Factor: share(r, 2, 4), Type: pick(r, types)},
		{Kind: Serial, To: 20 + r.IntN(40), Messages: 100 + r.IntN(400)},
		{Kind: Copies, To: 1 + r.IntN(3), Messages: 50},
	}
	list = slices.DeleteFunc(list, func(Disturbance) bool { return r.Float64() < .15 })
	for i := range list {
		d := &list[i]
		span := min(d.To, days)
		d.From = r.IntN(days - span + 1)
		d.To = d.From + span
	}
	return list
}

// drawIncidents takes n kinds, each once as long as there are others.
func (s *Scenario) drawIncidents(r *rand.Rand, n int) {
	kinds := library().kindsOf(s.Industries)
	used := map[string]bool{}
	order := r.Perm(len(kinds))
	for i := range n {
		k := kinds[order[i%len(order)]]
		in := drawIncident(r, k, s)
		in.ID = fmt.Sprintf("I%d", i+1)
		in.Values = map[string]string{}
		for _, slot := range sortedKeys(k.Slots) {
			in.Values[slot] = drawUnused(r, k, slot, used)
		}
		s.Incidents = append(s.Incidents, in)
	}
}

// drawUnused picks a value that no other incident of the kind has, if there
// still is one.
func drawUnused(r *rand.Rand, k *kind, slot string, used map[string]bool) string {
	key := func(v string) string { return k.Kind + "/" + slot + "/" + v }
	free := slices.DeleteFunc(slices.Clone(k.Slots[slot]), func(v string) bool { return used[key(v)] })
	if len(free) == 0 {
		free = k.Slots[slot]
	}
	v := pick(r, free)
	used[key(v)] = true
	return v
}

// The pace of incidents in complaints a day, and the largest share of the
// customers of its regions that an incident marks.
const (
	slowest          = .3
	fastest          = 10.
	mostShare        = .15
	fewestMarked     = 30
	fewestComplaints = 6 // expected
)

// drawIncident draws everything but id and values. The pace follows from how
// many are exposed; small companies have smaller incidents.
func drawIncident(r *rand.Rand, k *kind, s *Scenario) Incident {
	in := Incident{
		Kind: k.Kind, Affected: share(r, .3, 1), Complain: share(r, .02, .1), DelayDays: share(r, .3, 5),
		Repeat: share(r, 0, .2), Unexposed: share(r, 0, .3),
	}
	pace := slowest * math.Pow(fastest/slowest, r.Float64())
	// A slow one has to go on for a while to be one at all.
	span := max(4+r.IntN(12), int(math.Ceil(fewestComplaints/pace)))
	span = min(span, max(s.Days/2, 1))
	in.From = s.Days/4 + r.IntN(s.Days-s.Days/4-span+1)
	in.To = in.From + span
	population := float64(s.Customers)
	if k.Regions > 0 {
		in.Regions, population = drawRegions(r, k.Regions, population)
	}
	most := mostShare * population
	exposed := pace * float64(span) / (in.Affected * in.Complain)
	if exposed > most {
		exposed, in.Complain = most, .1
	}
	in.Exposed = min(max(int(exposed), fewestMarked), max(int(population/4), 1))
	return in
}

// drawRegions returns n regions and how many of the customers live there.
func drawRegions(r *rand.Rand, n int, customers float64) ([]string, float64) {
	all := library().Regions
	total, here := 0., 0.
	for _, region := range all {
		total += region.Share
	}
	var names []string
	for _, i := range r.Perm(len(all))[:n] {
		names = append(names, all[i].Name)
		here += all[i].Share
	}
	return names, customers * here / total
}
