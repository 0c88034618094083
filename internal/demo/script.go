package demo

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// liveSince is how far back cases are worked on step by step; older ones come
// in with their end, as from an import.
const liveSince = 10 * day

// liveShare is how many of the cases of an age are worked on step by step.
func liveShare(age time.Duration) float64 {
	switch {
	case age >= liveSince:
		return 0
	case age > 4*day:
		return .6
	}
	return .9
}

// How often something out of the ordinary happens.
const (
	written       = .45 // what is said to the customer is on record word for word
	settledAtOnce = .12
	withdrawn     = .04
	waits         = .2
	handedOver    = .3
	returned      = .25 // of those handed over
	declined      = .12
	reopened      = .08
	// atLeast so many are taken up again.
	atLeast = 2
	isSlow  = .15
	slower  = 8 // times as long
)

// script is one case in the hands of the staff, up to the present.
type script struct {
	f     *founder
	r     *rand.Rand
	e     *event
	story *story
	// at is the time of the latest act. From until on nothing is done.
	at, until time.Time
	// owner acts, for the department.
	owner, department string
	// wait counts the waits so far, slow is the one that takes long.
	wait, slow int
	// begun is set when somebody has answered, ended is set when nobody has to act any more.
	begun, away, ended bool
}

// makeScripts works on the live cases, each as far as it has got by now.
func (f *founder) makeScripts() {
	r := f.stream(partScripts)
	again := f.repeated()
	for i := range f.events {
		e := &f.events[i]
		s := &script{f: f, r: r, e: e, story: f.storyOf(r, e), at: f.received(e.complaint.At), until: f.now, slow: -1}
		if !e.live || s.story == nil {
			continue
		}
		e.quality = s.story.Quality
		if r.Float64() < isSlow && !e.loyal {
			s.slow = r.IntN(6)
		}
		s.department = f.content.Departments[e.truth.Type]
		s.owner = f.agentFor(r, s.department)
		next := again[e]
		if next != nil {
			s.until = f.received(next.complaint.At)
		}
		s.run()
		if next != nil && !s.ended {
			s.at, s.until = s.until, f.now
			s.mergeInto(next.complaint.ID)
		}
		if s.begun && !s.ended && !s.away && s.department == f.content.Departments[e.truth.Type] {
			f.worked = append(f.worked, e)
		}
	}
}

// repeated returns the complaints that were made again about the same order, with
// those in which they can go on.
func (f *founder) repeated() map[*event]*event {
	latest := map[string]*event{}
	again := map[*event]*event{}
	for i := range f.events {
		e := &f.events[i]
		id := e.complaint.OrderID
		if id == "" {
			continue
		}
		if first := latest[id]; first != nil && first.live && e.complaint.ClosedAt.IsZero() {
			again[first] = e
			e.again = true
		}
		latest[id] = e
	}
	return again
}

// run takes the case through its life.
func (s *script) run() {
	if !s.answer() || s.shortcut() || !s.verify() || !s.propose() || !s.carryOut() {
		return
	}
	s.after()
}

// later lets time go by until the next act; false is that it lies ahead.
func (s *script) later(lo, hi time.Duration) bool {
	wait := between(s.r, lo, hi)
	if s.wait == s.slow {
		wait *= slower
	}
	s.wait++
	at := office(s.r, s.at.Add(wait))
	if !at.Before(s.until) {
		return false
	}
	s.at = at
	return true
}

func (s *script) do(what func(ctx context.Context, h *Handling) error) {
	s.f.plan(s.at, s.e.complaint.ID, what)
}

func (s *script) move(m life.Move, facts map[string]string) {
	o := life.Order{Case: s.e.complaint.ID, Move: m, By: s.owner, Owner: s.owner, Facts: facts}
	s.do(func(ctx context.Context, h *Handling) error {
		_, err := h.Cases.Move(ctx, o)
		return err
	})
}

func (s *script) reply(text string, spoken bool) {
	id, by := s.e.complaint.ID, s.owner
	s.do(func(ctx context.Context, h *Handling) error { return h.Talk.Reply(ctx, id, text, by, spoken) })
}

// answer is the first answer: a letter to those who wrote, mostly, else a call.
func (s *script) answer() bool {
	if !s.later(15*time.Minute, 5*time.Hour) {
		return false
	}
	s.begun = true
	if s.e.complaint.Channel != triage.ChannelHotline && s.r.Float64() < written {
		s.reply("", false)
		return true
	}
	s.move(life.MoveAcknowledge, map[string]string{
		"answered_how": pick(s.r, s.f.content.Handling.Answered), "answered_at": minute(s.at),
	})
	return true
}

