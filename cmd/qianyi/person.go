package main

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/privacy"
)

// personExportCmd writes everything stored about a person.
type personExportCmd struct {
	Customer string `arg:"" help:"Id of the customer; records merged with it are included."`
	settings
	dataSettings
}

// Run writes one JSON object to standard output.
func (cmd *personExportCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		out := bufio.NewWriter(s.out)
		if err := newPersons(c, db).Export(ctx, triage.CustomerID(cmd.Customer), cliActor, out); err != nil {
			return err
		}
		return out.Flush()
	})
}

// personEraseCmd takes a person's data away for ever.
type personEraseCmd struct {
	Customer string `arg:"" help:"Id of the customer; records merged with it are erased with it."`
	Reason   string `required:"" help:"Who asked for it, and how; kept in the trail."`
	settings
	dataSettings
}

// Run says how many rows of each table were changed or deleted.
func (cmd *personEraseCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		erased, err := newPersons(c, db).Erase(ctx, triage.CustomerID(cmd.Customer), cliActor, cmd.Reason)
		if err != nil {
			return err
		}
		for _, table := range slices.Sorted(maps.Keys(erased)) {
			fmt.Fprintf(s.out, "%s\t%d\n", table, erased[table])
		}
		s.say("erased; backups made before still have the data")
		return nil
	})
}

func newPersons(c *config, db *store.DB) *privacy.Service {
	return privacy.New(privacy.Deps{Store: db, People: personRecords{db}, Audit: db, Config: c.Privacy, Now: c.now})
}

// personRecords finds the records of a person; a customer who is in no file but
// has complained is a person of one record.
type personRecords struct{ db *store.DB }

// Records implements [privacy.People].
func (p personRecords) Records(ctx context.Context, id triage.CustomerID) ([]triage.CustomerID, error) {
	list, err := p.db.Care().Records(ctx, id)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return []triage.CustomerID{id}, nil
	}
	ids := make([]triage.CustomerID, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	return ids, err
}
