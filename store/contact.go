package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// ExposuresOf returns the exposures of the customers, from <= At < to, in order
// of customer and time. Attrs are shared between exposures.
func (db *DB) ExposuresOf(ctx context.Context, customers []triage.CustomerID, from, to time.Time) ([]triage.Exposure, error) {
	customers = slices.Compact(slices.Sorted(slices.Values(customers)))
	var list []triage.Exposure
	var attrs attrCache
	for part := range slices.Chunk(customers, listIDs) {
		args := make([]any, 0, len(part)+2)
		args = append(args, instant(from), instant(to))
		for _, id := range part {
			args = append(args, string(id))
		}
		err := collect(ctx, db.read, func(rows *sql.Rows) error {
			var e triage.Exposure
			var text string
			err := rows.Scan(&e.CustomerID, &e.Kind, &e.Key, (*instant)(&e.At), &text)
			if err == nil {
				e.Attrs, err = attrs.decode(text)
			}
			list = append(list, e)
			return err
		}, `SELECT customer_id, kind, key, at, attrs FROM exposures WHERE at >= $1 AND at < $2 AND customer_id IN `+
			placeholders(3, len(part)), args...)
		if err != nil {
			return nil, db.fail("read the exposures of customers", err)
		}
	}
	// Databases order texts by their own rules.
	slices.SortFunc(list, func(a, b triage.Exposure) int {
		return cmp.Or(cmp.Compare(a.CustomerID, b.CustomerID), a.At.Compare(b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	return list, nil
}

// ScanExposures calls each for every exposure of the kind and key, from <= At <
// to, in order of time; a key of "" is every key. It stops at the first error
// and returns it. Attrs are shared between calls. It holds a connection for
// reading while it runs.
func (db *DB) ScanExposures(ctx context.Context, kind, key string, from, to time.Time, each func(e triage.Exposure) error) error {
	query := `SELECT customer_id, key, at, attrs FROM exposures WHERE kind = $1 AND key = $2 AND at >= $3 AND at < $4 ORDER BY at`
	args := []any{kind, key, instant(from), instant(to)}
	if key == "" {
		query = `SELECT customer_id, key, at, attrs FROM exposures` + db.dialect.drivenBy("exposures_time") +
			` WHERE at >= $2 AND at < $3 AND kind = $1 ORDER BY at`
		args = []any{kind, instant(from), instant(to)}
	}
	var attrs attrCache
	var text string
	var stop error
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		e := triage.Exposure{Kind: kind}
		err := rows.Scan(&e.CustomerID, &e.Key, (*instant)(&e.At), &text)
		if err == nil {
			e.Attrs, err = attrs.decode(text)
		}
		if err == nil {
			stop = each(e)
		}
		return cmp.Or(err, stop)
	}, query, args...)
	if stop != nil {
		return stop
	}
	return db.fail("scan exposures", err)
}

// CountKinds counts exposures by kind and key, from <= At < to, the most
// frequent first.
func (db *DB) CountKinds(ctx context.Context, from, to time.Time) ([]prevention.KindCount, error) {
	var counts []prevention.KindCount
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var c prevention.KindCount
		err := rows.Scan(&c.Kind, &c.Key, &c.Count)
		counts = append(counts, c)
		return err
	}, `SELECT kind, key, COUNT(*) FROM exposures WHERE at >= $1 AND at < $2 GROUP BY kind, key`, instant(from), instant(to))
	slices.SortFunc(counts, func(a, b prevention.KindCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	return counts, db.fail("count exposures", err)
}

// attrCache decodes each distinct text once. Exposures of one kind repeat the
// same few; where every text is new, it forgets instead of growing.
type attrCache map[string]map[string]any

const attrCacheSize = 1 << 16

func (c *attrCache) decode(text string) (map[string]any, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no attributes is a nil map, not an error
	}
	if attrs, ok := (*c)[text]; ok {
		return attrs, nil
	}
	attrs, err := decodeAttrs(text)
	if err != nil {
		return nil, triage.Errorf(triage.CodeInternal, "attributes of an exposure: %v", err)
	}
	if *c == nil || len(*c) >= attrCacheSize {
		*c = make(attrCache)
	}
	(*c)[text] = attrs
	return attrs, nil
}
