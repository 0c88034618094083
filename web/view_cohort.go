package web

import (
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
)

// cohortView is who is affected and silent.
type cohortView struct {
	Definition prevention.Rule        `json:"definition"`
	Words      string                 `json:"words" doc:"The definition in Chinese"`
	Reasons    []prevention.Evidence  `json:"reasons" nullable:"false"`
	Matched    int                    `json:"matched" doc:"All customers who match"`
	Explained  int                    `json:"explained" doc:"Complainants who match"`
	Known      int                    `json:"known" doc:"Complainants with known exposures"`
	Silent     int                    `json:"silent" doc:"Customers who may be told"`
	Customers  []prevention.Candidate `json:"customers" nullable:"false" doc:"The first of the silent, the likeliest affected first"`
	Excluded   prevention.Excluded    `json:"excluded" doc:"Why the others who match are left out; each counts once"`
}

// cohortView shows at most limit customers.
func (s *Server) cohortView(c *prevention.Cohort, limit int) cohortView {
	v := cohortView{
		Definition: s.shownRule(c.Rule), Words: s.d.Mask(c.Words),
		Reasons: masked(c.Reasons, func(e *prevention.Evidence) { e.Value = s.d.Mask(e.Value) }),
		Matched: c.Matched, Explained: c.Explained, Known: c.Known, Silent: len(c.Customers), Excluded: c.Excluded,
		Customers: list(c.Customers[:min(limit, len(c.Customers))]),
	}
	for i := range v.Customers {
		v.Customers[i].Exposed = s.inZone(v.Customers[i].Exposed)
	}
	return v
}

// shownRule is a rule with times in the zone of the server and lists that are
// never null. Values stay as they are: a rule is sent back to be applied.
func (s *Server) shownRule(r prevention.Rule) prevention.Rule {
	r.Conditions, r.Regions = list(r.Conditions), slices.Clone(r.Regions)
	for i := range r.Conditions {
		r.Conditions[i] = s.shownCondition(r.Conditions[i])
	}
	return r
}

func (s *Server) shownCondition(c prevention.Condition) prevention.Condition {
	if !c.From.IsZero() {
		c.From = s.inZone(c.From)
	}
	if !c.To.IsZero() {
		c.To = s.inZone(c.To)
	}
	return c
}
