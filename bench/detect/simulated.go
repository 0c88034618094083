package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// truth is what was planted in a simulated stream.
type truth struct {
	Incidents []planted `json:"incidents"`
}

type planted struct {
	ID         string               `json:"id"`
	Name       string               `json:"name"`
	From       int                  `json:"from"`
	To         int                  `json:"to"`
	Complaints []triage.ComplaintID `json:"complaint_ids"`
	Affected   []struct {
		Customer triage.CustomerID `json:"customer_id"`
	} `json:"affected"`

	// left are those who complained or want to hear nothing.
	left map[triage.CustomerID]bool
}

// cohortOf compares the largest of the last cohorts of an incident's clusters
// with the silent customers who are truly affected.
func cohortOf(o outcome, clusters []prevention.ClusterID, x planted) (precision, recall float64, ok bool) {
	var last *prevention.Cohort
	for _, id := range clusters {
		if told := o.cohorts[id]; len(told) > 0 {
			if c := told[len(told)-1].Cohort; last == nil || len(c.Customers) > len(last.Customers) {
				last = c
			}
		}
	}
	if last == nil {
		return 0, 0, false
	}
	silent := map[triage.CustomerID]bool{}
	for _, a := range x.Affected {
		silent[a.Customer] = !x.left[a.Customer]
	}
	hit, all := 0, 0
	for _, yes := range silent {
		if yes {
			all++
		}
	}
	for _, c := range last.Customers {
		if silent[c.Customer] {
			hit++
		}
	}
	return float64(hit) / float64(max(len(last.Customers), 1)), float64(hit) / float64(max(all, 1)), true
}

func (b *bench) simulated(ctx context.Context, dir string, exposures bool) error {
	var in replay.Input
	var err error
	if in.Complaints, err = readComplaints(filepath.Join(dir, "complaints.jsonl")); err != nil {
		return err
	}
	if exposures {
		if in.Exposures, err = readRows(filepath.Join(dir, "exposures.csv"), intake.Exposure); err != nil {
			return err
		}
		if in.Customers, err = readRows(filepath.Join(dir, "customers.csv"), intake.Customer); err != nil {
			return err
		}
	}
	t, err := readJSON[truth](filepath.Join(dir, "truth.json"))
	if err != nil {
		return err
	}
	_, err = b.judge(ctx, fmt.Sprintf("%s exposures=%v", filepath.Base(dir), exposures), in, t.Incidents)
	return err
}

// judged are the figures of one simulated stream. An alert belongs to an
// incident when at least half of its members do; the incident is then found at
// the number of its complaints up to the alert.
type judged struct {
	incidents, found int
	at               []int
	outside          int
	// precision and recall of the last cohort of each incident that has one.
	precision, recall []float64
	weeks             float64
}

func (b *bench) judge(ctx context.Context, name string, in replay.Input, incidents []planted) (judged, error) {
	o, err := b.replay(ctx, in)
	if err != nil {
		return judged{}, err
	}
	label, at := map[triage.ComplaintID]string{}, map[triage.ComplaintID]time.Time{}
	for _, c := range in.Complaints {
		at[c.ID] = c.At
	}
	by := map[triage.ComplaintID]triage.CustomerID{}
	for _, c := range in.Complaints {
		by[c.ID] = c.CustomerID
	}
	for i := range incidents {
		x := &incidents[i]
		x.left = map[triage.CustomerID]bool{}
		for _, c := range in.Customers {
			if c.OptedOut {
				x.left[c.ID] = true
			}
		}
		for _, c := range x.Complaints {
			label[c] = x.ID
			x.left[by[c]] = true
		}
	}
	j := judged{incidents: len(incidents)}
	if n := len(in.Complaints); n > 0 {
		j.weeks = in.Complaints[n-1].At.Sub(in.Complaints[0].At).Hours() / 24 / 7
	}
	first := map[string]alert{}
	mine := map[string][]prevention.ClusterID{}
	for _, a := range o.alerts {
		of := ""
		for l, n := range a.labels(label) {
			if l != "" && 2*n >= len(a.members) {
				of = l
			}
		}
		if of != "" {
			mine[of] = append(mine[of], a.cluster.ID)
		}
		if of == "" {
			j.outside++
		} else if _, known := first[of]; !known {
			first[of] = a
		}
		if b.verbose {
			fmt.Printf("    %v: incident %q of %d\n", &a, of, len(a.members))
		}
	}
	for _, x := range incidents {
		if p, r, ok := cohortOf(o, mine[x.ID], x); ok {
			j.precision, j.recall = append(j.precision, p), append(j.recall, r)
		}
		a, ok := first[x.ID]
		n := 0
		for _, c := range x.Complaints {
			if ok && !at[c].After(a.at) {
				n++
			}
		}
		if ok {
			j.found++
			j.at = append(j.at, n)
		}
		if b.verbose {
			fmt.Printf("    incident %s %s: %d complaints, alarmed at %d\n", x.ID, x.Name, len(x.Complaints), n)
		}
	}
	fmt.Printf("  cohorts: precision %.2f recall %.2f\n", j.precision, j.recall)
	fmt.Printf("%s: %d complaints, %.2f ms each; incidents alarmed %d of %d at complaint %v (median %v); alarms %d, outside incidents %d in %.1f weeks\n",
		name, len(in.Complaints), perComplaint(o), j.found, j.incidents, j.at, median(j.at), len(o.alerts), j.outside, j.weeks)
	return j, nil
}
