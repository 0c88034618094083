package life

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// HandOver gives a case to a department with the full record: what is in the
// case itself, and in Facts what only people know.
type HandOver struct {
	ID   int64
	Case triage.ComplaintID
	// FromDepartment and FromOwner had the case before; it goes back to them
	// when it is returned.
	FromDepartment string
	FromOwner      string
	// Department takes it, Owner too if one is named.
	Department string
	Owner      string
	// Task is what is asked for, until Due.
	Task string
	Due  time.Time
	By   string
	At   time.Time
	// Facts has an answer to every need of Needed: a fact or "unknown: " and
	// why.
	Facts map[string]string
	State HandOverState
	// AnsweredBy, AnsweredAt and Reason are of the acceptance or return.
	AnsweredBy string
	AnsweredAt time.Time
	Reason     string
	// Version is the version of the work that By has seen, 0 for any.
	Version int64
}

// HandOverState says how far a hand-over has got.
type HandOverState string

// The states of a hand-over.
const (
	HandOverSent     HandOverState = "sent"
	HandOverAccepted HandOverState = "accepted"
	HandOverReturned HandOverState = "returned"
)

// unknown begins a fact that nobody knows, followed by the reason.
const unknown = "unknown:"

// Needed lists what a hand-over must carry, in the order people are asked.
var Needed = []Need{
	{Key: "contact", Kind: KindText}, {Key: "demand", Kind: KindText}, {Key: "product", Kind: KindText},
	{Key: "checked", Kind: KindText}, {Key: "promised", Kind: KindText}, {Key: "task", Kind: KindText}, {Key: "due", Kind: KindTime},
}

// Missing returns those of Needed that neither the case nor the facts answer.
// A fact answers when it is not blank; one that begins with "unknown:" must
// give a reason behind it.
func Missing(c *triage.Case, facts map[string]string) []Need {
	var missing []Need
	for _, n := range Needed {
		value := strings.TrimSpace(facts[n.Key])
		reason, isUnknown := strings.CutPrefix(strings.ToLower(value), unknown)
		answered := value != "" && (!isUnknown || strings.TrimSpace(reason) != "")
		if !answered && (value != "" || !inCase(c, n.Key)) {
			missing = append(missing, n)
		}
	}
	return missing
}

// inCase says whether the case itself, which the department receives in full,
// answers a need.
func inCase(c *triage.Case, key string) bool {
	has := func(kinds ...nlp.EntityKind) bool {
		return slices.ContainsFunc(c.Assessment.Entities, func(e nlp.Entity) bool { return slices.Contains(kinds, e.Kind) })
	}
	switch key {
	case "contact":
		return c.CustomerID != "" || has(nlp.EntityPhone, nlp.EntityEmail)
	case "demand":
		return c.Assessment.Demand != "" && c.Assessment.Demand != nlp.DemandNone
	case "product":
		return c.Product != "" || c.OrderID != "" || has(nlp.EntityProduct, nlp.EntityOrder)
	case "checked":
		return !c.Work.VerifiedAt.IsZero()
	}
	return false
}

// HandOver gives the case to a department. It is refused, CodeInvalid, until
// every need is answered, and CodeConflict while an earlier hand-over has not
// been accepted or returned.
func (s *Service) HandOver(ctx context.Context, h HandOver) (triage.Case, error) {
	if err := required("department", h.Department); err != nil {
		return triage.Case{}, err
	}
	return s.change(ctx, h.Case, h.By, h.Version, func(c *triage.Case, now time.Time) (Change, error) {
		if err := stillOpen(c); err != nil {
			return Change{}, err
		}
		sent, err := s.pending(ctx, c.ID)
		if err != nil {
			return Change{}, err
		}
		if sent != nil {
			return Change{}, triage.Errorf(triage.CodeConflict, "case %s is on its way to %s, who must accept or return it first", c.ID, sent.Department)
		}
		h := h // a second attempt begins with what was asked for
		if h.Facts, err = s.record(ctx, c, &h, now); err != nil {
			return Change{}, err
		}
		h.FromDepartment, h.FromOwner, h.At, h.State = c.Work.Department, c.Work.Owner, now, HandOverSent
		s.passTo(c, h.Department, h.Owner, h.Due, now)
		change := entry(c, Step{Move: MoveHandOver, Note: h.Task, Facts: h.Facts, By: h.By}, now)
		change.HandOver = &h
		return change, nil
	})
}

