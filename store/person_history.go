package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// CasesOf returns one page of the customers' cases, latest first.
func (c *Care) CasesOf(ctx context.Context, ids []triage.CustomerID, p customer.Page) (customer.Rows[triage.Case], error) {
	if len(ids) == 0 {
		return customer.Rows[triage.Case]{}, nil
	}
	var w where
	anyOf(&w, "c.customer_id", ids)
	if err := w.behind("(c.effective_at, c.seq) <", p.Cursor); err != nil {
		return customer.Rows[triage.Case]{}, err
	}
	limit := pageSize(p.Limit)
	list, _, err := c.db.listCases(ctx, `SELECT `+caseColumns+` FROM cases c`+w.String()+
		` ORDER BY c.effective_at DESC, c.seq DESC`+limited(limit+1), w.args...)
	return cutPage(list, limit, func(k *triage.Case) string { return numberPlace(effectiveAt(k), k.Seq) }),
		c.db.fail("list the cases of a customer", err)
}

// LatestExposures returns one page of what the customers had to do with, latest
// first. Exposures of one moment stay on one page, which may be longer for it.
func (c *Care) LatestExposures(ctx context.Context, ids []triage.CustomerID, p customer.Page) (customer.Rows[triage.Exposure], error) {
	var w where
	if len(ids) == 0 {
		return customer.Rows[triage.Exposure]{}, nil
	}
	anyOf(&w, "customer_id", ids)
	if p.Cursor != "" {
		at, _, err := parsePlace(p.Cursor)
		if err != nil {
			return customer.Rows[triage.Exposure]{}, err
		}
		w.add("at <", at)
	}
	limit := pageSize(p.Limit)
	list, err := c.exposures(ctx, w, limited(limit+1))
	if err != nil || len(list) <= limit {
		return customer.Rows[triage.Exposure]{Rows: list}, c.db.fail("list the exposures of a customer", err)
	}
	// The last moment may be cut: take all of it.
	last := list[limit-1].At
	list = slices.DeleteFunc(list, func(e triage.Exposure) bool { return !e.At.After(last) })
	var moment where
	anyOf(&moment, "customer_id", ids)
	moment.add("at =", instant(last))
	rest, err := c.exposures(ctx, moment, "")
	return customer.Rows[triage.Exposure]{Rows: append(list, rest...), Next: placeOf(last, "-")},
		c.db.fail("list the exposures of a customer", err)
}

func (c *Care) exposures(ctx context.Context, w where, limit string) ([]triage.Exposure, error) {
	var list []triage.Exposure
	var attrs attrCache
	err := collect(ctx, c.db.read, func(rows *sql.Rows) error {
		var e triage.Exposure
		var text string
		err := rows.Scan(&e.CustomerID, &e.Kind, &e.Key, (*instant)(&e.At), &text)
		if err == nil {
			e.Attrs, err = attrs.decode(text)
		}
		list = append(list, e)
		return err
	}, `SELECT customer_id, kind, key, at, attrs FROM exposures`+w.String()+` ORDER BY at DESC, kind, key`+limit, w.args...)
	return list, err
}

// Campaigns returns those of the ids that exist, the latest first.
func (c *Care) Campaigns(ctx context.Context, ids []string) ([]triage.Campaign, error) {
	var list []triage.Campaign
	err := each(ctx, c.db.read, `SELECT id, name, starts_at, ends_at, channel, rules, audience FROM campaigns WHERE id IN`, ids,
		func(rows *sql.Rows) error {
			var k triage.Campaign
			err := rows.Scan(&k.ID, &k.Name, (*instant)(&k.From), (*instant)(&k.To), &k.Channel, &k.Rules, &k.Audience)
			list = append(list, k)
			return err
		})
	slices.SortFunc(list, func(a, b triage.Campaign) int { return cmp.Or(b.From.Compare(a.From), cmp.Compare(a.ID, b.ID)) })
	return list, c.db.fail("read campaigns", err)
}

// scoredCases bounds the cases that Scores looks at.
const scoredCases = 200

