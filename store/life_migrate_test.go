package store_test

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/pressly/goose/v3"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// TestWorkOfOlderCases begins with a database of the version before cases had
// work, with data, and asks for what an opener would have given them.
func TestWorkOfOlderCases(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "q.db")
		workOfOlderCases(t, "sqlite", path, path, goose.DialectSQLite3)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		dsn := testkit.Postgres(t)
		workOfOlderCases(t, "pgx", dsn, dsn, goose.DialectPostgres)
	})
}

func workOfOlderCases(t *testing.T, driver, source, dsn string, dialect goose.Dialect) {
	t.Helper()
	folder := map[goose.Dialect]string{goose.DialectSQLite3: "migrations/sqlite", goose.DialectPostgres: "migrations/postgres"}[dialect]
	old, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	provider, err := goose.NewProvider(dialect, old, os.DirFS(folder))
	if err == nil {
		_, err = provider.UpTo(t.Context(), 4)
	}
	if err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.New(calendar.Config{}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	want := olderCases()
	for i := range want {
		insertOld(t, old, i, &want[i])
		tier := map[triage.CustomerID]triage.Tier{"K-1": triage.TierPotential}[want[i].CustomerID]
		life.NewOpener(cal).Open(&want[i], tier)
	}
	for _, query := range []string{
		`INSERT INTO customers (id, name, phone, email, region, tier, industry, joined_at, opted_out) VALUES ('K-1', '', '', '', '', 'potential', '', 0, FALSE)`,
		`UPDATE counters SET seq = 4, change = 4`,
	} {
		if _, err := old.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, dsn)
	for _, w := range want {
		got, err := db.Case(t.Context(), w.ID)
		if err != nil {
			t.Fatal(err)
		}
		// The watch of old cases begins now: it does not know the past.
		if diff := cmp.Diff(w.Work, got.Work, cmpopts.IgnoreFields(triage.Work{}, "WatchAt", "Raised")); diff != "" {
			t.Errorf("%s: other work (-want +got)\n%s", w.ID, diff)
		}
		if late := w.Work.DueAt.Before(time.Now()); w.Status.Open() && late != got.Work.WatchAt.IsZero() {
			t.Errorf("%s: due at %s, watched at %s", w.ID, w.Work.DueAt, got.Work.WatchAt)
		}
	}
	page, err := db.Queue(t.Context(), triage.QueueFilter{Sort: "priority", Department: "网络部"})
	if err != nil || page.Total != 2 || len(page.Cases) != 2 || page.Cases[0].ID != "o2" {
		t.Errorf("got %d of %d cases and %v, want o2 and o3", len(page.Cases), page.Total, err)
	}
}

// olderCases are one critical, one open far in the future, one closed and one
// of a customer nobody knows.
func olderCases() []triage.Case {
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	list := cases("o", 4)
	for i := range list {
		c := &list[i]
		c.ID, c.At, c.ReceivedAt = triage.ComplaintID([]string{"o0", "o1", "o2", "o3"}[i]), at, at.Add(time.Minute)
		if i == 3 {
			c.At = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
			c.ReceivedAt = c.At
		}
		c.Status = []triage.Status{triage.StatusReceived, triage.StatusClosed, triage.StatusAcknowledged, triage.StatusReceived}[i]
		c.CustomerID = triage.CustomerID([]string{"K-1", "K-1", "K-9", ""}[i])
		c.Assessment.Department = []string{"账务部", "账务部", "网络部", "网络部"}[i]
		c.Assessment.Urgency.Level = []nlp.UrgencyLevel{nlp.UrgencyNormal, nlp.UrgencyLow, nlp.UrgencyCritical, nlp.UrgencyHigh}[i]
		c.Assessment.SLA = triage.SLA{RespondBy: c.At.Add(time.Hour), VerifyBy: c.At.Add(4 * time.Hour), ResolveBy: c.At.Add(72 * time.Hour)}
	}
	return list
}

// insertOld writes a case as version 4 did.
func insertOld(t *testing.T, db *sql.DB, i int, c *triage.Case) {
	t.Helper()
	assessment, err := json.Marshal(c.Assessment)
	if err != nil {
		t.Fatal(err)
	}
	rank := map[nlp.UrgencyLevel]int{nlp.UrgencyCritical: 0, nlp.UrgencyHigh: 1, nlp.UrgencyNormal: 2, nlp.UrgencyLow: 3}[c.Assessment.Urgency.Level]
	_, err = db.ExecContext(t.Context(), `INSERT INTO cases (seq, change, id, customer_id, channel, at, effective_at, title, text, region, product,
		campaign, order_id, attrs, label_type, label_subtype, type, resolution, closed_at, satisfaction, assessment, status, urgency_rank, resolve_by,
		needs_review, received_at, predecessor) VALUES ($1, $2, $3, $4, 'app', $5, $6, '', '旧', '', '', '', '', '', '', '', 'billing', '', $7, NULL, $8, $9,
		$10, 0, FALSE, $11, '')`,
		i+1, i+1, string(c.ID), string(c.CustomerID), c.At.UnixMilli(), c.At.UnixMilli(), time.Time{}.UnixMilli(), string(assessment), string(c.Status),
		rank, c.ReceivedAt.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
}
