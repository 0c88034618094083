package wording

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
)

// The fragments of the file that the code reads.
const (
	fragmentGreeting   = "greeting"
	fragmentVerified   = "verified"
	fragmentReason     = "reason"
	fragmentDeadline   = "deadline"
	fragmentGrant      = "grant"
	fragmentEnquiry    = "enquiry"
	fragmentCommitment = "commitment"
	fragmentRefusal    = "refusal"
	fragmentSteps      = "steps"
	fragmentCourtesy   = "courtesy"
	fragmentAsking     = "asking"
)

var usedFragments = []string{
	fragmentGreeting, fragmentVerified, fragmentReason, fragmentDeadline, fragmentGrant,
	fragmentEnquiry, fragmentCommitment, fragmentRefusal, fragmentSteps,
	fragmentCourtesy, fragmentAsking,
}

// evasion flags a reply that leaves the customer without an answer, by its
// longest sentence. A reply that refuses, defers or promises has taken up the
// demand, however badly; one that only mocks or lectures has not.
func (c *Checker) evasion(r *reply, m *matter, flags []Flag) (Flag, bool) {
	addressed := slices.ContainsFunc(flags, func(f Flag) bool { return !slices.Contains(besideTheMatter, f.Kind) })
	if !m.known() || addressed || c.answers(r, m.Demand) {
		return Flag{}, false
	}
	var longest span
	for _, s := range r.sentences {
		if s.end-s.start > longest.end-longest.start && !c.has(fragmentGreeting, r.Text[s.start:s.end]) {
			longest = s
		}
	}
	return r.flag(Evading, longest, c.book.kinds[Evading].advice), true
}

// besideTheMatter are the kinds that say nothing on what the customer asks for.
var besideTheMatter = []Kind{Mocking, Lecturing, MeaninglessQuestion, BlameColleague, PersonalData}

// answers says whether the reply grants something, refuses with a reason, says
// what will be checked and when or that the result will be told, reports what
// was found, or tells the customer the next step. To a complaint
// that asks for nothing in particular, only a reply of mere courtesy is none.
func (c *Checker) answers(r *reply, demand nlp.Demand) bool {
	has := func(fragment string) bool { return c.has(fragment, r.Text) }
	switch {
	case c.concrete(r), has(fragmentSteps), has(fragmentEnquiry) && has(fragmentCommitment),
		has(fragmentReason) && has(fragmentRefusal):
		return true
	}
	switch demand {
	case nlp.DemandRefund, nlp.DemandReplace, nlp.DemandFix, nlp.DemandApology:
		return c.states(r, longStatement)
	}
	return c.states(r, shortStatement) || !c.has(fragmentCourtesy, r.Text)
}

// concrete says whether the reply grants something, names a time or reports
// what was found.
func (c *Checker) concrete(r *reply) bool {
	return c.has(fragmentGrant, r.Text) || c.has(fragmentDeadline, r.Text) || c.has(fragmentVerified, r.Text)
}

// How many characters beyond courtesy make an answer. A long explanation may
// answer a demand in words that no list has.
const (
	shortStatement = 16
	longStatement  = 120
	// fairStatement is what beside the words that sound evasive excuses them.
	fairStatement = 50
)

// states says whether the clauses that are not mere courtesy have at least so
// many characters.
func (c *Checker) states(r *reply, atLeast int) bool {
	said := 0
	for clause := range strings.FieldsFuncSeq(r.Text, func(p rune) bool { return strings.ContainsRune(",。!?;:\n", p) }) {
		if !c.has(fragmentCourtesy, clause) && !c.has(fragmentGreeting, clause) {
			said += utf8.RuneCountInString(clause)
		}
	}
	return said >= atLeast
}

func (c *Checker) has(fragment, text string) bool {
	return c.book.fragments[fragment].MatchString(text)
}
