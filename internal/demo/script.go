package demo

import (
	"context"
	"math/rand/v2"
	"time"

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

const (
	isSlow = .15 // of the cases have a step that takes slower times as long
	slower = 8
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
	// begun is set when somebody has answered, away while the case is on its way
	// to another department, ended when nobody has to act any more.
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
		if quiet := s.at.Before(f.now.Add(-time.Hour)); quiet && s.begun && !s.ended && !s.away && s.department == f.content.Departments[e.truth.Type] {
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

// minute writes a time as people do.
func minute(t time.Time) string { return t.Format("2006-01-02 15:04") }
