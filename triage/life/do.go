package life

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// maxNote bounds the characters of a note, a reason or a name.
const maxNote = 4000

// ByCustomer acts when the word of the customer alone moves a case. Nobody of
// ours, it never owns one.
const ByCustomer = "customer"

// attempts is how often a change of a case that is being changed is tried
// again, when its author named no version.
const attempts = 4

// Move makes a move of the table. The error is CodeConflict, with the moves
// that are allowed, when this one is not allowed from the present status, or
// when somebody else changed the case since Order.Version; it is CodeInvalid
// and names the fact when a fact is missing or wrong.
func (s *Service) Move(ctx context.Context, o Order) (triage.Case, error) {
	if err := text("note", o.Note); err != nil {
		return triage.Case{}, err
	}
	return s.change(ctx, o.Case, o.By, o.Version, func(c *triage.Case, now time.Time) (Change, error) {
		r, err := ruleFor(c, o.Move)
		if err != nil {
			return Change{}, err
		}
		facts, err := s.facts(r.Needs, o.Facts, now)
		if err != nil {
			return Change{}, err
		}
		if err := s.mayGive(ctx, c, o.Department); err != nil {
			return Change{}, err
		}
		if r.Move == MoveMerge {
			if err := s.mayMerge(ctx, c, triage.ComplaintID(facts["into"])); err != nil {
				return Change{}, err
			}
		}
		from := c.Status
		apply(s.d.Calendar, c, r, facts, now)
		if c.Work.Owner = cmp.Or(o.Owner, c.Work.Owner); c.Work.Owner == "" && o.By != ByCustomer {
			c.Work.Owner = o.By
		}
		c.Work.Department = cmp.Or(o.Department, c.Work.Department)
		return entry(c, Step{Move: o.Move, From: from, Note: o.Note, Facts: facts, By: o.By}, now), nil
	})
}

// mayMerge refuses what would hide a complaint: the other case must exist, be
// another one, and somebody must still have to act on it. The store checks it
// again with the change, so two cases never end in each other.
func (s *Service) mayMerge(ctx context.Context, c *triage.Case, into triage.ComplaintID) error {
	if into == c.ID {
		return triage.FieldErrorf("facts.into", "is the case itself; name the other one")
	}
	other, err := s.d.Store.Case(ctx, into)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return triage.FieldErrorf("facts.into", "there is no case %.200q; give the id of the one that goes on", string(into))
	}
	if err == nil && other.Status == triage.StatusMerged {
		return triage.FieldErrorf("facts.into", "case %s has itself been merged into %s; name that one", into, other.Work.MergedInto)
	}
	if err == nil && !other.Status.Open() {
		return triage.FieldErrorf("facts.into", "case %s has ended (%s): nobody would go on with this one; reopen it first", into, other.Status)
	}
	return err
}

// mayGive refuses to put a case into another department by a word alone: once
// somebody has worked it, what they know has to go along with a hand-over.
func (s *Service) mayGive(ctx context.Context, c *triage.Case, department string) error {
	w := &c.Work
	if department == "" || department == w.Department || w.Department == "" {
		return nil
	}
	if c.Status == triage.StatusReceived && w.Owner == "" {
		passed, err := s.d.Store.HandOvers(ctx, c.ID)
		if err != nil || len(passed) == 0 {
			return err
		}
	}
	return triage.Errorf(triage.CodeConflict, "%s has worked on case %s: hand it over to %s with its record instead", w.Department, c.ID, department)
}

// Assign names who has to act. Both may be given; "" leaves one as it is. The
// department can be set while there is none, or nobody has worked the case; then
// it takes a hand-over, and the error is CodeConflict.
func (s *Service) Assign(ctx context.Context, id triage.ComplaintID, owner, department, by string, version int64) (triage.Case, error) {
	if owner == "" && department == "" {
		return triage.Case{}, triage.FieldErrorf("owner", "is empty: say who is to act")
	}
	return s.change(ctx, id, by, version, func(c *triage.Case, now time.Time) (Change, error) {
		if err := stillOpen(c); err != nil {
			return Change{}, err
		}
		if err := s.mayGive(ctx, c, department); err != nil {
			return Change{}, err
		}
		c.Work.Owner, c.Work.Department = cmp.Or(owner, c.Work.Owner), cmp.Or(department, c.Work.Department)
		return entry(c, Step{Move: MoveAssign, By: by}, now), nil
	})
}

// Wait stops the clocks: the customer has been asked for something.
func (s *Service) Wait(ctx context.Context, id triage.ComplaintID, what, by string, version int64) (triage.Case, error) {
	if err := required("what", what); err != nil {
		return triage.Case{}, err
	}
	return s.change(ctx, id, by, version, func(c *triage.Case, now time.Time) (Change, error) {
		if err := stillOpen(c); err != nil {
			return Change{}, err
		}
		if !c.Work.WaitingSince.IsZero() {
			return Change{}, triage.Errorf(triage.CodeConflict, "case %s waits for its customer already", c.ID)
		}
		c.Work.WaitingSince = now
		stand(s.d.Calendar, c)
		return entry(c, Step{Move: MoveWait, Note: what, By: by}, now), nil
	})
}

