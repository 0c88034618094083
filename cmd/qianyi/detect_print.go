package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
	"github.com/qianyi-dev/qianyi/triage"
)

// detectPrinter writes one JSON event per line, or lines for people, who are
// told of alarms and their end only.
type detectPrinter struct {
	out  *bufio.Writer
	json bool
	zone *time.Location
}

func (p *detectPrinter) print(e replay.Event) error {
	at := e.At.In(p.zone)
	if e.Cohort != nil {
		return p.cohort(at, e.Cluster, e.Cohort)
	}
	c := *e.Change
	k := c.Cluster
	base := map[string]any{"cluster": k.ID, "at": at}
	switch c.Kind {
	case detect.Updated:
		if !p.json {
			return nil
		}
		base["event"], base["members"] = "update", ids(c.Members)
		base["title"], base["count"], base["distinct_customers"] = k.Title, k.Complaints, k.Customers
		return p.line("", base)
	case detect.Resolved:
		base["event"] = "resolved"
		return p.line(fmt.Sprintf("%s  %s  恢复平常：%s", at.Format(time.DateTime), k.ID, k.Title), base)
	case detect.Merged:
		base["event"], base["into"] = "merged", c.Into
		return p.line(fmt.Sprintf("%s  %s  并入 %s", at.Format(time.DateTime), k.ID, c.Into), base)
	default:
		return p.alert(c)
	}
}

// alertEvents names the events of changes that speak up.
var alertEvents = map[detect.ChangeKind]string{detect.Raised: "alert", detect.Escalated: "escalated", detect.Reopened: "reopened"}

var alertWords = map[detect.ChangeKind]string{detect.Raised: "预警", detect.Escalated: "升级", detect.Reopened: "再起"}

func (p *detectPrinter) alert(c detect.Change) error {
	k, a := c.Cluster, c.Cluster.Alarm
	at := c.At.In(p.zone)
	text := fmt.Sprintf("%s  %s  %s：%s：%d 天内 %d 位客户，平常 %.1f 位（%.0f–%.0f），偶然的可能 %.1g",
		at.Format(time.DateTime), k.ID, alertWords[c.Kind], k.Title, a.Days, a.Customers, a.Baseline, a.Low, a.High, a.PValue)
	if a.Copies > 0 {
		text += fmt.Sprintf("，其中 %d 条与他人雷同", a.Copies)
	}
	e := k.Explanation
	terms := make([]string, len(e.Terms))
	for i, t := range e.Terms {
		terms[i] = t.Text
	}
	return p.line(text, map[string]any{
		"event": alertEvents[c.Kind], "at": at, "cluster": k.ID, "title": k.Title, "path": k.Path, "type": k.Type,
		"terms": terms, "term_weights": list(e.Terms),
		"score": a.Score, "p_value": a.PValue, "severity": a.Severity, "days": a.Days, "baseline": a.Baseline, "low": a.Low, "high": a.High,
		"count": a.Complaints, "distinct_customers": a.Customers, "copies": a.Copies, "members": ids(c.Members), "attributes": list(e.Attributes),
		"estimate": k.Estimate, "representatives": list(e.Representatives), "neighbours": list(e.Neighbours),
	})
}

// cohort says who is affected and silent.
func (p *detectPrinter) cohort(at time.Time, id prevention.ClusterID, c *prevention.Cohort) error {
	estimate := cohort.Estimate(*c)
	text := fmt.Sprintf("%s  %s  沉默客户 %d 位（估计受影响 %d–%d）：%s", at.Format(time.DateTime), id, len(c.Customers), estimate.Low, estimate.High, c.Words)
	customers := make([]map[string]any, len(c.Customers))
	for i, x := range c.Customers {
		customers[i] = map[string]any{"customer_id": x.Customer, "score": x.Score}
	}
	return p.line(text, map[string]any{
		"event": "cohort", "cluster": id, "at": at, "definition": c.Rule, "words": c.Words, "reasons": list(c.Reasons), "customers": customers,
		"excluded": map[string]int{
			"complained": c.Excluded.Complained, "told": c.Excluded.Told, "opted_out": c.Excluded.OptedOut, "contacted": c.Excluded.Contacted,
		},
		"matched": c.Matched, "explained": c.Explained, "known": c.Known, "estimate": estimate,
	})
}

// list makes an empty list of a missing one, for JSON.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func ids(members []prevention.Member) []triage.ComplaintID {
	list := make([]triage.ComplaintID, len(members))
	for i, m := range members {
		list[i] = m.Complaint
	}
	return list
}

func (p *detectPrinter) line(text string, event map[string]any) error {
	if !p.json {
		_, err := fmt.Fprintln(p.out, text)
		return err
	}
	e := json.NewEncoder(p.out)
	e.SetEscapeHTML(false)
	return e.Encode(event)
}
