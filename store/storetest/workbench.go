package storetest

import (
	"context"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
)

// workbenchPorts are what the pages of daily work ask beside the cases.
type workbenchPorts interface {
	CountQueue(ctx context.Context, f triage.QueueFilter, limit int) (int, error)
	LastArrival(ctx context.Context) (int64, error)
	ArrivedSince(ctx context.Context, scope triage.Scope, after int64, limit int) (int, error)
}

var workbenchTests = map[string]func(*testing.T, Store){
	"a list is counted as far as asked": func(t *testing.T, s Store) {
		accept(t, s, many(7)...)
		worked(t, s, "c0003", func(w *triage.Work) { w.Owner, w.Department = "li", "维修部" })
		worked(t, s, "c0004", func(w *triage.Work) { w.Owner, w.WaitingSince = "li", start })
		for name, tt := range map[string]struct {
			f     triage.QueueFilter
			limit int
			want  int
		}{
			"all":             {triage.QueueFilter{}, 100, 7},
			"no further":      {triage.QueueFilter{}, 5, 5},
			"of an owner":     {triage.QueueFilter{Owner: "li", Open: new(true), Sort: "priority"}, 100, 2},
			"not so far":      {triage.QueueFilter{Owner: "li", Open: new(true), Sort: "priority"}, 1, 1},
			"of a department": {triage.QueueFilter{Department: "维修部", Open: new(true), Sort: "priority"}, 100, 1},
			"waiting":         {triage.QueueFilter{Waiting: true, Sort: "priority"}, 100, 1},
			"ended":           {triage.QueueFilter{Open: new(false)}, 100, 0},
			"in a scope":      {triage.QueueFilter{Scope: triage.Scope{Department: "维修部", User: "zhao"}}, 100, 1},
			"of nobody":       {triage.QueueFilter{Owner: "nobody", Open: new(true), Sort: "priority"}, 100, 0},
		} {
			got, err := s.CountQueue(t.Context(), tt.f, tt.limit)
			check(t, err)
			equal(t, name, got, tt.want)
		}
		_, err := s.CountQueue(t.Context(), triage.QueueFilter{Sort: "colour"}, 1)
		code(t, err, triage.CodeInvalid)
	},
	"arrivals are counted from a case on": func(t *testing.T, s Store) {
		last, err := s.LastArrival(t.Context())
		check(t, err)
		equal(t, "last of none", last, int64(0))
		cases := many(5)
		cases[4].Status = triage.StatusClosed
		accept(t, s, cases...)
		worked(t, s, "c0003", func(w *triage.Work) { w.Department = "维修部" })
		last, err = s.LastArrival(t.Context())
		check(t, err)
		equal(t, "last", last, int64(5))
		for name, tt := range map[string]struct {
			scope triage.Scope
			after int64
			limit int
			want  int
		}{
			"all that are open": {after: 0, limit: 9, want: 4},
			"after the second":  {after: 2, limit: 9, want: 2},
			"no further":        {after: 0, limit: 3, want: 3},
			"none":              {after: 5, limit: 9, want: 0},
			"in a scope":        {scope: triage.Scope{Department: "维修部"}, after: 0, limit: 9, want: 1},
		} {
			got, err := s.ArrivedSince(t.Context(), tt.scope, tt.after, tt.limit)
			check(t, err)
			equal(t, name, got, tt.want)
		}
	},
}
