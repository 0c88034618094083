package launch

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// Register knows the registered campaigns.
type Register interface {
	// Campaign returns one of them, or CodeNotFound.
	Campaign(ctx context.Context, id string) (triage.Campaign, error)
}

// History knows the campaigns that have run.
type History interface {
	// PastCampaigns returns those that reached nobody since a time.
	PastCampaigns(ctx context.Context, since time.Time) ([]Past, error)
}

// Deps is what a desk works with. Earlier may be nil: then no complaints are
// looked up.
type Deps struct {
	Checker  *Checker
	Store    Store
	Register Register
	History  History
	Earlier  *Finder
	Now      func() time.Time
}

// Desk checks campaigns and keeps the checks.
type Desk struct{ d Deps }

// NewDesk returns a desk; everything but Earlier is needed.
func NewDesk(d Deps) (*Desk, error) {
	if d.Checker == nil || d.Store == nil || d.Register == nil || d.History == nil || d.Now == nil {
		return nil, triage.Errorf(triage.CodeInternal, "launch: a desk needs checker, store, register, history and clock")
	}
	return &Desk{d}, nil
}

// settled is how long after its last contact a campaign still gets complaints:
// one that has not settled would make its like look harmless.
const settled = 14 * 24 * time.Hour

// Ask is what somebody wants checked.
type Ask struct {
	// Campaign is the registered campaign the draft is for, "" for none.
	Campaign string
	// Previous is the check of the wording before, 0 for none: what was accepted
	// there and is still in the text stays accepted.
	Previous int64
	Draft    Draft
	By       string
}

// Campaign returns the draft of a registered campaign and its version.
func (k *Desk) Campaign(ctx context.Context, id string) (Draft, int64, error) {
	c, err := k.d.Register.Campaign(ctx, id)
	return DraftOf(&c), c.Version, err
}

// Check judges a draft and keeps the result.
func (k *Desk) Check(ctx context.Context, a Ask) (Kept, error) {
	a.Draft.Copy, a.Draft.Rules = strings.TrimSpace(a.Draft.Copy), strings.TrimSpace(a.Draft.Rules)
	if err := a.Draft.Validate(); err != nil {
		return Kept{}, err
	}
	out := Kept{Campaign: a.Campaign, Draft: a.Draft, By: a.By, At: k.d.Now()}
	if a.Campaign != "" {
		c, err := k.d.Register.Campaign(ctx, a.Campaign)
		if err != nil {
			return Kept{}, err
		}
		out.Version = c.Version
	}
	out.Report = k.d.Checker.Check(a.Draft)
	if a.Previous != 0 {
		before, err := k.d.Store.LaunchCheck(ctx, a.Previous)
		if err != nil {
			return Kept{}, err
		}
		if before.Campaign != a.Campaign {
			return Kept{}, triage.FieldErrorf("previous", "is a check of another campaign")
		}
		out.Previous = before.ID
		for i := range out.Report.Findings {
			if accepted, ok := before.Acceptance(&out.Report.Findings[i]); ok {
				out.Accepted = append(out.Accepted, accepted)
			}
		}
	}
	id, err := k.d.Store.KeepCheck(ctx, out, k.entry(a.By, "check_campaign", 0, map[string]any{
		"campaign": a.Campaign, "score": out.Report.Score, "findings": len(out.Report.Findings),
	}))
	out.ID = id
	return out, err
}

func (k *Desk) entry(by, action string, id int64, detail map[string]any) triage.AuditEntry {
	text, _ := json.Marshal(detail) // strings and whole numbers have a JSON form
	e := triage.AuditEntry{At: k.d.Now(), Actor: by, Action: action, Object: "launch_check:", Detail: string(text)}
	if id != 0 {
		e.Object = Object(id)
	}
	return e
}

// maxReason bounds the reason of an acceptance, in runes.
const maxReason = 500

// Accept lets a finding of a check stand. Without a reason, or without such a
// finding, nothing is accepted.
func (k *Desk) Accept(ctx context.Context, id int64, finding, reason, by string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > maxReason {
		return triage.FieldErrorf("reason", "is empty or longer than %d characters: say why it may stay", maxReason)
	}
	check, err := k.d.Store.LaunchCheck(ctx, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(check.Report.Findings, func(f Finding) bool { return f.Key() == finding })
	if i < 0 {
		return triage.Errorf(triage.CodeNotFound, "check %d has no such finding", id)
	}
	a := Acceptance{Finding: finding, Reason: reason, By: by, At: k.d.Now()}
	return k.d.Store.AcceptFinding(ctx, id, a, k.entry(by, "accept_finding", id, map[string]any{"kind": check.Report.Findings[i].Kind}))
}

// List returns the checks of a campaign, of every one with "", the latest first.
func (k *Desk) List(ctx context.Context, campaign string, limit int) ([]Kept, error) {
	return k.d.Store.LaunchChecks(ctx, campaign, limit)
}
