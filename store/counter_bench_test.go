package store_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	benchFile     = 1_000_000 // customers
	benchCaptures = 1_000_000
)

// crowded returns a database of a million customers with two exposures each, a
// million captures of ten campaigns, and cases of fifty thousand customers.
func crowded(b *testing.B) *store.DB {
	b.Helper()
	db := open(b, filepath.Join(b.TempDir(), "q.db"))
	fill(b, db, 50_000)
	numbers := `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ` + strconv.Itoa(benchFile-1) + `) `
	at := strconv.FormatInt(time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), 10)
	for _, query := range []string{
		numbers + `INSERT INTO customers (id, name, phone, email, region, tier, industry, joined_at, opted_out, phone_key)
			SELECT 'K-' || i, '张三', '', '', '城市' || (i % 300), 'ordinary', '', ` + at + ` - 100000000000, i % 50 = 0, CAST(13800000000 + i AS TEXT) FROM n`,
		numbers + `INSERT INTO exposures (kind, key, at, customer_id, attrs_hash, attrs)
			SELECT 'purchase', '产品' || (i % 40), ` + at + ` + i, 'K-' || i, 0, '' FROM n UNION ALL
			SELECT 'campaign', 'CMP-' || (i % 10), ` + at + ` + i, 'K-' || i, 0, '' FROM n`,
		numbers + `INSERT INTO captures (campaign_id, customer_id, attitude, behaviour, reasons, words, type, sentiment, complains, case_id, clerk, shop,
			source, at, day, recorded_at, capture_key, undone, version)
			SELECT 'CMP-' || (i % 10), 'K-' || (i * 7919 % 1000000), CASE i % 4 WHEN 0 THEN 'accepted' WHEN 1 THEN 'hesitated' WHEN 2 THEN 'refused' ELSE 'annoyed' END,
			'', CASE i % 3 WHEN 0 THEN 'expensive' ELSE '' END, '', '', '', FALSE, '', 'li', '一厅', 'console', ` + at + ` + i * 1000, 20500 + i / 10000, ` + at + `, '', FALSE, 1 FROM n`,
	} {
		if _, err := db.WritePool().ExecContext(b.Context(), query); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// BenchmarkCounter measures what a clerk, a CRM and a score card wait for.
func BenchmarkCounter(b *testing.B) {
	if testing.Short() {
		b.Skip("takes long")
	}
	db := crowded(b)
	now := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	offers := make(register, 100)
	for i := range offers {
		offers[i] = triage.Campaign{ID: "CMP-" + strconv.Itoa(i), Name: "春季充值返话费" + strconv.Itoa(i), Version: 1}
		offers[i].Eligible.Needs = []triage.RecordOf{{Kind: "purchase"}}
	}
	service, err := counter.New(counter.Deps{
		Store: db.Counter(), Campaigns: offers, Policy: counter.DefaultPolicy(), Now: func() time.Time { return now }, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	try := func(name string, do func(i int) error) {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if err := do(i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	try("recommend", func(i int) error {
		_, err := service.Recommend(b.Context(), counter.Question{Customer: triage.CustomerID("K-" + strconv.Itoa(i*7919%benchFile))})
		return err
	})
	try("find by four digits", func(i int) error {
		_, err := service.PhoneEnds(b.Context(), strconv.Itoa(1000+i%9000), 21)
		return err
	})
	try("take", func(int) error { // of another campaign than the one that is counted
		_, _, err := service.Take(b.Context(), counter.Capture{Campaign: "CMP-2", Customer: "K-1", Attitude: campaign.Refused, Clerk: "li"}, "li")
		return err
	})
	try("counts of a campaign", func(int) error {
		r, _, err := service.Reactions(b.Context(), "CMP-1", time.Time{}, now.AddDate(1, 0, 0))
		if n := r.Count[campaign.Hesitated] + r.Count[campaign.Annoyed]; n != benchCaptures/10 {
			b.Errorf("counted %d captures, want %d", n, benchCaptures/10)
		}
		return err
	})
	try("counts of all", func(int) error {
		_, err := db.Counter().AllReactions(b.Context(), time.Time{}, now.AddDate(1, 0, 0))
		return err
	})
	try("log", func(int) error {
		_, err := service.Log(b.Context(), counter.Filter{Shop: "一厅", Attitude: campaign.Annoyed})
		return err
	})
}

// register is a register of campaigns.
type register []triage.Campaign

func (r register) Campaigns(context.Context) ([]triage.Campaign, error) { return r, nil }

func (r register) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	i := slices.IndexFunc(r, func(c triage.Campaign) bool { return c.ID == id })
	if i < 0 {
		return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "there is no campaign %s", id)
	}
	return r[i], nil
}
