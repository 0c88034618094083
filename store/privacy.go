package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/privacy"
)

// personal is a table with rows about people: the column that leads to a
// customer or to a case, and what erasing leaves of a row.
type personal struct {
	table, column string
	byCase        bool
	// set is what an erased row becomes, $1 being the pseudonym; "" deletes it.
	set string
}

// personalTables lists every table about people, those that hang on a case
// first. A test compares it with the schema. The table cases is looked after by
// blankCases, labels and the audit trail name people of the house only.
var personalTables = []personal{
	{"customers", "id", false, ""},
	{"exposures", "customer_id", false, "customer_id = $1, attrs = ''"},
	{"cluster_members", "customer_id", false, "customer_id = $1"},
	{"notices", "customer_id", false, "customer_id = $1, reference = ''"},
	{"suppressions", "customer_id", false, ""},
	{"case_messages", "case_id", true, "text = ''"},
	{"customer_links", "customer_id", false, ""},
	{"contact_log", "customer_id", false, "customer_id = $1, people = '', content = '', feedback = ''"},
	{"tasks", "customer_id", false, "customer_id = $1, plan = '', outcome = '', candidates = ''"},
	{"surveys", "customer_id", false, "customer_id = $1, addressee = '', text = ''"},
	{"captures", "customer_id", false, "customer_id = $1, words = '', capture_key = ''"}, // a key may hold the id
	{"follow_codes", "case_id", true, ""},
	{"case_steps", "case_id", true, "note = '', facts = ''"},
	{"hand_overs", "case_id", true, "task = '', facts = '', reason = ''"},
	{"campaign_causes", "case_id", true, "words = ''"},
	{"attributions", "case_id", true, "evidence = ''"},
}

// ExportPerson calls each for every row about the customers. Times are RFC 3339
// in UTC, "" when unknown.
func (db *DB) ExportPerson(ctx context.Context, ids []triage.CustomerID, call func(string, map[string]any) error) error {
	var cases []triage.ComplaintID
	for _, id := range ids {
		more, err := casesOf(ctx, db.read, id)
		if err != nil {
			return db.fail("export a person", err)
		}
		cases = append(cases, more...)
	}
	export := func(table, column string, keys []string) error {
		return each(ctx, db.read, "SELECT * FROM "+table+" WHERE "+column+" IN", keys, func(rows *sql.Rows) error {
			row, err := scanAny(rows)
			if err != nil {
				return err
			}
			return call(table, row)
		})
	}
	if err := export("cases", "customer_id", texts(ids)); err != nil {
		return db.fail("export a person", err)
	}
	for _, p := range personalTables {
		keys := texts(ids)
		if p.byCase {
			keys = texts(cases)
		}
		if err := export(p.table, p.column, keys); err != nil {
			return db.fail("export a person", err)
		}
	}
	return nil
}

