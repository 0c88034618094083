package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/internal/simulate"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

var zone = time.FixedZone("CST", 8*60*60)

// incident is the trouble of a campaign. From is its first day, counted from
// that of the company.
type incident struct {
	ID       string
	Exposure simulate.Mark
	From     int
	About    []triage.ComplaintID `json:"complaint_ids"`
}

// company is the records of a company whose trouble is known.
type company struct {
	name      string
	in        attribution.Replayed
	start     fact.Day
	customers int
	incidents []incident // those of campaigns
}

// operator reads the simulated operator of the shared data.
func operator(dir string) (*company, error) {
	c := &company{name: filepath.Base(dir)}
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		return nil, err
	}
	var truth struct{ Incidents []incident }
	if err := json.Unmarshal(raw, &truth); err != nil {
		return nil, fmt.Errorf("%s: truth.json: %w", dir, err)
	}
	c.keep(truth.Incidents)
	if c.in.Complaints, err = records(filepath.Join(dir, "complaints.jsonl"), intake.Complaint); err != nil {
		return nil, err
	}
	c.start = fact.DayOf(c.in.Complaints[0].At, zone) // people complain every day
	if c.in.Exposures, err = records(filepath.Join(dir, "exposures.csv"), intake.Exposure); err != nil {
		return nil, err
	}
	customers, err := records(filepath.Join(dir, "customers.csv"), intake.Customer)
	c.customers = len(customers)
	return c, err
}

func (c *company) keep(list []incident) {
	c.incidents = slices.DeleteFunc(list, func(i incident) bool { return i.Exposure.Kind != campaign.ExposureKind })
}

func records[T any](path string, parse func(intake.Row) (T, error)) (list []T, err error) {
	in, err := intake.Open(path, intake.Options{Zone: zone})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	for {
		row, err := in.Next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		record, err := parse(row)
		if err != nil {
			return nil, err
		}
		list = append(list, record)
	}
}

// companies measures simulated companies, of which campaigns have an incident,
// or of which none has one.
func companies(ctx context.Context, seed uint64, count int, troubled, verbose bool) error {
	for done := 0; done < count; seed++ {
		scenario := simulate.Draw(seed, simulate.Options{})
		w, err := scenario.Generate()
		if err != nil {
			return err
		}
		start, err := time.Parse(time.DateOnly, scenario.Start)
		if err != nil {
			return err
		}
		c := &company{name: fmt.Sprint("seed ", seed), start: fact.DayOf(start, time.UTC), customers: len(w.Customers)}
		for _, p := range w.Truth.Incidents {
			c.incidents = append(c.incidents, incident{p.ID, p.Exposure, p.From, p.ComplaintIDs})
		}
		c.keep(c.incidents)
		if troubled != (len(c.incidents) > 0) {
			continue
		}
		for i := range w.Complaints {
			w.Complaints[i].Campaign = "" // only the text tells
		}
		c.in = attribution.Replayed{Complaints: w.Complaints, Exposures: w.Exposures}
		if err := c.measure(ctx, verbose); err != nil {
			return err
		}
		done++
	}
	return nil
}
