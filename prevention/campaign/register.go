package campaign

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Filter narrows a list of campaigns. Zero fields do not filter.
type Filter struct {
	Department string
	// State is where the campaign is at Now, zero for this moment.
	State State
	Now   time.Time
}

// State is where a campaign is in its time.
type State string

// The states. A campaign without a bound runs on that side.
const (
	Planned State = "planned"
	Running State = "running"
	Ended   State = "ended"
)

// States lists every state in the order the console shows them.
var States = []State{Running, Planned, Ended}

// StateAt returns where a campaign is at a time.
func StateAt(c *triage.Campaign, now time.Time) State {
	switch {
	case !c.From.IsZero() && now.Before(c.From):
		return Planned
	case !c.To.IsZero() && now.After(c.To):
		return Ended
	}
	return Running
}

// RegisterStore keeps the register. Every change writes its audit entry in the
// same transaction.
type RegisterStore interface {
	// Campaigns returns every campaign that is registered, and those that only
	// exposures name (Version 0, with nothing but id and name), the latest first.
	Campaigns(ctx context.Context) ([]triage.Campaign, error)
	// Campaign returns one of them, or CodeNotFound.
	Campaign(ctx context.Context, id string) (triage.Campaign, error)
	// PutCampaign stores a campaign whose Version is the stored one, 0 for one
	// that is not registered, and returns the new version. CodeConflict is
	// another version.
	PutCampaign(ctx context.Context, c triage.Campaign, e triage.AuditEntry) (int64, error)
}

// AttributionFilter narrows a list of attributions. Zero fields do not filter.
type AttributionFilter struct {
	Campaign string
	Basis    Basis
	// Scope leaves out cases that the reader may not see.
	Scope triage.Scope
	// Cursor continues after the last row of the page before; "" starts.
	Cursor string
	// Limit is at most 500, 0 for 50.
	Limit int
}

// Attributed is one row of a page: a complaint and why it counts.
type Attributed struct {
	Attribution
	// Seq is that of the case and CaseAt the time of the complaint.
	Seq    int64
	CaseAt time.Time
}

// AttributionPage is one page, the latest complaint first. Next is "" on the
// last one.
type AttributionPage struct {
	Rows []Attributed
	Next string
}

// AttributionStore shows attributions and takes those by hand.
type AttributionStore interface {
	Attributions(ctx context.Context, f AttributionFilter) (AttributionPage, error)
	// AttributionsOf returns those of the complaints that have one.
	AttributionsOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]Attribution, error)
	// AttributeByHand stores what a person says, with its audit entry; the machine
	// never changes it. CodeNotFound is an unknown case.
	AttributeByHand(ctx context.Context, a Attribution, e triage.AuditEntry) error
}

// RegisterDeps is what a Register is made of; all are needed.
type RegisterDeps struct {
	Store        RegisterStore
	Attributions AttributionStore
	Now          func() time.Time
}

// Register is the campaigns as people keep them, and the complaints that are
// about them. It is safe for concurrent use.
type Register struct{ d RegisterDeps }

// NewRegister makes a Register.
func NewRegister(d RegisterDeps) *Register { return &Register{d: d} }

// List returns the campaigns that fit, the latest first. One with Version 0 was
// found in exposures and is not registered.
func (r *Register) List(ctx context.Context, f Filter) ([]triage.Campaign, error) {
	all, err := r.d.Store.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	if f.Now.IsZero() {
		f.Now = r.d.Now()
	}
	list := make([]triage.Campaign, 0, len(all))
	for i := range all {
		if (f.Department == "" || all[i].Department == f.Department) && (f.State == "" || StateAt(&all[i], f.Now) == f.State) {
			list = append(list, all[i])
		}
	}
	return list, nil
}

// Campaign returns one campaign, CodeNotFound without one.
func (r *Register) Campaign(ctx context.Context, id string) (triage.Campaign, error) {
	return r.d.Store.Campaign(ctx, id)
}

// Create registers a campaign; CodeConflict when its id is taken. One that was
// only known from exposures becomes registered.
func (r *Register) Create(ctx context.Context, c triage.Campaign, by string) (triage.Campaign, error) {
	c.Version = 0
	return r.put(ctx, c, by, "campaign.create")
}

// Change replaces a campaign. c.Version is the one that was read: CodeConflict
// when somebody else has changed it since.
func (r *Register) Change(ctx context.Context, c triage.Campaign, by string) (triage.Campaign, error) {
	if c.Version <= 0 {
		return triage.Campaign{}, triage.FieldErrorf("version", "is missing: send the version that you have read")
	}
	return r.put(ctx, c, by, "campaign.change")
}

func (r *Register) put(ctx context.Context, c triage.Campaign, by, action string) (triage.Campaign, error) {
	if err := tidy(&c); err != nil {
		return triage.Campaign{}, err
	}
	version, err := r.d.Store.PutCampaign(ctx, c, triage.AuditEntry{
		At: r.d.Now(), Actor: by, Action: action, Object: Object(c.ID), Detail: detail(&c),
	})
	if err != nil {
		return triage.Campaign{}, err
	}
	c.Version = version
	return c, nil
}

// Complaints returns one page of the complaints about a campaign, latest first.
func (r *Register) Complaints(ctx context.Context, f AttributionFilter) (AttributionPage, error) {
	return r.d.Attributions.Attributions(ctx, f)
}

// Of returns what the complaints are about, for those about a campaign, and for
// those that a person has taken out (Campaign "").
func (r *Register) Of(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]Attribution, error) {
	return r.d.Attributions.AttributionsOf(ctx, ids)
}

// Attribute says by hand which campaign a complaint is about, "" for none. The
// machine never changes it.
func (r *Register) Attribute(ctx context.Context, id triage.ComplaintID, campaign, by string) (Attribution, error) {
	if campaign != "" {
		if _, err := r.d.Store.Campaign(ctx, campaign); err != nil {
			if triage.CodeOf(err) == triage.CodeNotFound {
				return Attribution{}, triage.FieldErrorf("campaign", "there is no campaign %.60q", campaign)
			}
			return Attribution{}, err
		}
	}
	a := Attribution{Complaint: id, Campaign: campaign, Basis: ByHand, Score: 1, By: by, At: r.d.Now()}
	err := r.d.Attributions.AttributeByHand(ctx, a, triage.AuditEntry{
		At: a.At, Actor: by, Action: "campaign.attribute", Object: triage.CaseObject(id), Detail: handDetail(campaign),
	})
	return a, err
}