// ErasePerson implements [privacy.Store]. Every record gets a name of its own
// behind the pseudonym, so that counts of rows stay what they were.
func (db *DB) ErasePerson(ctx context.Context, ids []triage.CustomerID, pseudonym string, e triage.AuditEntry) (privacy.Erased, error) {
	erased := privacy.Erased{}
	err := db.writer.submit(ctx, groupRows, func(ctx context.Context, tx *sql.Tx) error {
		clear(erased)
		for i, id := range ids {
			if err := eraseRecord(ctx, tx, id, pseudonym+"."+strconv.Itoa(i+1), erased); err != nil {
				return err
			}
		}
		if len(erased) == 0 {
			return triage.Errorf(triage.CodeNotFound, "nothing is stored about this customer")
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return nil, db.fail("erase a person", err)
	}
	if db.dialect.emptyLog != "" {
		// The log still has the old pages. Where a reader holds it, which is no
		// failure of the erasure, the next checkpoint does it.
		_, _ = db.write.ExecContext(ctx, db.dialect.emptyLog)
	}
	return erased, nil
}

func eraseRecord(ctx context.Context, tx *sql.Tx, id triage.CustomerID, pseudonym string, erased privacy.Erased) error {
	cases, err := casesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := allEnded(ctx, tx, cases); err != nil {
		return err
	}
	if err := keepCounts(ctx, tx, cases); err != nil {
		return err
	}
	for _, p := range personalTables {
		keys := []string{string(id)}
		if p.byCase {
			keys = texts(cases)
		}
		if err := p.erase(ctx, tx, keys, pseudonym, erased); err != nil {
			return err
		}
	}
	if err := blankCases(ctx, tx, cases); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE cases SET customer_id = $1 WHERE customer_id = $2`, pseudonym, string(id))
	if len(cases) > 0 {
		erased["cases"] += len(cases)
	}
	return err
}

// erase applies the rule of a table to the rows of some keys.
func (p personal) erase(ctx context.Context, tx *sql.Tx, keys []string, pseudonym string, erased privacy.Erased) error {
	for _, key := range keys {
		query, args := "DELETE FROM "+p.table+" WHERE "+p.column+" = $1", []any{key} //nolint:gosec // names of our own tables
		switch {
		case strings.Contains(p.set, "$1"):
			query, args = "UPDATE "+p.table+" SET "+p.set+" WHERE "+p.column+" = $2", []any{pseudonym, key}
		case p.set != "":
			query = "UPDATE " + p.table + " SET " + p.set + " WHERE " + p.column + " = $1"
		}
		res, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if n > 0 {
			erased[p.table] += int(n)
		}
	}
	return nil
}

// allEnded refuses while somebody still works on one of the cases.
func allEnded(ctx context.Context, tx *sql.Tx, cases []triage.ComplaintID) error {
	return each(ctx, tx, `SELECT id, status FROM cases WHERE id IN`, cases, func(rows *sql.Rows) error {
		var id triage.ComplaintID
		var status triage.Status
		if err := rows.Scan(&id, &status); err != nil {
			return err
		}
		if status.Open() {
			return triage.Errorf(triage.CodeConflict, "case %s of this customer is open; close or withdraw it first", id)
		}
		return nil
	})
}

// blankCases takes the words out of cases and leaves what is counted. Their
// change numbers grow, so that the search index forgets the words, too, and so do
// the versions of their work, so that nobody stores what they read before.
func blankCases(ctx context.Context, tx *sql.Tx, ids []triage.ComplaintID) error {
	if len(ids) == 0 {
		return nil
	}
	next, err := lockCounters(ctx, tx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		var assessment string
		if err := tx.QueryRowContext(ctx, `SELECT assessment FROM cases WHERE id = $1`, string(id)).Scan(&assessment); err != nil {
			return err
		}
		if assessment, err = withoutWords(assessment); err != nil {
			return err
		}
		next.change++
		_, err = tx.ExecContext(ctx, `UPDATE cases SET change = $1, version = version + 1, title = '', text = '', order_id = '', attrs = '', resolution = '',
			assessment = $2 WHERE id = $3`, next.change, assessment, string(id))
		if err != nil {
			return err
		}
	}
	return next.store(ctx, tx)
}

// withoutWords removes from an assessment what quotes the complaint.
func withoutWords(assessment string) (string, error) {
	var a triage.Assessment
	if err := json.Unmarshal([]byte(assessment), &a); err != nil {
		return "", err
	}
	a.Entities, a.Reasons, a.DemandReasons, a.StyleReasons = nil, nil, nil, nil
	a.Sentiment.Reasons, a.Urgency.Reasons = nil, nil
	return encodeAssessment(a)
}

// ForgetCases implements [privacy.Store]: a case forgets its words and what was
// said in it, and stays with its customer.
func (db *DB) ForgetCases(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = db.writer.submit(ctx, limit, func(ctx context.Context, tx *sql.Tx) error {
		var ids []triage.ComplaintID
		err := collect(ctx, tx, func(rows *sql.Rows) error {
			var id triage.ComplaintID
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT id FROM cases WHERE closed_at > $1 AND closed_at < $2 AND text <> '' ORDER BY closed_at`+limited(limit),
			zeroInstant, instant(before))
		if err != nil {
			return err
		}
		if err := keepCounts(ctx, tx, ids); err != nil {
			return err
		}
		for _, p := range personalTables {
			if !p.byCase {
				continue
			}
			if err := p.erase(ctx, tx, texts(ids), "", privacy.Erased{}); err != nil {
				return err
			}
		}
		n = len(ids)
		return blankCases(ctx, tx, ids)
	})
	return n, db.fail("forget cases", err)
}

// ForgetExposures implements [privacy.Store].
func (db *DB) ForgetExposures(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = db.writer.submit(ctx, limit, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM exposures WHERE (kind, key, at, customer_id, attrs_hash) IN
			(SELECT kind, key, at, customer_id, attrs_hash FROM exposures WHERE at < $1 ORDER BY at LIMIT $2)`, instant(before), limit)
		if err != nil {
			return err
		}
		deleted, err := res.RowsAffected()
		n = int(deleted)
		return err
	})
	return n, db.fail("forget exposures", err)
}

// casesOf returns the ids of a customer's cases.
func casesOf(ctx context.Context, q querier, id triage.CustomerID) ([]triage.ComplaintID, error) {
	var ids []triage.ComplaintID
	err := collect(ctx, q, func(rows *sql.Rows) error {
		var id triage.ComplaintID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM cases WHERE customer_id = $1 ORDER BY seq`, string(id))
	return ids, err
}

// scanAny reads a row whose columns are not known beforehand.
func scanAny(rows *sql.Rows) (map[string]any, error) {
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	if err := rows.Scan(values...); err != nil {
		return nil, err
	}
	row := make(map[string]any, len(columns))
	for i, name := range columns {
		row[name] = readable(name, *values[i].(*any)) //nolint:forcetypeassert // made above
	}
	return row, nil
}

// readable writes times as people read them; all else stays.
func readable(column string, v any) any {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case int64:
		if column != "at" && !strings.HasSuffix(column, "_at") {
			return v
		}
		t := time.UnixMilli(v).UTC()
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	return v
}

func texts[T ~string](ids []T) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return list
}
