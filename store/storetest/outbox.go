package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// noticeOf returns a customer's notice of a plan.
func noticeOf(t *testing.T, s Store, id prevention.PlanID, customer triage.CustomerID) prevention.Notice {
	t.Helper()
	list, err := s.Notices(t.Context(), prevention.NoticeQuery{Plan: id, Customer: customer})
	check(t, err)
	if len(list) != 1 {
		t.Fatalf("%s has %d notices of %s, want 1", customer, len(list), id)
	}
	return list[0]
}

func stateOf(t *testing.T, s Store, id prevention.PlanID, customer triage.CustomerID) prevention.NoticeState {
	t.Helper()
	return noticeOf(t, s, id, customer).State
}

// began begins an attempt by SMS that nobody else may have begun.
func began(t *testing.T, s Store, id prevention.PlanID, customer triage.CustomerID) prevention.Notice {
	t.Helper()
	n := noticeOf(t, s, id, customer)
	n.Channel, n.Key, n.Attempts, n.BegunAt = "sms", "key-"+string(customer), n.Attempts+1, start.Add(time.Minute)
	won, err := s.Outbox.Begin(t.Context(), n)
	check(t, err)
	equal(t, "won", won, true)
	n.State = prevention.NoticeSending
	return n
}

// sent begins an attempt and settles it as sent.
func sent(t *testing.T, s Store, id prevention.PlanID, customer triage.CustomerID, at time.Time) prevention.Notice {
	t.Helper()
	n := began(t, s, id, customer)
	n.State, n.SentAt, n.Reference = prevention.NoticeSent, at, "ref-"+string(customer)
	settle(t, s, n, true)
	return n
}

func settle(t *testing.T, s Store, n prevention.Notice, want bool) {
	t.Helper()
	ok, err := s.Outbox.Settle(t.Context(), n)
	check(t, err)
	equal(t, "settled as "+string(n.State), ok, want)
}

func settleAs(t *testing.T, s Store, id prevention.PlanID, customer triage.CustomerID, state prevention.NoticeState, reason string) {
	t.Helper()
	n := noticeOf(t, s, id, customer)
	n.State, n.Reason = state, reason
	settle(t, s, n, true)
}

