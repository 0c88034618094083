package console

import (
	"context"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// The views of the queue.
const (
	viewMine       = "mine"
	viewDepartment = "department"
	viewReceived   = "received"
	viewActive     = "active"
	viewWaiting    = "waiting"
	viewLate       = "late"
	viewCallBack   = "callback"
	viewEnded      = "ended"
	viewAll        = "all"
)

// queueViews are the views in the order of their tabs.
var queueViews = []string{
	viewMine, viewDepartment, viewReceived, viewActive, viewWaiting, viewLate, viewCallBack, viewEnded, viewAll,
}

// maxTabCount is the highest number that is counted for a tab; more are "999+".
const maxTabCount = 999

// queueTab is one tab of the queue.
type queueTab struct {
	View   string
	Href   string
	Count  string
	Active bool
}

// narrow lets only the cases of a view through the filter, as a person sees it
// at a time.
func narrow(f *triage.QueueFilter, view string, u triage.User, now time.Time) {
	switch view {
	case viewMine:
		f.Owner, f.Open = u.Name, new(true)
	case viewDepartment:
		f.Department, f.Open = u.Department, new(true)
	case viewReceived:
		f.Status, f.Open = triage.StatusReceived, new(true)
	case viewActive:
		f.Active = true
	case viewWaiting:
		f.Waiting = true
	case viewLate:
		f.LateAt = now
	case viewCallBack:
		f.Status = triage.StatusClosed
	case viewEnded:
		f.Open = new(false)
	}
}

// offered says whether a person has the view.
func (c *Console) offered(view string, u triage.User) bool {
	switch view {
	case viewDepartment:
		return c.d.Life != nil && u.Department != ""
	case viewMine, viewActive, viewWaiting, viewLate:
		return c.d.Life != nil
	}
	return true
}

// tabs are the views a person has, with how many cases each has. Where the
// store keeps the numbers nothing is counted; elsewhere counting ends early.
func (c *Console) tabs(ctx context.Context, u triage.User, s queueState) ([]queueTab, error) {
	counts, err := c.d.Cases.CountByStatus(ctx)
	if err != nil {
		return nil, err
	}
	kept, scope := keptCounts(counts), triage.ScopeOf(u)
	var all []queueTab
	for _, view := range queueViews {
		if !c.offered(view, u) {
			continue
		}
		n, known := kept[view]
		text := strconv.Itoa(n)
		if !known || scope != (triage.Scope{}) {
			if text, err = c.countView(ctx, view, u); err != nil {
				return nil, err
			}
		}
		to := firstPage(s)
		to.View, to.Status = view, ""
		to = to.ordered()
		all = append(all, queueTab{View: view, Href: to.link("/"), Count: text, Active: view == s.View})
	}
	return all, nil
}

func (c *Console) countView(ctx context.Context, view string, u triage.User) (string, error) {
	f := triage.QueueFilter{Scope: triage.ScopeOf(u), Sort: ordersOf(view)[0]}
	if c.d.Life == nil || view == viewAll { // all that a department had is many to look through
		return "", nil
	}
	narrow(&f, view, u, c.d.Now())
	n, err := c.d.Life.Workbench.CountQueue(ctx, f, maxTabCount+1)
	if err != nil {
		return "", err
	}
	if n > maxTabCount {
		return strconv.Itoa(maxTabCount) + "+", nil
	}
	return strconv.Itoa(n), nil
}

// keptCounts are the views that are a status or several.
func keptCounts(counts map[triage.Status]int) map[string]int {
	kept := map[string]int{
		viewReceived: counts[triage.StatusReceived], viewCallBack: counts[triage.StatusClosed], viewEnded: 0, viewAll: 0,
	}
	for status, n := range counts {
		kept[viewAll] += n
		if !status.Open() {
			kept[viewEnded] += n
		}
	}
	return kept
}
