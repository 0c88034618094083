package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// detectCmd replays a stream and says what a live watch would have said.
type detectCmd struct {
	settings
	packSettings
	In        string  `help:"Complaints: JSONL, CSV or XLSX; - is standard input." required:"" placeholder:"FILE"`
	JSON      bool    `name:"json" help:"Print one JSON event per line."`
	Threshold float64 `help:"Surprise (-log10 of the probability) that alarms." default:"6"`
}

// Run reads all complaints, sorts them by time, and replays them.
func (cmd *detectCmd) Run(ctx context.Context, s *streams) (err error) {
	if !(cmd.Threshold > 0) {
		return usagef("--threshold: %v is not positive", cmd.Threshold)
	}
	c, err := cmd.load(cmd.packSettings.flags())
	if err != nil {
		return err
	}
	a, err := s.load(c.packOptions())
	if err != nil {
		return err
	}
	in, name, err := openInput(cmd.In, s.in)
	if err != nil {
		return err
	}
	defer in.Close()
	var complaints []triage.Complaint
	seen := map[triage.ComplaintID]bool{}
	bad := 0
	for complaint, err := range intake.Lines(in, name, intake.Options{Zone: c.zone()}) {
		if err != nil {
			if _, row := errors.AsType[*intake.RowError](err); !row {
				return err
			}
			s.say("%v", err)
			bad++
			continue
		}
		if seen[complaint.ID] {
			continue
		}
		seen[complaint.ID] = true
		if complaint.At.IsZero() {
			s.say("%s: complaint %s: at: is missing; a stream needs the time of each complaint", name, complaint.ID)
			bad++
			continue
		}
		complaints = append(complaints, complaint)
	}
	slices.SortStableFunc(complaints, func(a, b triage.Complaint) int { return a.At.Compare(b.At) })
	out := bufio.NewWriter(s.out)
	defer func() {
		if flushed := out.Flush(); err == nil {
			err = flushed
		}
	}()
	w := detect.NewWatch()
	w.Threshold = cmd.Threshold
	p := detectPrinter{out: out, catalogue: a, json: cmd.JSON, zone: c.zone()}
	for i := range complaints {
		if err := ctx.Err(); err != nil {
			return err
		}
		verdict := a.Assess(&complaints[i])
		if err := p.print(&complaints[i], w.Observe(event(&complaints[i], &verdict))); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fmt.Errorf("%s: %d of %d complaints could not be read", name, bad, bad+len(complaints))
	}
	return nil
}

// event takes the theme from what was understood of the complaint and the facts
// from its record. Names found in the text are left out: they come with their
// theme, and would make every old combination look like a new one.
func event(c *triage.Complaint, a *triage.Assessment) detect.Event {
	facts := map[string]string{}
	for field, value := range map[string]string{"region": c.Region, "product": c.Product, "campaign": c.Campaign} {
		if value != "" {
			facts[field] = value
		}
	}
	theme := a.Subtype
	if theme == "" {
		theme = a.Type
	}
	return detect.Event{ID: c.ID, Customer: c.CustomerID, At: c.At, Theme: theme, Facts: facts}
}

// silentPerComplaint is the rule of thumb of the trade, for want of exposures:
// of 25 customers with a problem one complains.
const silentPerComplaint = 24

// detectPrinter writes one JSON event per line, or lines for people, who are
// told of alarms and their end only.
type detectPrinter struct {
	out       *bufio.Writer
	catalogue triage.Catalogue
	json      bool
	zone      *time.Location
}

func (p *detectPrinter) print(c *triage.Complaint, change detect.Change) error {
	at := c.At.In(p.zone)
	for _, cluster := range change.Resolved {
		if err := p.line(fmt.Sprintf("%s  %s resolved", at.Format(time.DateTime), cluster),
			map[string]any{"event": "resolved", "cluster": cluster, "at": at}); err != nil {
			return err
		}
	}
	if change.Joined != "" && p.json {
		return p.line("", map[string]any{"event": "update", "cluster": change.Joined, "at": at, "members": []triage.ComplaintID{c.ID}})
	}
	if a := change.Raised; a != nil {
		return p.alert(a)
	}
	return nil
}

func (p *detectPrinter) alert(a *detect.Alarm) error {
	title := p.typeName(a.Theme)
	terms := []string{title}
	for _, f := range a.Facts {
		title += " · " + f.Value
		terms = append(terms, f.Value)
	}
	at := a.At.In(p.zone)
	text := fmt.Sprintf("%s  %s  %s: %d customers in %d days, %.1f expected (score %.1f)",
		at.Format(time.DateTime), a.Cluster, title, a.Customers, a.Days, a.Baseline, a.Score)
	return p.line(text, map[string]any{
		"event": "alert", "at": at, "cluster": a.Cluster, "title": title, "terms": terms, "score": a.Score, "p_value": a.PValue,
		"baseline": a.Baseline, "count": a.Count, "distinct_customers": a.Customers, "members": a.Members, "attributes": a.Facts,
		"estimate": map[string]any{
			"affected": a.Customers * (1 + silentPerComplaint), "low": a.Customers, "high": a.Customers * (1 + silentPerComplaint),
			"basis": fmt.Sprintf("rule of thumb: one complaint stands for %d silent customers", silentPerComplaint),
		},
	})
}

func (p *detectPrinter) typeName(code string) string {
	if info, found := triage.FindType(p.catalogue, code); found {
		return info.Name
	}
	return code
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
