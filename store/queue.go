package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	defaultPage = 50
	maxPage     = 500
)

// Queue returns one page of the cases that pass the filter: the newest first,
// the most urgent first and among those the earliest deadline, or open cases by
// priority. A case whose complaint has no time is ordered and filtered by its
// receipt. Limit 0 means 50, more than 500 means 500.
//
// A page costs about the same however many cases there are. Total is -1 where
// counting would mean to look at more than some ten thousand rows. A cursor
// that is not from a page of the same order is CodeInvalid, field "cursor".
func (db *DB) Queue(ctx context.Context, f triage.QueueFilter) (triage.QueuePage, error) {
	order, err := orderOf(f.Sort)
	if err != nil {
		return triage.QueuePage{}, err
	}
	w, err := whereOf(f, order)
	if err != nil {
		return triage.QueuePage{}, err
	}
	page, err := db.queue(ctx, f, order, w)
	return page, db.fail("list the queue", err)
}

func (db *DB) queue(ctx context.Context, f triage.QueueFilter, order order, w where) (page triage.QueuePage, err error) {
	plan, err := db.plan(ctx, f, order, w)
	if err != nil {
		return page, err
	}
	if page.Total, err = db.count(ctx, plan, w); err != nil {
		return page, err
	}
	if f.Cursor != "" {
		keys, err := order.parse(f.Cursor)
		if err != nil {
			return page, err
		}
		w.after(order, keys)
	}
	limit := pageLimit(f.Limit)
	page.Cases, _, err = db.listCases(ctx, fmt.Sprintf(`SELECT %s FROM (SELECT c.seq FROM cases c%s%s ORDER BY %s LIMIT %d) page
		JOIN cases c ON c.seq = page.seq ORDER BY %s`,
		caseColumns, db.dialect.drivenBy(plan.index), w, order.by, limit+1, order.by), w.args...)
	if err != nil {
		return triage.QueuePage{}, err
	}
	if len(page.Cases) > limit {
		page.Cases = page.Cases[:limit]
		page.Next = order.cursor(&page.Cases[limit-1])
	}
	return page, nil
}

// whereOf reads the filter.
func whereOf(f triage.QueueFilter, o order) (w where, err error) {
	if err := w.work(f, o); err != nil {
		return w, err
	}
	w.text(facetType, "c.type", f.Type)
	w.text(facetStatus, "c.status", string(f.Status))
	w.text(facetProduct, "c.product", f.Product)
	w.text(facetChannel, "c.channel", string(f.Channel))
	if f.Urgency != "" {
		rank := urgencyRank(nlp.UrgencyLevel(f.Urgency))
		if string(urgencyLevels[rank]) != f.Urgency {
			return w, triage.FieldErrorf("urgency", "%q is unknown; use low, normal, high or critical", f.Urgency)
		}
		w.facet(facetUrgency, "c.urgency_rank", strconv.FormatInt(rank, 10), rank)
	}
	if f.NeedsReview != nil {
		w.facet(facetReview, "c.needs_review", strconv.FormatBool(*f.NeedsReview), *f.NeedsReview)
	}
	if f.CustomerID != "" {
		w.add("c.customer_id =", string(f.CustomerID))
	}
	if !f.From.IsZero() {
		w.add("c.effective_at >=", instant(f.From))
	}
	if !f.To.IsZero() {
		w.add("c.effective_at <", instant(f.To))
	}
	return w, nil
}

func (w *where) facet(name, column, value string, arg any) {
	w.facets = append(w.facets, facet{name, value})
	w.add(column+" =", arg)
}

func (w *where) text(name, column, value string) {
	if value != "" {
		w.facet(name, column, value, value)
	}
}

// after continues behind the row with these sort keys.
func (w *where) after(o order, keys []int64) {
	first := len(w.args) + 1
	for _, k := range keys {
		w.args = append(w.args, k)
	}
	w.conditions = append(w.conditions, o.columns+" "+o.beyond+" "+placeholders(first, len(keys)))
}
