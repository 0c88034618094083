package main

import (
	"context"
	"strconv"

	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web"
	"github.com/qianyi-dev/qianyi/web/console"
)

var (
	_ web.Searcher     = (*caseFinder)(nil)
	_ console.Searcher = (*caseFinder)(nil)
)

// caseFinder is the search index as API and console ask it: with the cases.
type caseFinder struct {
	index *shadow
	cases triage.CaseStore
}

// Search skips as many matches as the cursor of the filter says. What the index
// does not know, urgency and review, is sifted here; such pages may be short.
func (f *caseFinder) Search(ctx context.Context, words string, filter triage.QueueFilter) ([]triage.Case, int, error) {
	offset := 0
	if filter.Cursor != "" {
		var err error
		if offset, err = strconv.Atoi(filter.Cursor); err != nil {
			return nil, 0, triage.FieldErrorf("cursor", "%q is not the number of a match", filter.Cursor)
		}
	}
	page, err := f.index.Search(ctx, search.Query{
		Words: words, Type: filter.Type, Status: filter.Status, Product: filter.Product, Channel: filter.Channel,
		CustomerID: filter.CustomerID, From: filter.From, To: filter.To, Offset: offset, Limit: filter.Limit,
	})
	if err != nil {
		return nil, 0, err
	}
	ids := make([]triage.ComplaintID, len(page.Hits))
	for i, h := range page.Hits {
		ids[i] = h.ID
	}
	found, err := f.cases.Cases(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	kept := found[:0]
	for _, c := range found {
		a := &c.Assessment
		if filter.Urgency != "" && string(a.Urgency.Level) != filter.Urgency {
			continue
		}
		if filter.NeedsReview != nil && (a.NeedsReview && c.Type == "") != *filter.NeedsReview {
			continue
		}
		kept = append(kept, c)
	}
	return kept, page.Total, nil
}
