package main

import (
	"context"
	"errors"
	"time"

	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// reindexCmd builds the search index again. The old one is replaced when the
// new one is complete.
type reindexCmd struct {
	settings
	dataSettings
	packSettings
}

// Run fails while a service holds the index.
func (cmd *reindexCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		return reindex(ctx, c, db, s)
	}, cmd.packSettings.flags())
}

func reindex(ctx context.Context, c *config, db *store.DB, s *streams) (err error) {
	p, err := pack.Load(c.Packs, c.Pack)
	if err != nil {
		return err
	}
	tokenizer, err := pack.NewTokenizer(p)
	if err != nil {
		return err
	}
	index, err := search.Open(c.indexDir(), tokenizer.Segmenter, search.Options{Zone: c.zone()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	total, err := db.LastChange(ctx)
	if err != nil {
		return err
	}
	start := time.Now()
	bar := newMeter(s, "reindex", total, false)
	n, err := index.Rebuild(ctx, db, func(done int) { bar.set(int64(done)) })
	bar.done()
	if err != nil {
		return err
	}
	s.say("reindex: %d cases in %.1f s", n, time.Since(start).Seconds())
	return nil
}
