package main

import (
	"context"
	"sync"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// importComplaints triages and stores complaints, and brings the search index
// up to them while it does. An index that cannot be opened is no error: the
// service that holds it catches up by itself.
func importComplaints(ctx context.Context, c *config, db *store.DB, source *rowSource, t *tally) error {
	a, err := t.streams.load(c.packOptions())
	if err != nil {
		return err
	}
	learned, err := newLearning(ctx, c, a, db, nil, quietLogger())
	if err != nil {
		return err
	}
	index := newShadow(c, a.Tokenizer().Segmenter, db, quietLogger())
	defer index.Close() // the index is a shadow: what it lacks is caught up
	openErr := index.open()

	following, stop := context.WithCancel(ctx)
	var follower sync.WaitGroup
	if openErr == nil {
		follower.Go(func() { index.Run(following) })
	}
	service, err := newService(c, learned.swap, db, index, quietLogger())
	if err == nil {
		err = importRows(ctx, source, t, intake.Complaint, submitAll(service, db))
	}
	stop()
	follower.Wait()
	if err != nil {
		return err
	}
	if openErr == nil {
		_, openErr = index.CatchUp(ctx)
	}
	if openErr != nil {
		t.streams.say("the search index is not up to date: %s; a running service brings it up to date by itself, else use qianyi reindex", oneLine(openErr.Error()))
	}
	t.Indexed = openErr == nil
	return ctx.Err()
}

// submitAll stores complaints that are not known yet together, and one by one
// when the store refuses one of them, so that one costs only itself.
func submitAll(service *triage.Service, db *store.DB) putter[triage.Complaint] {
	return func(ctx context.Context, complaints []triage.Complaint) (int, []refusal, error) {
		fresh, places, err := unknown(ctx, db, complaints)
		if err != nil || len(fresh) == 0 {
			return 0, nil, err
		}
		added, err := submit(ctx, service, fresh)
		if err == nil || !isRefusal(err) {
			return added, nil, err
		}
		var refused []refusal
		for i := range fresh {
			n, err := submit(ctx, service, fresh[i:i+1])
			switch {
			case isRefusal(err):
				refused = append(refused, refusal{places[i], err})
			case err != nil:
				return added, refused, err
			}
			added += n
		}
		return added, refused, nil
	}
}

// unknown returns the complaints that are not stored yet, so that the others
// do not cost an analysis, and their places among all of them.
func unknown(ctx context.Context, db *store.DB, complaints []triage.Complaint) (fresh []triage.Complaint, places []int, err error) {
	ids := make([]triage.ComplaintID, len(complaints))
	for i := range complaints {
		ids[i] = complaints[i].ID
	}
	known, err := db.Known(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	for i, c := range complaints {
		if !known[c.ID] {
			fresh, places = append(fresh, c), append(places, i)
		}
	}
	return fresh, places, nil
}

func submit(ctx context.Context, service *triage.Service, complaints []triage.Complaint) (added int, err error) {
	receipts, err := service.SubmitAll(ctx, complaints)
	for i := range receipts {
		if !receipts[i].Duplicate {
			added++
		}
	}
	return added, err
}

// isRefusal says that the data is at fault, not the store.
func isRefusal(err error) bool {
	code := triage.CodeOf(err)
	return code == triage.CodeInvalid || code == triage.CodeTooLarge
}
