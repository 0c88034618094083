package customer_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// shanghai is the zone of every test; it has no summer time.
var shanghai = time.FixedZone("CST", 8*3600)

// day is noon of a day of 2026.
func day(month time.Month, d int) time.Time {
	return time.Date(2026, month, d, 12, 0, 0, 0, shanghai)
}

// plain is a calendar on which every day is worked.
type plain struct{}

func (plain) AddDays(t time.Time, days int) time.Time { return t.AddDate(0, 0, days) }

func (plain) Limit(_ nlp.UrgencyLevel, t time.Time, limit time.Duration) time.Time {
	return t.Add(limit)
}

// leads knows the lead of one department.
type leads struct{}

func (leads) LeadOf(_ context.Context, department string) (string, error) {
	if department == "网络部" {
		return "lead", nil
	}
	return "", nil
}

// world is a service over a real database, with a clock that tests set.
type world struct {
	*customer.Service
	db  *store.DB
	now time.Time
}

func newWorld(t testing.TB, change ...func(*customer.Deps)) *world {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "q.db"))
	check(t, err)
	t.Cleanup(func() { check(t, db.Shutdown()) })
	w := &world{db: db, now: day(time.May, 11)}
	d := customer.Deps{
		Store: db.Care(), Cases: db, Leads: leads{}, Calendar: plain{}, Policy: customer.DefaultPolicy(), Zone: shanghai,
		Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
	}
	for _, c := range change {
		c(&d)
	}
	w.Service, err = customer.New(d)
	check(t, err)
	return w
}

// enrol stores customers.
func (w *world) enrol(t testing.TB, list ...triage.Customer) {
	t.Helper()
	_, err := w.db.PutCustomers(t.Context(), list)
	check(t, err)
}

// accept stores cases.
func (w *world) accept(t testing.TB, list ...triage.Case) {
	t.Helper()
	_, err := w.db.Accept(t.Context(), list)
	check(t, err)
}

// kase is a case of a customer, closed with a score when it has one.
func kase(id triage.ComplaintID, of triage.CustomerID, at time.Time, score ...float64) triage.Case {
	c := triage.Case{
		Complaint:  triage.Complaint{ID: id, CustomerID: of, At: at, Text: "宽带断了", Channel: triage.ChannelApp},
		Assessment: triage.Assessment{ID: id, Type: "network", Department: "网络部"},
		Status:     triage.StatusReceived, ReceivedAt: at,
	}
	if len(score) > 0 {
		c.Status, c.Resolution, c.ClosedAt, c.Satisfaction = triage.StatusClosed, "已修复", at.Add(time.Hour), &score[0]
	}
	return c
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, want triage.Code) {
	t.Helper()
	if got := triage.CodeOf(err); got != want {
		t.Errorf("got error %v of code %q, want %q", err, got, want)
	}
}

// actions lists the audited actions about an object.
func (w *world) actions(t *testing.T, object string) (list []string) {
	t.Helper()
	trail, err := w.db.Trail(t.Context(), object)
	check(t, err)
	for _, e := range trail {
		list = append(list, e.Actor+" "+e.Action)
	}
	return list
}
