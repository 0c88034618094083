package web

import (
	"math"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// workView is where the handling of a case stands.
type workView struct {
	Owner           string             `json:"owner" doc:"Who has to act; empty while nobody has taken it"`
	Department      string             `json:"department"`
	EnteredAt       *time.Time         `json:"entered_at" doc:"When the present step began"`
	DueAt           *time.Time         `json:"due_at" doc:"When it must be over; null without a limit and while the clocks stand still"`
	RespondBy       *time.Time         `json:"respond_by"`
	VerifyBy        *time.Time         `json:"verify_by"`
	ResolveBy       *time.Time         `json:"resolve_by"`
	WaitingSince    *time.Time         `json:"waiting_since" doc:"Since when the case waits for its customer; null while its clocks run"`
	RespondedAt     *time.Time         `json:"responded_at"`
	VerifiedAt      *time.Time         `json:"verified_at"`
	Cause           triage.Cause       `json:"cause"`
	CauseDepartment string             `json:"cause_department"`
	Tier            triage.Tier        `json:"tier"`
	Reopened        int                `json:"reopened"`
	MergedInto      triage.ComplaintID `json:"merged_into"`
	Version         int64              `json:"version" doc:"Send it with a change to be told when somebody else was faster"`
	Priority        *priorityView      `json:"priority,omitempty" doc:"Missing once the case has ended"`
}

// priorityView is the place of a case in the order, with its reasons.
type priorityView struct {
	Score    float64          `json:"score" doc:"Base-two logarithm of urgency x customer value x age: one more is twice the priority"`
	Critical bool             `json:"critical" doc:"Somebody may come to harm: before all others, whatever the score"`
	Reasons  []priorityReason `json:"reasons"`
}

type priorityReason struct {
	Factor string  `json:"factor" enum:"harm,urgency,tier,age"`
	Value  string  `json:"value"`
	Times  float64 `json:"times"`
	Text   string  `json:"text"`
}

func (s *Server) workView(c *triage.Case) workView {
	w := &c.Work
	v := workView{
		Owner: w.Owner, Department: w.Department, EnteredAt: s.local(w.EnteredAt), DueAt: s.local(w.DueAt),
		RespondBy: s.local(w.Clocks.RespondBy), VerifyBy: s.local(w.Clocks.VerifyBy), ResolveBy: s.local(w.Clocks.ResolveBy),
		WaitingSince: s.local(w.WaitingSince), RespondedAt: s.local(w.RespondedAt), VerifiedAt: s.local(w.VerifiedAt),
		Cause: w.Cause, CauseDepartment: w.CauseDepartment, Tier: w.Tier, Reopened: w.Reopened, MergedInto: w.MergedInto, Version: w.Version,
	}
	if c.Status.Open() {
		v.Priority = s.priorityView(c)
	}
	return v
}

func (s *Server) priorityView(c *triage.Case) *priorityView {
	rank := life.Priority(c, s.d.Now())
	v := &priorityView{Score: rank.Score, Critical: rank.Critical, Reasons: make([]priorityReason, len(rank.Reasons))}
	for i, r := range rank.Reasons {
		r.Times = min(r.Times, math.MaxFloat64) // the age of very old cases is beyond what JSON can say
		v.Reasons[i] = priorityReason(r)
	}
	return v
}

// stepView is one entry in the record of a case.
type stepView struct {
	N          int               `json:"n" doc:"Counts the entries of the case from 1"`
	Move       life.Move         `json:"move"`
	From       triage.Status     `json:"from"`
	To         triage.Status     `json:"to"`
	Owner      string            `json:"owner" doc:"Who has to act from here on"`
	Department string            `json:"department"`
	By         string            `json:"by"`
	Entered    *time.Time        `json:"entered"`
	Due        *time.Time        `json:"due"`
	Left       *time.Time        `json:"left" doc:"When the status ended that this entry began"`
	Note       string            `json:"note"`
	Facts      map[string]string `json:"facts" doc:"What was said, by key, masked"`
}

func (s *Server) stepView(step *life.Step) stepView {
	v := stepView{
		N: step.N, Move: step.Move, From: step.From, To: step.To, Owner: step.Owner, Department: step.Department, By: step.By,
		Entered: s.local(step.Entered), Due: s.local(step.Due), Left: s.local(step.Left), Note: s.d.Mask(step.Note),
		Facts: make(map[string]string, len(step.Facts)),
	}
	for key, value := range step.Facts {
		v.Facts[key] = s.d.Mask(value)
	}
	return v
}

// moveView is one move that is allowed now, with the facts that it takes.
type moveView struct {
	Move  life.Move     `json:"move"`
	To    triage.Status `json:"to"`
	Needs []needView    `json:"needs"`
}

type needView struct {
	Key      string    `json:"key" doc:"In facts of the move"`
	Kind     life.Kind `json:"kind" enum:"text,time,cause,department,score,case"`
	Optional bool      `json:"optional"`
}

func moveViews(rules []life.Rule) []moveView {
	views := make([]moveView, 0, len(rules))
	for _, r := range rules {
		views = append(views, moveView{Move: r.Move, To: r.To, Needs: needViews(r.Needs)})
	}
	return views
}

func needViews(needs []life.Need) []needView {
	views := make([]needView, 0, len(needs))
	for _, n := range needs {
		views = append(views, needView(n))
	}
	return views
}
