package fact

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// Source is all that a row is built from.
type Source struct {
	// Case with its Campaign the one that it is attributed to. Attributes,
	// entities and reasons are not looked at.
	Case      triage.Case
	Steps     []life.Step     // oldest first
	HandOvers []life.HandOver // of which only the facts are looked at
	// Suggested is the type that the machine had given when somebody last said
	// what it is, "" when nobody has.
	Suggested string
	// Reasons are those of the survey of the present closing.
	Reasons []survey.Reason
	// Replies are what went to the customer.
	Replies []Reply
	// Kept is what was counted in texts that are forgotten.
	Kept Kept
}

// Reply is a text that went to a customer. Marked says that Mark is known: what
// a Marker said of the text.
type Reply struct {
	ID     int64
	Text   string
	Mark   int
	Marked bool
}

// Kept is what is left of texts that were forgotten. It is nothing as long as
// they are there.
type Kept struct {
	Escalations Flags
	// Needed and Known are the facts of all hand-overs.
	Needed, Known int
}

// Marker gives the wording of a reply a mark of 1 to 5, 0 for a text that it
// cannot judge. It is safe for concurrent use.
type Marker func(reply, complaint string) int

// bestMark is the highest that a Marker gives.
const bestMark = 5

// Build makes the row of a case. Replies that are not marked yet get their mark
// in s. mark may be nil: then no reply counts.
func Build(s *Source, zone *time.Location, mark Marker) Row {
	c := &s.Case
	at := since(c)
	local := at.In(zone)
	r := Row{
		Seq: c.Seq, Day: DayOf(at, zone), Minute: uint16(local.Hour()*60 + local.Minute()),
		Customer: customerOf(c.CustomerID), Flags: flagsOf(s), Satisfaction: None,
		Respond: until(at, c.Work.RespondedAt), Verify: until(at, c.Work.VerifiedAt), Resolve: until(at, c.ClosedAt),
		Stays: stays(s, at),
	}
	if c.Work.RespondedAt.Equal(at) { // imported as answered: nobody knows when
		r.Respond = None
	}
	if c.Satisfaction != nil {
		r.Satisfaction = float32(*c.Satisfaction)
	}
	r.setValues(c)
	for i := range s.HandOvers {
		r.addHandOver(s.HandOvers[i].Facts)
	}
	r.FactsNeeded, r.FactsKnown = plus(r.FactsNeeded, s.Kept.Needed), plus(r.FactsKnown, s.Kept.Known)
	for i := range s.Replies {
		r.addReply(&s.Replies[i], c, mark)
	}
	return r
}

// since is the time of the complaint, that of its receipt when the source did
// not say.
func since(c *triage.Case) time.Time {
	if c.At.IsZero() {
		return c.ReceivedAt
	}
	return c.At
}

// until returns the whole minutes from a complaint to what happened after it, 0
// for what a source says happened before, None for what has not happened.
func until(at, then time.Time) int32 {
	if then.IsZero() {
		return None
	}
	minutes := (then.UnixMilli() - at.UnixMilli()) / time.Minute.Milliseconds() // a time.Duration ends at 292 years
	return int32(min(max(minutes, 0), math.MaxInt32))
}

// customerOf is the first eight bytes of the SHA-256 of the id.
func customerOf(id triage.CustomerID) uint64 {
	if id == "" {
		return 0
	}
	sum := sha256.Sum256([]byte(id))
	return max(binary.BigEndian.Uint64(sum[:]), 1)
}

func (r *Row) setValues(c *triage.Case) {
	a, w := &c.Assessment, &c.Work
	subtype := a.Subtype
	if c.Type != "" {
		subtype = c.Subtype
	}
	r.Values = [Dims]string{
		Type: c.FinalType(), Subtype: subtype, Channel: string(c.Channel), Region: c.Region, Product: c.Product,
		Campaign: c.Campaign, Department: cmp.Or(w.Department, a.Department), Owner: w.Owner, Tier: string(w.Tier),
		Urgency: string(a.Urgency.Level), Sentiment: string(a.Sentiment.Label), Intensity: strconv.Itoa(a.Sentiment.Intensity),
		Demand: string(a.Demand), Style: string(a.Style), Cause: string(w.Cause), CauseDepartment: w.CauseDepartment,
		Status: string(c.Status),
	}
}

// unknown begins a fact of a hand-over that nobody knows.
const unknown = "unknown:"

// addHandOver counts a hand-over and what it told.
func (r *Row) addHandOver(facts map[string]string) {
	needed, known := FactsOf(facts)
	r.HandOvers, r.FactsNeeded, r.FactsKnown = plus(r.HandOvers, 1), plus(r.FactsNeeded, needed), plus(r.FactsKnown, known)
}

// FactsOf counts the facts that a hand-over needs and those that it knows. One
// without facts, such as one that was forgotten, needs none.
func FactsOf(facts map[string]string) (needed, known int) {
	if len(facts) == 0 {
		return 0, 0
	}
	for _, n := range life.Needed {
		value := strings.ToLower(strings.TrimSpace(facts[n.Key]))
		if value != "" && !strings.HasPrefix(value, unknown) {
			known++
		}
	}
	return len(life.Needed), known
}

// addReply counts a reply if its wording can be marked.
func (r *Row) addReply(s *Reply, c *triage.Case, mark Marker) {
	if mark == nil || r.Replies == math.MaxUint8 {
		return
	}
	if !s.Marked && s.Text != "" {
		s.Mark, s.Marked = min(max(mark(s.Text, c.Body()), 0), bestMark), true
	}
	if s.Mark > 0 {
		r.Replies++
		r.Points += uint16(s.Mark)
	}
}

// plus adds up to the end of the type.
func plus(n uint8, more int) uint8 { return uint8(min(int(n)+more, math.MaxUint8)) }

// stays are the steps of a case that have ended. What the record says twice, of
// one status in one pair of hands, is one stay.
func stays(s *Source, at time.Time) []Stay {
	if len(s.Steps) == 0 {
		return nil
	}
	now := Stay{Status: string(s.Steps[0].From), Department: s.Case.Assessment.Department}
	begun := at
	var list []Stay
	for i := range s.Steps {
		step := &s.Steps[i]
		next := Stay{Status: string(step.To), Department: step.Department, Owner: step.Owner}
		if next == now {
			continue
		}
		now.Minutes = max(until(begun, step.Entered), 0)
		list = append(list, now)
		now, begun = next, step.Entered
	}
	return list
}