// shortcut ends some cases before they are looked into.
func (s *script) shortcut() bool {
	x := s.r.Float64()
	if s.f.withdrawals == 0 {
		x = 0
	}
	switch {
	case s.e.loyal || s.e.again || x >= settledAtOnce+withdrawn:
		return false
	case !s.later(10*time.Minute, 2*time.Hour):
	case x < withdrawn:
		s.move(life.MoveWithdraw, map[string]string{"reason": pick(s.r, s.f.content.Handling.Withdrawals)})
		s.ended = true
		s.f.withdrawals++
	default:
		s.end(life.MoveSettle, map[string]string{"resolution": s.story.Resolution, "cause": string(s.story.Cause)}, .5)
	}
	return true
}

// end closes the case; scored is how often the customer says at once how it
// was.
func (s *script) end(m life.Move, facts map[string]string, scored float64) {
	if s.e.loyal || s.r.Float64() < scored {
		facts["satisfaction"] = s.score()
	}
	if id := s.f.solutionFor(s.r, s.e); id != "" && s.r.Float64() < .7 {
		complaint, by := s.e.complaint.ID, s.owner
		s.do(func(ctx context.Context, h *Handling) error { return h.Library.Use(ctx, complaint, id, by) })
	}
	s.move(m, facts)
	s.ended = true
}

func (s *script) score() string {
	if s.e.loyal {
		return loyalScore
	}
	return strconv.FormatFloat(*score(s.r, s.story.Quality, s.e.truth.Intensity, s.at.Sub(s.e.complaint.At)), 'f', -1, 64)
}

// verify checks the facts, with the customer's and other departments' help
// where it is needed, up to the cause.
func (s *script) verify() bool {
	if !s.later(30*time.Minute, 8*time.Hour) {
		return false
	}
	s.move(life.MoveVerify, nil)
	s.f.label(s.r, s.e, s.at, s.owner)
	fresh := s.f.now.Sub(s.at) < unanswered
	switch {
	case s.e.loyal:
	case (s.r.Float64() < waits || fresh && s.f.asking == 0) && !s.ask():
		return false
	case (s.r.Float64() < handedOver || fresh && s.f.passing == 0) && !s.handOver():
		return false
	}
	if !s.later(40*time.Minute, 7*time.Hour) {
		return false
	}
	s.move(life.MoveAttribute, map[string]string{
		"findings": s.story.Findings, "cause": string(s.story.Cause), "cause_department": s.f.content.Departments[s.e.truth.Type],
	})
	return true
}

// propose offers the solution until the customer agrees.
func (s *script) propose() bool {
	if !s.later(30*time.Minute, 9*time.Hour) {
		return false
	}
	h := &s.f.content.Handling
	s.move(life.MovePropose, map[string]string{"solution": s.story.Solution})
	if s.r.Float64() < written {
		s.reply(strings.ReplaceAll(h.Offer, "{solution}", s.story.Solution), s.r.Float64() < .5)
	}
	if s.r.Float64() < declined && !s.e.loyal {
		if !s.later(time.Hour, 10*time.Hour) {
			return false
		}
		no := pick(s.r, h.Refusals)
		s.move(life.MoveDecline, map[string]string{"counter_demand": no.Demand, "solution": no.Offer})
	}
	if !s.later(30*time.Minute, 20*time.Hour) {
		return false
	}
	s.move(life.MoveAgree, map[string]string{
		"consent_by": "客户本人", "consent_at": minute(s.at), "consent_how": pick(s.r, h.Consents),
	})
	return true
}

// carryOut does what was agreed, up to the customer's word that it is done.
func (s *script) carryOut() bool {
	if !s.later(time.Hour, 14*time.Hour) {
		return false
	}
	s.move(life.MoveExecute, map[string]string{
		"task": s.story.Task, "executor": s.f.agentFor(s.r, s.department), "execute_until": minute(s.at.Add(2 * day)),
	})
	if !s.later(4*time.Hour, 44*time.Hour) {
		return false
	}
	s.move(life.MoveConfirm, map[string]string{"result": s.story.Result})
	if !s.later(2*time.Hour, 24*time.Hour) {
		return false
	}
	s.end(life.MoveClose, map[string]string{
		"resolution": s.story.Resolution, "confirmation": pick(s.r, s.f.content.Handling.Confirmations),
	}, .35)
	return true
}

// after is what follows the end: a call, or that it was not the end.
func (s *script) after() {
	again := !s.e.loyal && (s.r.Float64() < reopened || s.f.reopened < atLeast)
	if !again && s.r.Float64() < .5 || !s.later(10*time.Hour, 40*time.Hour) {
		return
	}
	if !again {
		s.move(life.MoveCallBack, map[string]string{"answer": pick(s.r, s.f.content.Handling.CallBacks)})
		return
	}
	s.ended = false
	s.f.reopened++
	s.move(life.MoveReopen, map[string]string{"reason": pick(s.r, s.f.content.Handling.ComplaintsAgain)})
}

// minute writes a time as people do.
func minute(t time.Time) string { return t.Format("2006-01-02 15:04") }