// record checks the facts of a hand-over and completes them with those that
// the case answers, so that the record can be read by itself.
func (s *Service) record(ctx context.Context, c *triage.Case, h *HandOver, now time.Time) (map[string]string, error) {
	facts := maps.Clone(h.Facts)
	if facts == nil {
		facts = map[string]string{}
	}
	if h.Task = strings.TrimSpace(h.Task); h.Task != "" {
		facts["task"] = h.Task
	}
	if !h.Due.IsZero() {
		facts["due"] = h.Due.UTC().Format(time.RFC3339)
	}
	if missing := Missing(c, facts); len(missing) > 0 {
		return nil, triage.FieldErrorf("facts."+missing[0].Key,
			"is missing; a hand-over needs %s: give each, or \"unknown: \" and why nobody knows", keys(missing))
	}
	optional := slices.Clone(Needed)
	for i := range optional {
		optional[i].Optional = true
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(facts[optional[i].Key])), unknown) {
			optional[i].Kind = KindText
		}
	}
	facts, err := s.facts(optional, facts, now)
	if err != nil {
		return nil, err
	}
	h.Task, h.Due = facts["task"], instant(facts["due"])
	known, err := s.known(ctx, c)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(known, func(key, value string) bool { return value == "" || facts[key] != "" })
	maps.Copy(facts, known)
	return facts, nil
}

// Accept takes a case that was handed over; by becomes its owner where none
// was named.
func (s *Service) Accept(ctx context.Context, id triage.ComplaintID, by string, version int64) (triage.Case, error) {
	return s.answer(ctx, id, by, version, func(c *triage.Case, h *HandOver, now time.Time) Step {
		h.State = HandOverAccepted
		c.Work.Owner = cmp.Or(h.Owner, by)
		return Step{Move: MoveAccept, By: by}
	})
}

// Return gives a case back to who handed it over, with the reason. The record
// keeps what was handed over.
func (s *Service) Return(ctx context.Context, id triage.ComplaintID, reason, by string, version int64) (triage.Case, error) {
	if err := required("reason", strings.TrimSpace(reason)); err != nil {
		return triage.Case{}, err
	}
	return s.answer(ctx, id, by, version, func(c *triage.Case, h *HandOver, now time.Time) Step {
		h.State, h.Reason = HandOverReturned, reason
		s.passTo(c, h.FromDepartment, h.FromOwner, time.Time{}, now)
		return Step{Move: MoveReturn, Note: reason, By: by, Facts: map[string]string{"returned_by": h.Department}}
	})
}

func (s *Service) answer(ctx context.Context, id triage.ComplaintID, by string, version int64,
	how func(c *triage.Case, h *HandOver, now time.Time) Step,
) (triage.Case, error) {
	return s.change(ctx, id, by, version, func(c *triage.Case, now time.Time) (Change, error) {
		if err := stillOpen(c); err != nil {
			return Change{}, err
		}
		sent, err := s.pending(ctx, id)
		if err != nil {
			return Change{}, err
		}
		if sent == nil {
			return Change{}, triage.Errorf(triage.CodeConflict, "no hand-over of case %s waits for an answer", id)
		}
		sent.AnsweredBy, sent.AnsweredAt = by, now
		change := entry(c, how(c, sent, now), now)
		change.HandOver = sent
		return change, nil
	})
}

// HandOvers returns those of a case, oldest first.
func (s *Service) HandOvers(ctx context.Context, id triage.ComplaintID) ([]HandOver, error) {
	return s.d.Store.HandOvers(ctx, id)
}

// pending returns the hand-over that waits for an answer, nil for none.
func (s *Service) pending(ctx context.Context, id triage.ComplaintID) (*HandOver, error) {
	list, err := s.d.Store.HandOvers(ctx, id)
	if err != nil {
		return nil, err
	}
	if n := len(list); n > 0 && list[n-1].State == HandOverSent {
		return &list[n-1], nil
	}
	return nil, nil //nolint:nilnil // no pending hand-over is the usual case, not an error
}

// passTo makes somebody else act, until due. Waiting for the customer goes on.
func (s *Service) passTo(c *triage.Case, department, owner string, due, now time.Time) {
	w := &c.Work
	w.Department, w.Owner, w.TaskBy = department, owner, due
	if w.WaitingSince.IsZero() {
		enter(s.d.Calendar, c, now)
		return
	}
	w.EnteredAt, w.Raised = now, notRaised
	stand(s.d.Calendar, c)
}
