package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

const (
	// surveySince is how far back customers are asked; surveyHour is when.
	surveySince  = 20
	surveyHour   = 10*time.Hour + 30*time.Minute
	answerShare  = .3 // of the invitations and, again, of the reminders
	answerWithin = 40 * time.Hour
	// contentScore is the least score of a customer who has nothing to say
	// against the outcome.
	contentScore = 80
)

// makeSurveys asks customers every morning.
func (f *founder) makeSurveys() {
	p := &public{founder: f, rand: f.stream(partAnswers), answered: map[string]bool{}, settled: map[triage.Phone]*event{}}
	phones := map[triage.CustomerID]triage.Phone{}
	for i := range f.customers {
		phones[f.customers[i].ID] = f.customers[i].Phone
	}
	for i := range f.events {
		if e := &f.events[i]; e.quality > 0 {
			p.settled[phones[e.complaint.CustomerID]] = e
		}
	}
	for d := surveySince; d >= 0; d-- {
		at := f.midnight(d).Add(surveyHour)
		if !at.Before(f.now) {
			continue
		}
		f.acts = append(f.acts, act{at: at, do: func(ctx context.Context, w *writer) error { return p.ask(ctx, w, at) }})
	}
}

// midnight is the beginning of the day that is so many days before today.
func (f *founder) midnight(days int) time.Time {
	y, m, d := f.now.Date()
	return time.Date(y, m, d-days, 0, 0, 0, 0, f.now.Location())
}

// public is the customers who are asked how it ended.
type public struct {
	*founder
	rand *rand.Rand
	// settled is the latest case with an end of each customer.
	settled  map[triage.Phone]*event
	answered map[string]bool
}

// ask sends what is due; some of the customers will answer.
func (p *public) ask(ctx context.Context, w *writer, now time.Time) error {
	h := w.target.Handling
	if h == nil {
		return nil
	}
	if _, err := h.Surveys.Invite(ctx); err != nil {
		return fmt.Errorf("surveys: %w", err)
	}
	for _, l := range h.Inbox.invited() {
		e := p.settled[l.phone]
		at := now.Add(between(p.rand, 5*time.Minute, answerWithin))
		if e == nil || p.answered[l.token] || p.rand.Float64() >= answerShare || !at.Before(p.now) {
			continue
		}
		p.answered[l.token] = true
		a := p.opinion(e)
		w.later(act{at: at, do: func(ctx context.Context, w *writer) error { return h.Surveys.Answer(ctx, l.token, a) }})
	}
	return nil
}

// opinion is what a customer says of the end of a case.
func (p *public) opinion(e *event) survey.Answer {
	words := &p.content.Handling
	a := survey.Answer{Score: *score(p.rand, e.quality, e.truth.Intensity, day)}
	if a.Score >= contentScore {
		a.Text = pick(p.rand, words.Praise)
		return a
	}
	why := pick(p.rand, survey.Reasons)
	a.Reasons = []survey.Reason{why}
	if other := pick(p.rand, survey.Reasons); other != why && p.rand.Float64() < .3 {
		a.Reasons = append(a.Reasons, other)
	}
	a.Text = pick(p.rand, words.Blame[string(why)])
	return a
}
