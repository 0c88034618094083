package demo

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

const (
	managed = 80 // customers with a contact person of their own
	// visitorShare of them have the visitor, one in so many.
	visitorShare = 4
	contacted    = 60 // entries of the contact log
	// neglected high-value customers were spoken with two months ago and not
	// since.
	neglected  = 6
	careSince  = 60 * day
	taskSince  = 18 // days
	twinCount  = 5
	twinsKnown = 3 // of them are merged
)

// makeCare looks after customers: contacts, the plan, tasks and surveys.
func (f *founder) makeCare() {
	r := f.stream(partCare)
	valued := f.valued()
	for i, c := range valued[:min(len(valued), managed)] {
		manager := pick(r, f.agents(frontDesk))
		f.plan(f.officeAgo(r, careSince, 30*day), "", func(ctx context.Context, h *Handling) error {
			if i%visitorShare == 0 {
				manager = cmp.Or(h.Visitor, manager)
			}
			return h.Customers.SetManager(ctx, c, manager, f.lead())
		})
		if i < neglected {
			f.contact(r, c, f.officeAgo(r, careSince+5*day, careSince))
		}
	}
	for range contacted {
		f.contact(r, pick(r, valued[min(neglected, len(valued)-1):]), f.officeAgo(r, careSince/2, time.Hour))
	}
	f.makeTasks(r)
	f.makeSurveys()
	f.makeToday()
}

// makeToday does what is done last, not before midnight: a contact plan belongs to
// the period in which it was made, and a merge plans anew.
func (f *founder) makeToday() {
	at := f.now.Add(-time.Hour)
	if midnight := f.midnight(0); at.Before(midnight) {
		at = midnight
	}
	f.plan(at, "", func(ctx context.Context, h *Handling) error {
		if _, err := h.Customers.Plan(ctx); err != nil {
			return fmt.Errorf("contact plan: %w", err)
		}
		if h.Learn == nil {
			return nil
		}
		return h.Learn(ctx)
	})
	left := f.now.Sub(at)
	for i, t := range f.twins[:min(len(f.twins), twinsKnown)] {
		at := at.Add(left * time.Duration(i+1) / (twinsKnown + 2))
		f.plan(at, "", func(ctx context.Context, h *Handling) error {
			_, err := h.Customers.Merge(ctx, customer.Merge{From: t[0], Into: t[1], Reason: f.content.Handling.TwinReason, By: f.lead()})
			return err
		})
	}
	f.makeVisit(f.now.Add(-left / 4))
}

// valued returns high and VIP customers, those who complained last first.
func (f *founder) valued() []triage.CustomerID {
	tier := map[triage.CustomerID]triage.Tier{}
	for i := range f.customers {
		tier[f.customers[i].ID] = f.customers[i].Tier
	}
	var list []triage.CustomerID
	for i := range slices.Backward(f.events) {
		id := f.events[i].complaint.CustomerID
		if t := tier[id]; (t == triage.TierHigh || t == triage.TierVIP) && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// officeAgo draws a working hour between two ages.
func (f *founder) officeAgo(r *rand.Rand, oldest, youngest time.Duration) time.Time {
	for {
		t := f.now.Add(-between(r, youngest, oldest))
		if h := t.Hour(); h >= opens && h < closes {
			return t.Truncate(time.Minute)
		}
		youngest = min(youngest, oldest-day) // now may be at night
	}
}

func (f *founder) contact(r *rand.Rand, id triage.CustomerID, at time.Time) {
	words := pick(r, f.content.Handling.Contacts)
	by := pick(r, f.agents(frontDesk))
	channel := pick(r, []triage.Channel{triage.ChannelHotline, triage.ChannelHotline, triage.ChannelWeChat})
	f.plan(at, "", func(ctx context.Context, h *Handling) error {
		_, err := h.Customers.LogContact(ctx, customer.Contact{
			Customer: id, People: by, Channel: channel, Content: words.Content, Feedback: words.Feedback, By: by,
		})
		return err
	})
}

// makeTwins adds member accounts of customers who are in the file already.
func (f *founder) makeTwins() {
	r := f.stream(partTwins)
	for _, i := range r.Perm(customerCount) {
		c := f.customers[i]
		if c.Email == "" || c.OptedOut {
			continue
		}
		n := len(f.twins) + 1
		twin := triage.CustomerID(fmt.Sprintf("HY%06d", n))
		f.twins = append(f.twins, [2]triage.CustomerID{twin, c.ID})
		c.ID, c.Phone, c.JoinedAt = twin, f.spare[n-1], c.JoinedAt.Add(90*day)
		c.Tier = triage.TierOrdinary
		f.customers = append(f.customers, c)
		if n == twinCount {
			return
		}
	}
}

// makeTasks lets people look at their tasks twice a day: most get a plan and
// an outcome in time.
func (f *founder) makeTasks(r *rand.Rand) {
	for d := taskSince; d >= 0; d-- {
		for _, hour := range []time.Duration{11, 16} {
			if at := f.midnight(d).Add(hour*time.Hour + between(r, 0, 50*time.Minute)); at.Before(f.now) {
				f.plan(at, "", func(ctx context.Context, h *Handling) error { return f.doTasks(ctx, h, at) })
			}
		}
	}
}

// Of so many tasks one is forgotten before it has a plan, and one after that.
const (
	unplanned = 13
	undone    = 9
)

func (f *founder) doTasks(ctx context.Context, h *Handling, at time.Time) error {
	open, err := h.Tasks.Tasks(ctx, customer.TaskFilter{}, customer.Page{Limit: 200})
	if err != nil {
		return fmt.Errorf("tasks: %w", err)
	}
	words := &f.content.Handling
	for i := range open.Rows {
		t := &open.Rows[i]
		n, by := int(t.ID), cmp.Or(t.Owner, f.lead())
		switch {
		case n%unplanned == 0:
		case t.PlannedAt.IsZero() && at.Sub(t.CreatedAt) > 2*time.Hour:
			err = h.Tasks.PlanTask(ctx, t.ID, t.Version, words.TaskPlans[n%len(words.TaskPlans)], by)
		case n%undone != 0 && !t.PlannedAt.IsZero() && at.Sub(t.PlannedAt) > day:
			err = h.Tasks.CompleteTask(ctx, t.ID, t.Version, words.TaskOutcomes[n%len(words.TaskOutcomes)], by)
		}
		if err != nil {
			return fmt.Errorf("task %d: %w", t.ID, err)
		}
	}
	return nil
}
