package console_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/web/console"
)

// firm is a console over a real store, whose cases have a life. Its clock
// stands at 10:00 on Monday, 2026-03-02.
type firm struct {
	*desk
	db       *store.DB
	service  *triage.Service
	life     *life.Service
	console  *console.Console
	opener   *life.Opener
	stopping chan struct{}
}

var monday = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// firmStaff are the users of a firm; everybody has the same password.
var firmStaff = []triage.User{
	{Name: "demo", Role: triage.RoleAdmin},
	{Name: "lin", Role: triage.RoleAgent, Department: "计费中心"},
	{Name: "zhou", Role: triage.RoleLead, Department: "计费中心"},
	{Name: "wu", Role: triage.RoleLead, Department: "物流部"},
	{Name: "agent", Role: triage.RoleAgent},
	{Name: "quality", Role: triage.RoleQuality},
	{Name: "auditor", Role: triage.RoleAuditor},
}

// judge takes everything for an overcharge of the billing department.
type judge struct{}

func (judge) Assess(c *triage.Complaint) triage.Assessment {
	a := judged("billing", "billing.overcharge", 0.9, nlp.UrgencyNormal, 1, c.At.Add(24*time.Hour))
	a.ID, a.Department, a.Demand = c.ID, "计费中心", nlp.DemandRefund
	a.SLA = triage.SLA{RespondBy: c.At.Add(24 * time.Hour), VerifyBy: c.At.Add(28 * time.Hour), ResolveBy: c.At.Add(72 * time.Hour)}
	return a
}

func openFirm(t testing.TB, change ...func(*console.Deps)) *firm {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "qianyi.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Shutdown(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	clock := testkit.NewClock(monday)
	cal, err := calendar.New(calendar.Config{}, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	f := &firm{db: db, stopping: make(chan struct{}), opener: life.NewOpener(cal)}
	f.service = triage.New(triage.Deps{
		Analyzer: judge{}, Catalogue: pack{}, Cases: db, Decisions: db, Queue: db, Solutions: db, Audit: db,
		Opener: f.opener, Now: clock.Now, Log: slog.New(slog.DiscardHandler),
	})
	mask := func(s string) string {
		n := nlp.Normalize(s)
		return nlp.MaskText(s, nlp.NewEntityFinder(nlp.EntityLexicon{}).Find(&n))
	}
	f.life = life.New(life.Deps{Store: db, Calendar: cal, Zone: shanghai, Queue: db, Mask: mask, Now: clock.Now})
	deps := console.Deps{
		Cases: f.service, Desk: f.service, Users: db, Sessions: db, Audit: db, Now: clock.Now, Zone: shanghai,
		Log:  slog.New(slog.NewTextHandler(t.Output(), nil)),
		Life: &console.LifeDeps{Moves: f.life, HandOvers: f.life, Record: f.life, Workbench: db, Stopping: f.stopping},
	}
	for _, c := range change {
		c(&deps)
	}
	c, err := console.New(deps)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	f.console = c
	f.desk = &desk{t: t, clock: clock, handler: c.Handler(), cookies: map[string]string{}}
	hash, err := passwordHash()
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range firmStaff {
		u.PasswordHash = hash
		if err := db.PutUser(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// as is the same firm in the browser of another person.
func (f *firm) as(name string) *firm {
	f.t.Helper()
	other, browser := *f, *f.desk
	browser.cookies = map[string]string{}
	other.desk = &browser
	if w := other.signIn(name, password); w.Code != http.StatusSeeOther {
		f.t.Fatalf("sign-in of %s: got status %d, want 303", name, w.Code)
	}
	return &other
}

// complain takes in complaints, an hour before the present time and each a
// minute after the other.
func (f *firm) complain(ids ...string) {
	f.t.Helper()
	for i, id := range ids {
		_, err := f.service.Submit(f.t.Context(), triage.Complaint{
			ID: triage.ComplaintID(id), CustomerID: "C1", Channel: triage.ChannelHotline, Product: "畅享套餐", OrderID: "DD2026022800",
			At: f.clock.Now().Add(time.Duration(i-60) * time.Minute), Text: "多扣了 30 元话费，电话13812345678，请退还",
		}, 0)
		if err != nil {
			f.t.Fatal(err)
		}
	}
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// send posts a form of the page of a case, with the version that the page has.
func (f *firm) send(id, what string, fields ...string) int {
	f.t.Helper()
	m := versionField.FindStringSubmatch(f.page("/cases/" + id))
	if m == nil {
		f.t.Fatalf("the page of %s has no form", id)
	}
	form := url.Values{"version": {m[1]}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return f.post("/cases/"+id+"/"+what, form).Code
}

// must is send for a form that has to be taken.
func (f *firm) must(id, what string, fields ...string) {
	f.t.Helper()
	if got := f.send(id, what, fields...); got != http.StatusSeeOther {
		f.t.Fatalf("%s of %s with %q: got status %d, want 303", what, id, fields, got)
	}
}

func (f *firm) status(id string) string {
	f.t.Helper()
	k, err := f.service.Case(f.t.Context(), triage.ComplaintID(id))
	if err != nil {
		f.t.Fatal(err)
	}
	return fmt.Sprint(k.Status)
}
