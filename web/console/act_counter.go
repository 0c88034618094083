package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

const (
	// foundAtCounter bounds how many customers a search shows.
	foundAtCounter = 20
	// minEnd and maxEnd are how many digits are the end of a phone.
	minEnd, maxEnd = 4, 8
)

// findAtCounter looks a customer up by a whole id, name, phone or address, or by
// the last digits of a phone. It is a POST, so that none of them is kept in
// histories and logs of addresses.
func (c *Console) findAtCounter(v *visit) error {
	who := cut(formText(v, "who"), maxWho)
	if who == "" {
		return c.redirect(v, "/counter", "")
	}
	found, err := c.d.Counter.Finder.List(v.r.Context(), customer.Filter{Find: who}, customer.Page{Limit: foundAtCounter})
	if err != nil {
		return err
	}
	list := make([]triage.Customer, len(found.Rows))
	for i := range found.Rows {
		list[i] = found.Rows[i].Customer
	}
	if len(list) == 0 && isPhoneEnd(who) {
		if list, err = c.d.Counter.Desk.PhoneEnds(v.r.Context(), who, foundAtCounter+1); err != nil {
			return err
		}
	}
	if len(list) == 1 {
		return c.redirect(v, counterState{Customer: list[0].ID}.link(), "")
	}
	view := counterView{Searched: true, More: len(list) > foundAtCounter}
	for i := range list[:min(len(list), foundAtCounter)] {
		view.Found = append(view.Found, c.counterFound(&list[i]))
	}
	return c.renderCounter(v, http.StatusOK, counterState{}, view)
}

func isPhoneEnd(who string) bool {
	return len(who) >= minEnd && len(who) <= maxEnd && strings.Trim(who, "0123456789") == ""
}

// takeCapture keeps the one tap. The same tap twice is once; another button of a
// card that was used shows what was kept.
func (c *Console) takeCapture(v *visit) error {
	f := v.r.PostForm
	s := counterState{Customer: triage.CustomerID(f.Get("customer")), WalkIn: f.Get("customer") == ""}
	stored, added, err := c.d.Counter.Desk.Take(v.r.Context(), counter.Capture{
		Campaign: f.Get("campaign"), Customer: s.Customer, Attitude: campaign.Attitude(f.Get("attitude")), Shop: v.user.Department,
		Source: counter.FromConsole, Key: cut(f.Get("key"), maxWho),
	}, v.user.Name)
	known := triage.CodeOf(err) == triage.CodeConflict && stored.ID != 0
	if err != nil && !known {
		return err
	}
	s.Capture = stored.ID
	toast := "captured"
	if known || !added {
		toast = "captured_before"
	}
	return c.redirect(v, s.link(), toast)
}

// captureID is the capture named in the path.
func (v *visit) captureID() (int64, error) {
	id, err := strconv.ParseInt(v.r.PathValue("capture"), 10, 64)
	if err != nil {
		return 0, triage.Errorf(triage.CodeNotFound, "no such capture")
	}
	return id, nil
}

// stateOf is the page that shows a capture.
func stateOf(x *counter.Capture) counterState {
	return counterState{Customer: x.Customer, WalkIn: x.Customer == "", Capture: x.ID}
}

func detailsOf(f url.Values) counter.Details {
	d := counter.Details{Behaviour: counter.Behaviour(f.Get("behaviour")), Words: f.Get("words")}
	for _, r := range f["reason"] {
		d.Reasons = append(d.Reasons, counter.Reason(r))
	}
	return d
}

func (c *Console) detailCapture(v *visit) error {
	id, err := v.captureID()
	if err != nil {
		return err
	}
	x, err := c.d.Counter.Desk.Detail(v.r.Context(), id, detailsOf(v.r.PostForm), v.user.Name)
	if err == nil {
		return c.redirect(v, stateOf(&x).link(), "capture_kept")
	}
	form, err := c.wrongForm(v, "capture", err)
	if err != nil {
		return err
	}
	if x, err = c.d.Counter.Desk.Capture(v.r.Context(), id); err != nil {
		return err
	}
	return c.renderCounter(v, http.StatusUnprocessableEntity, stateOf(&x), counterView{Form: form})
}

func (c *Console) undoCapture(v *visit) error {
	id, err := v.captureID()
	if err != nil {
		return err
	}
	x, err := c.d.Counter.Desk.Undo(v.r.Context(), id, v.user.Name)
	if err != nil {
		return err
	}
	s := stateOf(&x)
	s.Capture = 0
	return c.redirect(v, s.link(), "capture_undone")
}

// complainCapture makes a complaint of what a customer said to this clerk, or in
// this user's shop.
func (c *Console) complainCapture(v *visit) error {
	id, err := v.captureID()
	if err != nil {
		return err
	}
	x, err := c.d.Counter.Desk.Capture(v.r.Context(), id)
	if err != nil {
		return err
	}
	if !ownCapture(v, &x) {
		return triage.Errorf(triage.CodeNotFound, "no such capture in the department of the user")
	}
	k, err := c.d.Counter.Desk.Complain(v.r.Context(), id, v.user.Name)
	if err != nil {
		return err
	}
	return c.redirect(v, casePath(k.ID), "taken_up")
}

// ownCapture says whether the user may see a capture: their own, those of their
// department, and all of them for who belongs to none.
func ownCapture(v *visit, x *counter.Capture) bool {
	return v.user.Department == "" || x.Clerk == v.user.Name || x.Shop == v.user.Department
}

// optOut keeps a customer from being told anything more.
func (c *Console) optOut(v *visit) error {
	id := triage.CustomerID(v.r.PostForm.Get("customer"))
	if err := c.d.Counter.Desk.OptOut(v.r.Context(), id, v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, counterState{Customer: id}.link(), "customer_opted_out")
}
