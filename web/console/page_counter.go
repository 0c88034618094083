package console

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// counterState is the state of the page at the counter as its address has it.
type counterState struct {
	Customer triage.CustomerID
	WalkIn   bool
	// Campaign is the card that was chosen, Capture what was just kept.
	Campaign string
	Capture  int64
}

func readCounterState(q url.Values) counterState {
	s := counterState{Customer: triage.CustomerID(q.Get("customer")), WalkIn: q.Get("walk_in") == "1", Campaign: q.Get("campaign")}
	s.Capture, _ = strconv.ParseInt(q.Get("capture"), 10, 64) // anything else is none
	s.WalkIn = s.WalkIn && s.Customer == ""
	return s
}

func (s counterState) link() string {
	walkIn, capture := "", ""
	if s.WalkIn {
		walkIn = "1"
	}
	if s.Capture != 0 {
		capture = strconv.FormatInt(s.Capture, 10)
	}
	return address("/counter", "customer", string(s.Customer), "walk_in", walkIn, "campaign", s.Campaign, "capture", capture)
}

func (c *Console) showCounter(v *visit) error {
	return c.renderCounter(v, http.StatusOK, readCounterState(v.r.URL.Query()), counterView{})
}

// renderCounter completes a page of the counter and shows it.
func (c *Console) renderCounter(v *visit, status int, s counterState, view counterView) error {
	ctx := v.r.Context()
	var err error
	if view.names, err = c.d.Counter.Desk.Names(ctx); err != nil {
		return err
	}
	if s.Customer != "" || s.WalkIn {
		a, err := c.d.Counter.Desk.Recommend(ctx, counter.Question{Customer: s.Customer})
		if err != nil {
			return err
		}
		if s.Customer != "" {
			if err := c.noteView(v, customer.Object(s.Customer)); err != nil {
				return err
			}
		}
		if err := c.fillAdvice(v, &view, s, &a); err != nil {
			return err
		}
	}
	if s.Capture != 0 {
		x, err := c.d.Counter.Desk.Capture(ctx, s.Capture)
		if ignoreNotFound(err) != nil {
			return err
		}
		if err == nil && x.Clerk == v.user.Name && !x.Undone {
			view.Capture = c.captureView(v, &x, view.names)
		}
	}
	today := midnight(c.d.Now().In(c.d.Zone))
	log, err := c.d.Counter.Desk.Log(ctx, counter.Filter{Clerk: v.user.Name, From: today, Limit: foundAtCounter})
	if err != nil {
		return err
	}
	for i := range log.Captures {
		view.Today = append(view.Today, c.captureRow(v, &log.Captures[i], view.names))
	}
	view.Log = address("/counter/log", "clerk", v.user.Name, "from", c.day(today))
	return c.render(v, status, "counter", page{Title: "nav.counter", Nav: "/counter", View: view})
}
