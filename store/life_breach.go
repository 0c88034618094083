package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// never is the instant of the zero time, as conditions and indexes have it.
const never = "-62135596800000"

// Watched returns open cases whose WatchAt has come, the longest waiting first.
func (db *DB) Watched(ctx context.Context, now time.Time, limit int) ([]triage.Case, error) {
	cases, _, err := db.listCases(ctx, `SELECT `+caseColumns+` FROM cases c`+db.dialect.drivenBy("cases_watch")+`
		WHERE c.watch_at <> `+never+` AND c.watch_at <= $1 ORDER BY c.watch_at, c.seq LIMIT $2`, instant(now), max(limit, 0))
	return cases, db.fail("look for late cases", err)
}

// missed is how the breaches of a clock are found: through which index, by
// which column and under which conditions, those of the index.
type missed struct {
	index, column, conditions string
	due                       func(*triage.Case) time.Time
}

var missedClocks = map[life.Clock]missed{
	life.ClockStep: {"cases_due", "c.due_at", "c.open AND c.due_at <> " + never, func(c *triage.Case) time.Time { return c.Work.DueAt }},
	life.ClockRespond: {"cases_respond", "c.respond_by", "c.open AND c.responded_at = " + never,
		func(c *triage.Case) time.Time { return c.Work.Clocks.RespondBy }},
	life.ClockVerify: {"cases_verify", "c.verify_by", "c.open AND c.verified_at = " + never,
		func(c *triage.Case) time.Time { return c.Work.Clocks.VerifyBy }},
	life.ClockResolve: {"cases_settle", "c.settle_by", "c.open", func(c *triage.Case) time.Time { return c.Work.Clocks.ResolveBy }},
}

// Breached returns one page of the open cases that have missed a clock, or
// nearly, the earliest limit first. A case that waits for its customer has
// missed what was over before it did, and nothing nearly.
func (db *DB) Breached(ctx context.Context, f life.BreachFilter) (life.BreachPage, error) {
	m, known := missedClocks[f.Clock]
	if !known {
		return life.BreachPage{}, triage.FieldErrorf("clock", "%.40q is unknown; use respond, verify, resolve or step", string(f.Clock))
	}
	var w where
	w.conditions = append(w.conditions, m.conditions, m.column+" > "+never)
	if f.Near {
		w.near(m, f)
	} else {
		w.add(m.column+" <", instant(f.At))
		w.conditions = append(w.conditions, "(c.waiting_since = "+never+" OR "+m.column+" < c.waiting_since)")
	}
	if f.Department != "" {
		w.add("c.department =", f.Department)
	}
	if f.Owner != "" {
		w.add("c.owner =", f.Owner)
	}
	w.scope(f.Scope)
	if f.Cursor != "" {
		at, id, err := parsePlace(f.Cursor)
		seq, bad := strconv.ParseInt(id, 10, 64)
		if err != nil || bad != nil {
			return life.BreachPage{}, triage.FieldErrorf("cursor", "is not one of ours; start again from the first page")
		}
		w.args = append(w.args, at, seq)
		w.conditions = append(w.conditions, "("+m.column+", c.seq) > "+placeholders(len(w.args)-1, 2))
	}
	limit := pageLimit(f.Limit)
	cases, _, err := db.listCases(ctx, fmt.Sprintf(`SELECT %s FROM cases c%s%s ORDER BY %s, c.seq LIMIT %d`,
		caseColumns, db.dialect.drivenBy(m.index), w, m.column, limit+1), w.args...)
	if err != nil {
		return life.BreachPage{}, db.fail("list breaches", err)
	}
	var page life.BreachPage
	for i := range cases[:min(limit, len(cases))] {
		page.Breaches = append(page.Breaches, life.Breach{Case: cases[i], Clock: f.Clock, Due: m.due(&cases[i])})
	}
	if len(cases) > limit {
		last := &page.Breaches[limit-1]
		page.Next = placeOf(last.Due, strconv.FormatInt(last.Case.Seq, 10))
	}
	return page, nil
}

// near asks for limits that end before f.Until, and for steps whose owner has
// been warned.
func (w *where) near(m missed, f life.BreachFilter) {
	w.add(m.column+" >=", instant(f.At))
	w.args = append(w.args, instant(f.Until))
	soon := m.column + " < $" + strconv.Itoa(len(w.args))
	if f.Clock == life.ClockStep {
		soon = "(" + soon + " OR c.raised = " + strconv.Itoa(life.Warned) + ")"
	}
	w.conditions = append(w.conditions, soon, "c.waiting_since = "+never)
}

// scope leaves the cases of other departments out, unless they went through
// the reader's or are the reader's own.
func (w *where) scope(s triage.Scope) {
	if s.Everything() {
		return
	}
	n := len(w.args)
	w.args = append(w.args, s.Department, s.User)
	department, user := "$"+strconv.Itoa(n+1), "$"+strconv.Itoa(n+2)
	w.conditions = append(w.conditions, "(c.department = "+department+" OR (c.owner = "+user+" AND c.owner <> '')"+
		" OR c.seq IN (SELECT case_seq FROM hand_overs WHERE department = "+department+
		" UNION SELECT case_seq FROM hand_overs WHERE from_department = "+department+"))")
}

// pageLimit is the length of a page when n is asked for.
func pageLimit(n int) int {
	if n <= 0 {
		return defaultPage
	}
	return min(n, maxPage)
}
