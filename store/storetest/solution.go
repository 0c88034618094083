package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// written is the n-th version of a solution, with every field set.
func written(id string, n int) solution.Version {
	return solution.Version{
		Solution: id, Number: n, State: solution.Draft, Author: "li", CreatedAt: start,
		Content: solution.Content{
			Type: "billing", Subtype: "billing.topup", Title: "对账补记", Steps: []string{"核对渠道账单", "当场补记"},
			Wording: "{客户称呼}，您好。", Policy: solution.Policy{{Tier: triage.TierVIP, Amount: solution.Yuan(50), Gift: "流量包"}},
		},
		Evidence: []triage.ComplaintID{"c0001", "c0002"},
	}
}

var byLi = triage.AuditEntry{At: start, Actor: "li", Action: "solution.test", Object: "solution:S"}

// approve stores a version and brings it into force.
func approve(t *testing.T, s Store, v solution.Version) {
	t.Helper()
	check(t, s.AddSolutionVersion(t.Context(), v, byLi))
	check(t, s.MoveSolution(t.Context(), solution.Move{Solution: v.Solution, Number: v.Number, From: solution.Draft, To: solution.Approved, By: "wang", At: start}, byLi))
}

func versions(t *testing.T, s Store, id string) []solution.Version {
	t.Helper()
	list, err := s.SolutionVersions(t.Context(), solution.Filter{Solution: id})
	check(t, err)
	return list
}

func states(list []solution.Version) (all []solution.State) {
	for _, v := range list {
		all = append(all, v.State)
	}
	return all
}

var solutionTests = map[string]func(*testing.T, Store){
	"a version comes back with everything": func(t *testing.T, s Store) {
		want := written("S", 1)
		check(t, s.AddSolutionVersion(t.Context(), want, byLi))
		equal(t, "versions", versions(t, s, "S"), []solution.Version{want})
		trail, err := s.Trail(t.Context(), "solution:S")
		check(t, err)
		equal(t, "trail", trail, []triage.AuditEntry{byLi})
		list, err := s.SolutionVersions(t.Context(), solution.Filter{Type: "network"})
		check(t, err)
		equal(t, "of another type", len(list), 0)
	},
	"a number is given once, and what fails leaves nothing": func(t *testing.T, s Store) {
		check(t, s.AddSolutionVersion(t.Context(), written("S", 1), byLi))
		code(t, s.AddSolutionVersion(t.Context(), written("S", 1), byLi), triage.CodeConflict)
		equal(t, "states", states(versions(t, s, "S")), []solution.State{solution.Draft})
		trail, err := s.Trail(t.Context(), "solution:S")
		check(t, err)
		equal(t, "entries", len(trail), 1)
	},
	"a new version retires drafts, and an approval what was in force": func(t *testing.T, s Store) {
		approve(t, s, written("S", 1))
		check(t, s.AddSolutionVersion(t.Context(), written("S", 2), byLi))
		check(t, s.AddSolutionVersion(t.Context(), written("S", 3), byLi))
		equal(t, "states", states(versions(t, s, "S")), []solution.State{solution.Approved, solution.Retired, solution.Draft})
		check(t, s.MoveSolution(t.Context(), solution.Move{Solution: "S", Number: 3, From: solution.Draft, To: solution.Approved, By: "wang", At: start.Add(time.Hour)}, byLi))
		got := versions(t, s, "S")
		equal(t, "states", states(got), []solution.State{solution.Retired, solution.Retired, solution.Approved})
		equal(t, "decided by", got[2].DecidedBy, "wang")
		equal(t, "decided at", got[2].DecidedAt, start.Add(time.Hour))
		equal(t, "the text of the first", got[0].Content, written("S", 1).Content)
	},
	"a move from another state is refused": func(t *testing.T, s Store) {
		check(t, s.AddSolutionVersion(t.Context(), written("S", 1), byLi))
		m := solution.Move{Solution: "S", Number: 1, From: solution.Proposed, To: solution.Approved, By: "wang"}
		code(t, s.MoveSolution(t.Context(), m, byLi), triage.CodeConflict)
		m.Number = 2
		code(t, s.MoveSolution(t.Context(), m, byLi), triage.CodeNotFound)
	},
	"scores count for the version a case was settled with last": func(t *testing.T, s Store) {
		approve(t, s, written("S", 1))
		approve(t, s, written("S", 2))
		accept(t, s, many(3)...)
		use := func(c triage.ComplaintID, n int) error {
			return s.UseSolution(t.Context(), solution.Use{Complaint: c, Solution: "S", Number: n, By: "li", At: start}, byLi)
		}
		check(t, use("c0000", 1))
		check(t, use("c0000", 2))
		check(t, use("c0001", 2))
		check(t, use("c0002", 2))
		for id, score := range map[triage.ComplaintID]float64{"c0000": 90, "c0001": 70} {
			check(t, s.Close(t.Context(), triage.Closing{Complaint: id, Resolution: "已补记", Satisfaction: &score, By: "li", At: start}))
		}
		got := versions(t, s, "S")
		equal(t, "uses of the first", got[0].Uses, 0)
		equal(t, "uses of the second", got[1].Uses, 3)
		equal(t, "outcome", got[1].Outcome, triage.Outcome{Scores: 2, Mean: 80})
		code(t, use("nobody", 2), triage.CodeNotFound)
		code(t, use("c0000", 9), triage.CodeNotFound)
		list, err := s.SolutionsFor(t.Context(), "billing", "")
		check(t, err)
		mean := 80.0
		equal(t, "suggested", list, []triage.Solution{{
			ID: "S", Type: "billing", Subtype: "billing.topup", Title: "对账补记", Text: "核对渠道账单\n当场补记", Wording: "{客户称呼}，您好。",
			Uses: 3, Scores: 2, Satisfaction: &mean, Version: 2,
		}})
	},
	"only what is approved is suggested": func(t *testing.T, s Store) {
		check(t, s.AddSolutionVersion(t.Context(), written("S", 1), byLi))
		list, err := s.SolutionsFor(t.Context(), "billing", "billing.topup")
		check(t, err)
		equal(t, "suggested", len(list), 0)
	},
	"an import is approved, and the same import again undoes nothing": func(t *testing.T, s Store) {
		put := func(text string, uses int) {
			_, err := s.PutSolutions(t.Context(), []triage.Solution{{ID: "S", Type: "billing", Text: text, Uses: uses}})
			check(t, err)
		}
		put("补录", 1)
		put("补录", 5)
		got := versions(t, s, "S")
		equal(t, "states", states(got), []solution.State{solution.Approved})
		equal(t, "uses", got[0].Uses, 5)
		approve(t, s, written("S", 2))
		put("补录", 6)
		equal(t, "states", states(versions(t, s, "S")), []solution.State{solution.Retired, solution.Approved})
		put("补录并致歉", 1)
		equal(t, "states", states(versions(t, s, "S")), []solution.State{solution.Retired, solution.Retired, solution.Approved})
	},
	"solved cases have a resolution and a score, and come latest first": func(t *testing.T, s Store) {
		accept(t, s, many(4)...)
		score := 90.0
		for _, d := range []triage.Closing{
			{Complaint: "c0000", Resolution: "已补记", Satisfaction: &score}, {Complaint: "c0001", Resolution: "已解释"},
			{Complaint: "c0002", Resolution: "已退款", Satisfaction: &score},
		} {
			check(t, s.Close(t.Context(), d))
		}
		var got []triage.ComplaintID
		check(t, s.SolvedCases(t.Context(), start, func(r solution.Resolved) error { got = append(got, r.ID); return nil }))
		equal(t, "cases", got, []triage.ComplaintID{"c0002", "c0000"})
		stop := errors.New("enough")
		if err := s.SolvedCases(t.Context(), start, func(solution.Resolved) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("got %v, want the error of the caller", err)
		}
	},
	"a letter that was begun is settled or dropped once": settleMessage,
	"a conversation is kept in order, a letter once": func(t *testing.T, s Store) {
		accept(t, s, many(1)...)
		want := []reply.Message{
			{Complaint: "c0000", Direction: reply.In, Channel: "email", Text: "怎么还没处理", By: "客户", At: start},
			{Complaint: "c0000", Direction: reply.Out, Channel: "sms", Text: "正在核实", By: "li", At: start.Add(time.Hour), Key: "r-1"},
			{Complaint: "c0000", Direction: reply.Out, Channel: reply.Spoken, Text: "已电话说明", By: "li", At: start.Add(2 * time.Hour)},
		}
		for i := range want {
			id, err := s.AddMessage(t.Context(), want[i], byLi)
			check(t, err)
			want[i].ID = id
		}
		again := want[1]
		_, err := s.AddMessage(t.Context(), again, byLi)
		code(t, err, triage.CodeConflict)
		again.Complaint, again.Key = "nobody", ""
		_, err = s.AddMessage(t.Context(), again, byLi)
		code(t, err, triage.CodeNotFound)
		got, err := s.Messages(t.Context(), "c0000")
		check(t, err)
		equal(t, "messages", got, want)
	},
}

