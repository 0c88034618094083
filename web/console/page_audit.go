package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// auditObject is the object of entries about the trail itself, auditVerify the
// action of those about its verification.
const (
	auditObject = "audit"
	auditVerify = "audit.verify"
	// auditLook is the action of entries about somebody who looked.
	auditLook = "view"
)

// auditState is the state of the page as its address has it.
type auditState struct{ Actor, Action, Object, From, To, Before string }

func readAuditState(q url.Values) auditState {
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	return auditState{get("actor"), get("action"), get("object"), get("from"), get("to"), get("before")}
}

func (s auditState) link(path string) string {
	return address(path, "actor", s.Actor, "action", s.Action, "object", s.Object, "from", s.From, "to", s.To, "before", s.Before)
}

// filter reads the days in the zone of the console; To is included. What makes
// no sense is as good as none.
func (s auditState) filter(zone *time.Location) triage.AuditFilter {
	f := triage.AuditFilter{Actor: s.Actor, Action: s.Action, Object: s.Object}
	if t, err := time.ParseInLocation(dayFace, s.From, zone); err == nil {
		f.From = t
	}
	if t, err := time.ParseInLocation(dayFace, s.To, zone); err == nil {
		f.To = t.AddDate(0, 0, 1)
	}
	if n, err := strconv.ParseInt(s.Before, 10, 64); err == nil && n > 0 {
		f.Before = n
	}
	return f
}

type auditView struct {
	State  auditState
	Rows   []auditRow
	First  string
	Next   string
	Export string
	Proof  *proofView
}

type auditRow struct {
	ID                             int64
	At, Actor, Action, Name        string
	Object, Detail, Hash, CaseHref string
}

// proofView is what the last verification found.
type proofView struct {
	At, By string
	proofFacts
}

// proofFacts are the facts of an entry about a verification.
type proofFacts struct {
	Holds   bool   `json:"holds"`
	Entries int64  `json:"entries"`
	Last    int64  `json:"last"`
	Head    string `json:"head"`
	Broken  int64  `json:"broken,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

func (c *Console) showAudit(v *visit) error {
	s := readAuditState(v.r.URL.Query())
	ctx := v.r.Context()
	found, err := c.d.Rights.Trail.AuditPage(ctx, s.filter(c.d.Zone))
	if err != nil {
		return err
	}
	view := auditView{State: s, Export: s.link("/audit.csv")}
	for i := range found.Entries {
		view.Rows = append(view.Rows, c.auditRow(v.lang, &found.Entries[i]))
	}
	if s.Before != "" {
		first := s
		first.Before = ""
		view.First = first.link("/audit")
	}
	if found.Next > 0 {
		next := s
		next.Before = strconv.FormatInt(found.Next, 10)
		view.Next = next.link("/audit")
	}
	if view.Proof, err = c.lastProof(v); err != nil {
		return err
	}
	return c.render(v, http.StatusOK, "audit", page{Title: "nav.audit", Nav: "/audit", View: view})
}

func (c *Console) auditRow(l language, e *triage.ChainedEntry) auditRow {
	row := auditRow{
		ID: e.ID, At: e.At.In(c.d.Zone).Format("2006-01-02 15:04:05"), Actor: c.masked(e.Actor, nil), Action: e.Action,
		Name: l.action(e.Action), Object: c.masked(e.Object, nil), Detail: c.masked(e.Detail, nil), Hash: e.Hash.String()[:12],
	}
	if id, ok := strings.CutPrefix(e.Object, "case:"); ok {
		row.CaseHref = casePath(triage.ComplaintID(id))
	}
	return row
}

// lastProof returns what the last verification found, nil before the first.
func (c *Console) lastProof(v *visit) (*proofView, error) {
	found, err := c.d.Rights.Trail.AuditPage(v.r.Context(), triage.AuditFilter{Action: auditVerify, Object: auditObject, Limit: 1})
	if err != nil || len(found.Entries) == 0 {
		return nil, err
	}
	e := &found.Entries[0]
	p := proofView{At: c.when(e.At), By: v.lang.label("actor", e.Actor)}
	if err := json.Unmarshal([]byte(e.Detail), &p.proofFacts); err != nil {
		return nil, nil //nolint:nilerr // not an entry of ours; the page does without
	}
	return &p, nil
}

// verifyAudit walks along the chain and writes down what it found, so that the
// head is noted in the trail itself too.
func (c *Console) verifyAudit(v *visit) error {
	ctx := v.r.Context()
	p, err := c.d.Rights.Trail.VerifyAudit(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.audit(ctx, v.user.Name, auditVerify, auditObject, ProofFacts(p)); err != nil {
		return err
	}
	toast := "audit_holds"
	if !p.Holds() {
		toast = "audit_broken"
		c.d.Log.ErrorContext(ctx, "the audit trail does not hold", "entry", p.Broken, "reason", p.Reason)
	}
	return c.redirect(v, "/audit", toast)
}

// ProofFacts is a proof as JSON: the detail of an entry "audit.verify" about
// "audit", which the page shows as the last verification.
func ProofFacts(p triage.AuditProof) string {
	b, err := json.Marshal(proofFacts{Holds: p.Holds(), Entries: p.Entries, Last: p.Last, Head: p.Head.String(), Broken: p.Broken, Reason: p.Reason})
	if err != nil {
		return "" // cannot happen: numbers and strings
	}
	return string(b)
}

func auditFacts(facts map[string]string) string {
	b, err := json.Marshal(facts)
	if err != nil {
		return "" // cannot happen: strings
	}
	return string(b)
}

var auditColumns = []string{
	"audit.id", "audit.at", "audit.actor", "audit.action", "audit.object", "audit.detail", "audit.hash",
}

// exportAudit sends the newest entries of the filter, at most 10 000; the
// command "qianyi audit export" sends all.
func (c *Console) exportAudit(v *visit) error {
	f := readAuditState(v.r.URL.Query()).filter(c.d.Zone)
	f.Limit = exportPage
	var rows [][]string
	for {
		found, err := c.d.Rights.Trail.AuditPage(v.r.Context(), f)
		if err != nil {
			return err
		}
		for i := range found.Entries {
			e := &found.Entries[i]
			r := c.auditRow(v.lang, e)
			rows = append(rows, []string{strconv.FormatInt(r.ID, 10), r.At, r.Actor, r.Action, r.Object, r.Detail, e.Hash.String()})
		}
		if f.Before = found.Next; found.Next == 0 || len(rows) >= maxExportRows {
			return c.sendTable(v, auditObject, auditColumns, rows[:min(len(rows), maxExportRows)])
		}
	}
}

// noteView writes that a person has opened something, once an hour.
func (c *Console) noteView(v *visit, object string) error {
	if !c.seen.First(v.user.Name, object, c.d.Now()) {
		return nil
	}
	if err := c.audit(v.r.Context(), v.user.Name, auditLook, object, ""); err != nil {
		c.seen.Forget(v.user.Name, object)
		return err
	}
	return nil
}
