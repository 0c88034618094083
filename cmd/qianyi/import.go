package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// importCmd stores records from files. Importing a file twice changes nothing.
type importCmd struct {
	Kind  string   `arg:"" enum:"complaints,customers,exposures,campaigns,solutions" help:"What the files hold: complaints, customers, exposures, campaigns or solutions."`
	Files []string `arg:"" name:"file" help:"CSV, XLSX or JSONL files, recognised by their content."`
	settings
	dataSettings
	packSettings
	Rejects string `help:"Write the rows that cannot be used to this CSV file, with reasons." placeholder:"FILE"`
	JSON    bool   `name:"json" help:"Print the summary as JSON."`
}

// importSummary is the outcome of an import.
type importSummary struct {
	Kind string `json:"kind"`
	// Read counts rows; each was added, known or rejected.
	Read     int `json:"read"`
	Added    int `json:"added"`
	Known    int `json:"known"`
	Rejected int `json:"rejected"`
	// Indexed says that the search index holds everything that was added.
	Indexed bool    `json:"indexed"`
	Seconds float64 `json:"seconds"`
}

// Run imports all files in order. Without --rejects a rejected row makes the
// command fail at its end; the good rows are stored either way.
func (cmd *importCmd) Run(ctx context.Context, s *streams) (err error) {
	c, err := cmd.load(cmd.dataSettings.flags(), cmd.packSettings.flags())
	if err != nil {
		return err
	}
	source := &rowSource{files: cmd.Files, options: intake.Options{Zone: c.zone(), Kind: intake.Kind(cmd.Kind)}}
	if err := source.measure(); err != nil {
		return err
	}
	db, err := createStore(ctx, &c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Shutdown()) }()
	rejects, closeRejects, err := createRejects(cmd.Rejects, cmd.Files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeRejects()) }()

	t := &tally{streams: s, rejects: rejects, meter: newMeter(s, "import "+cmd.Kind, source.total, true)}
	t.Kind = cmd.Kind
	start := time.Now()
	err = cmd.store(ctx, &c, db, source, t)
	t.meter.done()
	t.Seconds = time.Since(start).Seconds()
	if err != nil {
		return fmt.Errorf("%w (%d rows are stored; the same command goes on from there)", err, t.Added+t.Known)
	}
	return cmd.conclude(s, &t.importSummary)
}

// store takes the rows of one kind from the source to the database.
func (cmd *importCmd) store(ctx context.Context, c *config, db *store.DB, source *rowSource, t *tally) error {
	switch intake.Kind(cmd.Kind) {
	case intake.Customers:
		return importRows(ctx, source, t, intake.Customer, putAll(db.PutCustomers))
	case intake.Exposures:
		return importRows(ctx, source, t, intake.Exposure, putAll(db.PutExposures))
	case intake.Campaigns:
		return importRows(ctx, source, t, intake.Campaign, putAll(db.PutCampaigns))
	case intake.Solutions:
		return importRows(ctx, source, t, intake.Solution, putAll(db.PutSolutions))
	default:
		return importComplaints(ctx, c, db, source, t)
	}
}

func (cmd *importCmd) conclude(s *streams, sum *importSummary) error {
	if cmd.JSON {
		if err := json.NewEncoder(s.out).Encode(sum); err != nil {
			return err
		}
	}
	s.say("import %s: read %d, added %d, known %d, rejected %d in %.1f s",
		sum.Kind, sum.Read, sum.Added, sum.Known, sum.Rejected, sum.Seconds)
	switch {
	case sum.Rejected == 0:
		return nil
	case cmd.Rejects == "":
		return fmt.Errorf("%d of %d rows were rejected; see the lines above, or keep them with --rejects FILE", sum.Rejected, sum.Read)
	case sum.Rejected == sum.Read:
		return fmt.Errorf("all %d rows were rejected; %s says why", sum.Read, cmd.Rejects)
	}
	return nil
}

// createRejects makes the file for rejected rows, which must be none of those
// that are read; without a path it keeps none.
func createRejects(path string, inputs []string) (*intake.Rejects, func() error, error) {
	if path == "" {
		return intake.NewRejects(io.Discard), func() error { return nil }, nil
	}
	if old, err := os.Stat(path); err == nil {
		for _, input := range inputs {
			if in, err := os.Stat(input); err == nil && os.SameFile(old, in) {
				return nil, nil, usagef("--rejects: %s is a file to import; name another", path)
			}
		}
	}
	// The rows are somebody's complaints: only the owner may read them.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("rejects: %w", err)
	}
	r := intake.NewRejects(f)
	return r, func() error { return errors.Join(r.Flush(), f.Close()) }, nil
}

// namedRejects is how many rejected rows are named on err.
const namedRejects = 5

// tally counts the outcome of every row as the import goes on.
type tally struct {
	importSummary
	streams *streams
	rejects *intake.Rejects
	meter   *meter
}

// reject counts a bad row and keeps it.
func (t *tally) reject(e *intake.RowError) error {
	t.Rejected++
	if t.Rejected <= namedRejects {
		t.streams.say("%s", oneLine(e.Error()))
	}
	if t.Rejected == namedRejects+1 {
		t.streams.say("further rejected rows are counted only")
	}
	return t.rejects.Write(e)
}