var outboxTests = map[string]func(*testing.T, Store){
	"due notices of running plans come oldest first": func(t *testing.T, s Store) {
		first := running(t, s, "K1", "A", "B", "C")
		running(t, s, "K2", "D", "E")
		stopped := running(t, s, "K3", "F")
		to(t, s, stopped, prevention.PlanStopped)
		fix(t, s, "K4", "G") // approved only
		began(t, s, first, "A")
		due, err := s.Outbox.Due(t.Context(), start.Add(time.Second), 10)
		check(t, err)
		equal(t, "customers", customersOf(due), []triage.CustomerID{"D", "B", "E"})
		due, err = s.Outbox.Due(t.Context(), start.Add(time.Hour), 2)
		check(t, err)
		equal(t, "at most two", customersOf(due), []triage.CustomerID{"D", "B"})
	},
	"of many callers one begins": func(t *testing.T, s Store) {
		n := noticeOf(t, s, running(t, s, "K1", "A"), "A")
		n.Channel, n.Key, n.Attempts, n.BegunAt = "sms", "k", 1, start
		var wins atomic.Int32
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				won, err := s.Outbox.Begin(t.Context(), n)
				if err != nil {
					t.Error(err)
				}
				if won {
					wins.Add(1)
				}
			})
		}
		wg.Wait()
		equal(t, "winners", wins.Load(), int32(1))
		n.State = prevention.NoticeSending
		equal(t, "notice", noticeOf(t, s, n.Plan, "A"), n)
	},
	"nothing begins once the stop is stored": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A")
		n := noticeOf(t, s, id, "A")
		for _, status := range []prevention.PlanStatus{prevention.PlanStopped, prevention.PlanCancelled, prevention.PlanApproved, prevention.PlanFinished} {
			to(t, s, id, status)
			won, err := s.Outbox.Begin(t.Context(), n)
			check(t, err)
			equal(t, "begun while "+string(status), won, false)
		}
		to(t, s, id, prevention.PlanRunning)
		began(t, s, id, "A")
	},
	"nothing begins that another sender tried since it was read": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A")
		early := noticeOf(t, s, id, "A")
		n := began(t, s, id, "A")
		n.State, n.Reason = prevention.NoticeQueued, "unknown"
		settle(t, s, n, true)
		won, err := s.Outbox.Begin(t.Context(), early)
		check(t, err)
		equal(t, "begun with what was read before", won, false)
		began(t, s, id, "A")
	},
	"a notice is settled from where it may be": func(t *testing.T, s Store) {
		const no, yes = false, true
		for from, want := range map[prevention.NoticeState]map[prevention.NoticeState]bool{
			prevention.NoticeSending: {prevention.NoticeSent: yes, prevention.NoticeDelivered: yes, prevention.NoticeQueued: yes, prevention.NoticeFailed: yes, prevention.NoticeUnclear: yes, prevention.NoticeSkipped: yes},
			prevention.NoticeQueued:  {prevention.NoticeSent: no, prevention.NoticeDelivered: no, prevention.NoticeQueued: yes, prevention.NoticeFailed: yes, prevention.NoticeUnclear: yes, prevention.NoticeSkipped: yes},
			prevention.NoticeUnclear: {prevention.NoticeSent: yes, prevention.NoticeQueued: no, prevention.NoticeFailed: yes, prevention.NoticeUnclear: no, prevention.NoticeSkipped: no},
			prevention.NoticeSent:    {prevention.NoticeSent: no, prevention.NoticeQueued: no, prevention.NoticeFailed: no, prevention.NoticeUnclear: no, prevention.NoticeSkipped: no},
			prevention.NoticeFailed:  {prevention.NoticeSent: no, prevention.NoticeQueued: no},
			prevention.NoticeSkipped: {prevention.NoticeSent: no, prevention.NoticeQueued: no},
		} {
			for state, ok := range want {
				customer := triage.CustomerID(from + state)
				id := running(t, s, "K1", customer)
				if from != prevention.NoticeQueued {
					n := began(t, s, id, customer)
					if n.State = from; from != prevention.NoticeSending {
						settle(t, s, n, true)
					}
				}
				n := noticeOf(t, s, id, customer)
				equal(t, "state before", n.State, from)
				n.State = state
				settle(t, s, n, ok)
			}
		}
	},
	"somebody decides about what is unclear, once and on record": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A", "B")
		n := began(t, s, id, "A")
		e := triage.AuditEntry{At: start, Actor: "bo", Action: "plan.decide", Object: "plan:" + string(id), Detail: `{"told":true}`}
		before := len(trailOf(t, s, id))
		n.State, n.SentAt = prevention.NoticeSent, start.Add(time.Minute)
		decided := func() bool {
			ok, err := s.Outbox.Decide(t.Context(), n, e)
			check(t, err)
			return ok
		}
		equal(t, "decided while it is sending", decided(), false)
		unclear := n
		unclear.State, unclear.SentAt = prevention.NoticeUnclear, time.Time{}
		settle(t, s, unclear, true)
		equal(t, "decided", decided(), true)
		equal(t, "decided again", decided(), false)
		equal(t, "notice", noticeOf(t, s, id, "A"), n)
		equal(t, "new entries", trailOf(t, s, id)[before:], []triage.AuditEntry{e})
		n.State = prevention.NoticeQueued
		_, err := s.Outbox.Decide(t.Context(), n, e)
		code(t, err, triage.CodeInvalid)
	},
	"what an attempt ended in comes back": func(t *testing.T, s Store) {
		n := began(t, s, running(t, s, "K1", "A"), "A")
		n.State, n.Reason, n.NextAt, n.Reference = prevention.NoticeQueued, "retry", start.Add(time.Hour), "r"
		n.Channel, n.Key, n.Attempts, n.BegunAt = "email", "k2", 0, start.Add(2*time.Minute)
		settle(t, s, n, true)
		equal(t, "notice", noticeOf(t, s, n.Plan, "A"), n)
		n.State = prevention.NoticeAnswered
		_, err := s.Outbox.Settle(t.Context(), n)
		code(t, err, triage.CodeInvalid)
	},
	"stranded notices have been sending for long": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A", "B", "C")
		want := began(t, s, id, "B")
		sent(t, s, id, "A", start)
		got, err := s.Outbox.Stranded(t.Context(), want.BegunAt.Add(time.Millisecond), 10)
		check(t, err)
		equal(t, "stranded", got, []prevention.Notice{want})
		got, err = s.Outbox.Stranded(t.Context(), want.BegunAt, 10)
		check(t, err)
		equal(t, "not yet", got, []prevention.Notice{})
	},
	"a plan finishes when nothing waits": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A", "B")
		open := running(t, s, "K2", "A")
		of := draft("")
		of.Rule, of.Status = "R1", prevention.PlanRunning
		goesOn := created(t, s, of)
		sent(t, s, id, "A", start)
		n := began(t, s, id, "B")
		finish := func() []prevention.PlanID {
			got, err := s.Outbox.FinishPlans(t.Context(), start.Add(time.Hour))
			check(t, err)
			return got
		}
		equal(t, "while sending", finish(), []prevention.PlanID{})
		n.State = prevention.NoticeFailed
		settle(t, s, n, true)
		equal(t, "then", finish(), []prevention.PlanID{id})
		equal(t, "again", finish(), []prevention.PlanID{})
		p := plan(t, s, id)
		equal(t, "status", p.Status, prevention.PlanFinished)
		equal(t, "time", p.FinishedAt, start.Add(time.Hour))
		equal(t, "others", []prevention.PlanStatus{plan(t, s, open).Status, plan(t, s, goesOn.ID).Status}, []prevention.PlanStatus{prevention.PlanRunning, prevention.PlanRunning})
		trail, err := s.Trail(t.Context(), "plan:"+string(id))
		check(t, err)
		equal(t, "last entry", trail[len(trail)-1].Action, "plan.finish")
	},
	"notices are listed in portions": func(t *testing.T, s Store) {
		id := running(t, s, "K1", "A", "B", "C", "D")
		settleAs(t, s, id, "B", prevention.NoticeFailed, "rejected")
		var got []triage.CustomerID
		q := prevention.NoticeQuery{Plan: id, States: []prevention.NoticeState{prevention.NoticeQueued}, Limit: 2}
		for {
			list, err := s.Notices(t.Context(), q)
			check(t, err)
			if len(list) == 0 {
				break
			}
			got = append(got, customersOf(list)...)
			q.After = list[len(list)-1].ID
		}
		equal(t, "customers", got, []triage.CustomerID{"A", "C", "D"})
		all, err := s.Notices(t.Context(), prevention.NoticeQuery{Customer: "B"})
		check(t, err)
		equal(t, "reason", all[0].Reason, "rejected")
	},
}

func trailOf(t *testing.T, s Store, id prevention.PlanID) []triage.AuditEntry {
	t.Helper()
	trail, err := s.Trail(t.Context(), "plan:"+string(id))
	check(t, err)
	return trail
}

func customersOf(list []prevention.Notice) []triage.CustomerID {
	var ids []triage.CustomerID
	for _, n := range list {
		ids = append(ids, n.Customer)
	}
	return ids
}