// Resume lets the clocks run again, later by the working time that the case
// has waited. A clock that was over before stays over.
func (s *Service) Resume(ctx context.Context, id triage.ComplaintID, note, by string, version int64) (triage.Case, error) {
	if err := text("note", note); err != nil {
		return triage.Case{}, err
	}
	return s.change(ctx, id, by, version, func(c *triage.Case, now time.Time) (Change, error) {
		if c.Work.WaitingSince.IsZero() {
			return Change{}, triage.Errorf(triage.CodeConflict, "case %s does not wait for its customer", c.ID)
		}
		waited, raised := runOn(s.d.Calendar, c, now), c.Work.Raised
		enter(s.d.Calendar, c, c.Work.EnteredAt)
		c.Work.Raised = raised // it is the same step: what was raised is not raised again
		watch(s.d.Calendar, c)
		return entry(c, Step{Move: MoveResume, Note: note, By: by, Facts: map[string]string{"waited": waited.Round(time.Second).String()}}, now), nil
	})
}

// Steps returns the record of a case, oldest first. It begins with an entry 0
// for its arrival.
func (s *Service) Steps(ctx context.Context, id triage.ComplaintID) ([]Step, error) {
	c, err := s.d.Store.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := s.d.Store.StepsOf(ctx, []triage.ComplaintID{id})
	if err != nil {
		return nil, err
	}
	return leave(append([]Step{arrival(&c, all[id])}, all[id]...)), nil
}

// arrival is the entry of a case that nobody made, because it follows from the
// complaint.
func arrival(c *triage.Case, steps []Step) Step {
	status := c.Status
	if len(steps) > 0 {
		status = steps[0].From
	}
	a := Step{
		Case: c.ID, Move: MoveOpen, From: status, To: status, Department: c.Assessment.Department, By: "system", Entered: c.ReceivedAt,
	}
	if status.Open() {
		a.Due = sooner(sooner(c.Assessment.SLA.RespondBy, c.Assessment.SLA.VerifyBy), c.Assessment.SLA.ResolveBy)
	}
	return a
}

// leave sets when the status ended that an entry began: with the next move
// between statuses.
func leave(steps []Step) []Step {
	var begun *Step
	for i := range steps {
		if !slices.ContainsFunc(rules, func(r Rule) bool { return r.Move == steps[i].Move }) && steps[i].Move != MoveOpen {
			continue
		}
		if begun != nil {
			begun.Left = steps[i].Entered
		}
		begun = &steps[i]
	}
	return steps
}

// Options returns the moves that are allowed now.
func (*Service) Options(c *triage.Case) []Rule { return Options(c) }

// change reads a case, lets alter make the change of it and stores that. Where
// no version is asked for, a change that somebody else was faster than is made
// again from what is there now.
func (s *Service) change(ctx context.Context, id triage.ComplaintID, by string, version int64,
	alter func(c *triage.Case, now time.Time) (Change, error),
) (triage.Case, error) {
	if err := required("by", by); err != nil {
		return triage.Case{}, err
	}
	for try := 1; ; try++ {
		c, err := s.d.Store.Case(ctx, id)
		if err != nil {
			return triage.Case{}, err
		}
		if version != 0 && version != c.Work.Version {
			return triage.Case{}, triage.Errorf(triage.CodeConflict, "case %s has been changed since you read it; look at it again", id)
		}
		change, err := alter(&c, s.d.Now())
		if err != nil {
			return triage.Case{}, err
		}
		err = s.d.Store.Advance(ctx, change)
		if err == nil {
			return s.stored(ctx, id)
		}
		if triage.CodeOf(err) != triage.CodeConflict || version != 0 || try == attempts {
			return triage.Case{}, err
		}
	}
}

// stored reads a changed case back and tells the index.
func (s *Service) stored(ctx context.Context, id triage.ComplaintID) (triage.Case, error) {
	c, err := s.d.Store.Case(ctx, id)
	if err == nil && s.d.Index != nil {
		s.d.Index.Enqueue([]triage.Case{c})
	}
	return c, err
}

// entry completes the step of a change and writes its audit entry, which says
// what was done but holds no word of the customer.
func entry(c *triage.Case, step Step, now time.Time) Change {
	step.Case, step.To = c.ID, c.Status
	step.From = cmp.Or(step.From, c.Status)
	step.Owner, step.Department = c.Work.Owner, c.Work.Department
	step.Entered, step.Due = now, c.Work.DueAt
	detail, _ := json.Marshal(map[string]string{ // strings always have a JSON form
		"from": string(step.From), "to": string(step.To), "owner": step.Owner, "department": step.Department,
	})
	return Change{Case: *c, Step: step, Audit: triage.AuditEntry{
		At: now, Actor: step.By, Action: string(step.Move), Object: triage.CaseObject(c.ID), Detail: string(detail),
	}}
}

func stillOpen(c *triage.Case) error {
	if c.Status.Open() {
		return nil
	}
	return triage.Errorf(triage.CodeConflict, "case %s has ended (%s); allowed are: %s", c.ID, c.Status, allowed(c))
}

func required(field, value string) error {
	if value == "" {
		return triage.FieldErrorf(field, "is empty")
	}
	return text(field, value)
}

func text(field, value string) error {
	if utf8.RuneCountInString(value) > maxNote {
		return &triage.Error{Code: triage.CodeTooLarge, Field: field, Message: "is longer than 4000 characters"}
	}
	return nil
}
