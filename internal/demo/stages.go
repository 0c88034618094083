package demo

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

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
)

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