// Scores returns the scores of the customers' last two hundred scored cases,
// the latest given first, at most limit. One that came through the survey of the
// case's last closing has the time of the answer; any other one that of closing.
func (c *Care) Scores(ctx context.Context, ids []triage.CustomerID, limit int) ([]customer.Score, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	w := where{conditions: []string{"c.satisfaction IS NOT NULL"}}
	anyOf(&w, "c.customer_id", ids)
	var list []customer.Score
	err := collect(ctx, c.db.read, func(rows *sql.Rows) error {
		var k customer.Score
		var reasons string
		var closed, effective instant
		err := rows.Scan(&k.Case, &k.Customer, &k.Score, &closed, &effective, &k.Survey, &reasons, &k.Text, (*instant)(&k.At), &k.By)
		k.Reasons = splitList(reasons)
		for _, at := range []time.Time{closed.time(), effective.time()} {
			if k.At.IsZero() {
				k.At = at
			}
		}
		list = append(list, k)
		return err
	}, `SELECT c.id, c.customer_id, c.satisfaction, c.closed_at, c.effective_at, COALESCE(s.id, 0), COALESCE(s.reasons, ''), COALESCE(s.text, ''),
		COALESCE(s.answered_at, -62135596800000), COALESCE(s.by_whom, '') FROM cases c LEFT JOIN surveys s ON s.id =
		(SELECT MAX(x.id) FROM surveys x WHERE x.case_id = c.id AND x.closed_at = c.closed_at AND x.score IS NOT NULL)`+w.String()+
		` ORDER BY c.effective_at DESC, c.seq DESC`+limited(scoredCases), w.args...)
	slices.SortStableFunc(list, func(a, b customer.Score) int { return b.At.Compare(a.At) })
	return list[:min(len(list), max(limit, 0))], c.db.fail("read the scores of a customer", err)
}

// splitList reads a list that was stored with commas.
func splitList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// openStatuses are those in which somebody has to act.
func openStatuses() []triage.Status {
	return slices.DeleteFunc(slices.Clone(triage.Statuses), func(s triage.Status) bool { return !s.Open() })
}

// Figures counts the customers' complaints at or after since, those still open
// and the scores.
func (c *Care) Figures(ctx context.Context, ids []triage.CustomerID, since time.Time) (f customer.Figures, err error) {
	if len(ids) == 0 {
		return f, nil
	}
	args := []any{instant(since)}
	open := openStatuses()
	for _, s := range open {
		args = append(args, string(s))
	}
	in := placeholders(2, len(open))
	w := where{args: args}
	anyOf(&w, "customer_id", ids)
	err = c.db.read.QueryRowContext(ctx, `SELECT COUNT(CASE WHEN effective_at >= $1 THEN 1 END), COUNT(CASE WHEN status IN `+in+` THEN 1 END),
		AVG(satisfaction), COUNT(satisfaction) FROM cases`+w.String(), w.args...).Scan(&f.Complaints, &f.Open, &f.Satisfaction, &f.Scored)
	return f, c.db.fail("sum up a customer", err)
}

// Told returns the latest notices that went to the customers, or may have,
// latest first.
func (c *Care) Told(ctx context.Context, ids []triage.CustomerID, limit int) ([]customer.Told, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	w := where{conditions: []string{"state IN ('sending', 'sent', 'delivered', 'answered', 'unclear')"}}
	anyOf(&w, "customer_id", ids)
	var list []customer.Told
	err := collect(ctx, c.db.read, func(rows *sql.Rows) error {
		var k customer.Told
		var begun instant
		err := rows.Scan(&k.Customer, &k.Cause, &k.Channel, &k.State, (*instant)(&k.At), &begun)
		if k.At.IsZero() {
			k.At = begun.time()
		}
		list = append(list, k)
		return err
	}, `SELECT customer_id, cause, channel, state, sent_at, begun_at FROM notices`+w.String(), w.args...)
	slices.SortStableFunc(list, func(a, b customer.Told) int { return b.At.Compare(a.At) })
	return list[:min(len(list), max(limit, 0))], c.db.fail("list what a customer was told", err)
}