func settleMessage(t *testing.T, s Store) {
	accept(t, s, many(1)...)
	begun := reply.Message{
		Complaint: "c0000", Direction: reply.Out, Text: "正在核实", By: "li", At: start, Key: "r-1", Solution: "S", State: reply.StateSending,
	}
	begin := func() {
		id, err := s.AddMessage(t.Context(), begun, byLi)
		check(t, err)
		begun.ID = id
	}
	begin()
	left, err := s.StrandedMessages(t.Context(), start, 10)
	check(t, err)
	equal(t, "begun just now", left, []reply.Message{})
	left, err = s.StrandedMessages(t.Context(), start.Add(time.Second), 10)
	check(t, err)
	equal(t, "stranded", left, []reply.Message{begun})
	check(t, s.DropMessage(t.Context(), begun.ID, byLi))
	code(t, s.DropMessage(t.Context(), begun.ID, byLi), triage.CodeConflict)
	begin()
	sent := begun
	sent.State, sent.Channel = reply.StateSaid, "sms"
	for _, want := range []bool{true, false} {
		settled, err := s.SettleMessage(t.Context(), sent, byLi)
		check(t, err)
		equal(t, "settled", settled, want)
	}
	code(t, s.DropMessage(t.Context(), sent.ID, byLi), triage.CodeConflict)
	left, err = s.UnfollowedMessages(t.Context(), 10)
	check(t, err)
	equal(t, "to follow up", left, []reply.Message{sent})
	check(t, s.MessageFollowed(t.Context(), sent.ID))
	left, err = s.UnfollowedMessages(t.Context(), 10)
	check(t, err)
	equal(t, "to follow up then", left, []reply.Message{})
}
