package web

import (
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// planView is one outreach plan. What it says is shown as it is written: the
// desk takes no text with personal data in it.
type planView struct {
	ID          prevention.PlanID      `json:"id"`
	Cluster     prevention.ClusterID   `json:"cluster,omitempty"`
	EventRule   prevention.EventRuleID `json:"event_rule,omitempty"`
	Title       string                 `json:"title"`
	Class       string                 `json:"class" enum:"service" doc:"Notices are never advertising"`
	Cohort      prevention.Rule        `json:"cohort"`
	Template    prevention.Template    `json:"template"`
	Channels    []string               `json:"channels" doc:"Tried in this order"`
	StartAt     *time.Time             `json:"start_at"`
	Holdout     float64                `json:"holdout" doc:"Part of the cohort that is drawn at random and not told"`
	Status      prevention.PlanStatus  `json:"status" enum:"draft,submitted,approved,running,stopped,finished,rejected,cancelled"`
	Size        int                    `json:"size" doc:"Recipients fixed at approval, those held out included"`
	Held        int                    `json:"held"`
	CreatedBy   string                 `json:"created_by"`
	SubmittedBy string                 `json:"submitted_by"`
	ApprovedBy  string                 `json:"approved_by"`
	StoppedBy   string                 `json:"stopped_by"`
	CreatedAt   *time.Time             `json:"created_at"`
	ApprovedAt  *time.Time             `json:"approved_at"`
	FinishedAt  *time.Time             `json:"finished_at"`
	Remark      string                 `json:"remark"`
	Version     int64                  `json:"version" doc:"Send it back with a change: an old one is refused"`
	// Notices is set where one plan is shown.
	Notices map[prevention.NoticeState]int `json:"notices,omitempty" doc:"How many notices each state has; not in lists"`
}

func (s *Server) planView(p *prevention.Plan) planView {
	return planView{
		ID: p.ID, Cluster: p.Cluster, EventRule: p.Rule, Title: s.d.Mask(p.Title), Class: "service", Cohort: s.shownRule(p.Cohort),
		Template: p.Template, Channels: list(p.Channels), StartAt: s.local(p.StartAt), Holdout: p.Holdout,
		Status: p.Status, Size: p.Size, Held: p.Held, CreatedBy: p.CreatedBy, SubmittedBy: p.SubmittedBy,
		ApprovedBy: p.ApprovedBy, StoppedBy: p.StoppedBy, CreatedAt: s.local(p.CreatedAt), ApprovedAt: s.local(p.ApprovedAt),
		FinishedAt: s.local(p.FinishedAt), Remark: s.d.Mask(p.Remark), Version: p.Version,
	}
}

// noticeView is the word to one customer; addresses are not in it.
type noticeView struct {
	ID          int64                  `json:"id"`
	Customer    triage.CustomerID      `json:"customer_id"`
	Arm         prevention.Arm         `json:"arm" enum:"told,held"`
	State       prevention.NoticeState `json:"state" enum:"held,queued,sending,sent,delivered,answered,failed,unclear,skipped"`
	Channel     string                 `json:"channel"`
	Attempts    int                    `json:"attempts"`
	Reason      string                 `json:"reason" doc:"Why it was skipped, deferred or failed"`
	NextAt      *time.Time             `json:"next_at"`
	SentAt      *time.Time             `json:"sent_at"`
	DeliveredAt *time.Time             `json:"delivered_at"`
	AnsweredAt  *time.Time             `json:"answered_at"`
}

func (s *Server) noticeView(n *prevention.Notice) noticeView {
	return noticeView{
		ID: n.ID, Customer: n.Customer, Arm: n.Arm, State: n.State, Channel: n.Channel, Attempts: n.Attempts, Reason: n.Reason,
		NextAt: s.local(n.NextAt), SentAt: s.local(n.SentAt), DeliveredAt: s.local(n.DeliveredAt), AnsweredAt: s.local(n.AnsweredAt),
	}
}
