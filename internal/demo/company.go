package demo

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/triage"
)

// company is everything that is written; exposures, events and steps are in
// order of time.
type company struct {
	customers []triage.Customer
	campaigns []triage.Campaign
	exposures []triage.Exposure
	solutions []triage.Solution
	// events are the complaints with what only the simulation knows of them.
	events []event
	// earlier are complaints of the time before, which came in with their end.
	earlier []triage.Complaint
	acts    []act
	matters map[planted]Matter
	steps   []step

	repeats, affected, complained, batchAffected int
}

func (c *company) size() int {
	return len(c.customers) + len(c.campaigns) + len(c.exposures) + len(c.solutions) +
		len(c.earlier) + len(c.events) + len(c.acts)
}

// founder makes a company. Every part draws from a random stream of its own,
// so that a change to one part leaves the others as they are.
type founder struct {
	now     time.Time
	seed    uint64
	content *content
	// easing draws for what a change spares.
	easing *rand.Rand
	// spare telephone numbers belong to nobody yet; twins are accounts and the
	// customers who have them.
	spare []triage.Phone
	twins [][2]triage.CustomerID
	// worked are the cases that the staff have begun and not ended, and with which
	// they do nothing in the last hour.
	worked []*event
	// reopened counts the cases that were taken up again, withdrawals those taken
	// back, asking and passing those that wait for an answer of the customer or of
	// another department.
	reopened, withdrawals, asking, passing int
	company
}

// event is a complaint in the making. The type and sub-type in truth are what
// the writer of the text meant; the complaint carries them only once a person
// has judged it.
type event struct {
	complaint triage.Complaint
	truth     corpus.Item
	// ordered is when the order was placed, zero when there is none.
	ordered time.Time
	// of is the incident it is about.
	of planted
	// heeds is a customer who does not complain after having been told.
	heeds bool
	// live cases are worked on step by step; see makeScripts.
	live bool
	// again is set for a complaint in which an earlier one goes on.
	again bool
	// loyal complaints are of a customer who becomes a VIP.
	loyal bool
	// quality is how well the case ends, 0 while that is open.
	quality float64
}

// stream returns the random numbers of one part.
func (f *founder) stream(part uint64) *rand.Rand { return rand.New(rand.NewPCG(f.seed, part)) }

// The parts that draw random numbers.
const (
	partCustomers = iota + 1
	partCampaigns
	partHistory
	partIncident
	partRepeats
	partOutcomes
	partExposures
	partSolutions
	partDecisions
	partBatch
	partLoyal
	partScripts
	partCare
	partTwins
	partAnswers
	partVoices
	partCounter
	partEased
	partEarlier
)

// found builds the company as of now.
func found(now time.Time, seed uint64) (*company, error) {
	items, err := corpus.Read()
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	content, err := readContent()
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	f := &founder{now: now, seed: seed, content: content}
	f.easing = f.stream(partEased)
	f.makeCustomers()
	f.makeCampaigns()
	f.makeSolutions()
	f.makeHistory(items)
	f.makeLoyal()
	f.makeExposures()
	f.makeOutcomes()
	f.makeRepeats()
	f.makeIncident()
	f.makeBatch()
	f.makeVoices()
	f.makeEarlier(items)
	f.makeTwins()
	f.number()
	f.makeMatters()
	f.steps = f.timeline()
	f.makeLabels()
	f.makeScripts()
	f.makeCare()
	f.makeEditions()
	f.makeMarketing()
	f.makeCounter()
	f.makeImprovements()
	f.makeReports()
	slices.SortStableFunc(f.acts, compareActs)
	slices.SortStableFunc(f.exposures, func(a, b triage.Exposure) int { return a.At.Compare(b.At) })
	return &f.company, nil
}

// number sorts the complaints by time and gives them their ids: the day and a
// running number within it.
func (f *founder) number() {
	slices.SortStableFunc(f.events, func(a, b event) int {
		return cmp.Or(a.complaint.At.Compare(b.complaint.At), cmp.Compare(a.complaint.Text, b.complaint.Text))
	})
	onDay := map[string]int{}
	for i := range f.events {
		c := &f.events[i].complaint
		day := c.At.Format("20060102")
		onDay[day]++
		c.ID = triage.ComplaintID(fmt.Sprintf("TS%s-%03d", day, onDay[day]))
	}
}

// pick returns one of the values, all equally likely.
func pick[T any](r *rand.Rand, values []T) T { return values[r.IntN(len(values))] }

// draw returns the index of a weight, each as likely as it is heavy.
func draw(r *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := r.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// between returns a duration from lo to hi in whole seconds.
func between(r *rand.Rand, lo, hi time.Duration) time.Duration {
	return lo + time.Duration(r.Int64N(int64(hi-lo))).Truncate(time.Second)
}
