package desk_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// start is a quarter to midnight in Shanghai.
var start = time.Date(2026, time.March, 9, 15, 45, 0, 0, time.UTC)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// office is a desk over a fresh database.
type office struct {
	*desk.Service
	t       *testing.T
	db      *store.DB
	clock   *testkit.Clock
	cohorts *cohorts
}

// newOffice makes an office; changes adjust what the desk is made of.
func newOffice(t *testing.T, changes ...func(*desk.Deps)) *office {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "qianyi.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	o := &office{t: t, db: db, clock: testkit.NewClock(start), cohorts: &cohorts{}}
	d := desk.Deps{Clusters: db, Members: db, Actions: db, Alarms: db, Audit: db, Cohorts: o.cohorts, Zone: shanghai, Now: o.clock.Now}
	for _, change := range changes {
		change(&d)
	}
	o.Service = desk.New(d)
	return o
}

// cohorts remembers what it was asked and refuses rules without conditions.
type cohorts struct {
	cluster prevention.ClusterID
	rule    prevention.Rule
}

func (c *cohorts) Select(_ context.Context, id prevention.ClusterID, rule prevention.Rule, _ time.Time) (prevention.Cohort, error) {
	c.cluster, c.rule = id, rule
	return prevention.Cohort{Rule: rule, Matched: 1}, nil
}

func (c *cohorts) Validate(rule prevention.Rule) error {
	if len(rule.Conditions) == 0 {
		return triage.FieldErrorf("conditions", "is empty")
	}
	return nil
}

func payments(status string) prevention.Rule {
	return prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "card", Attrs: map[string]string{"status": status}}}}
}

// record stores clusters as detection finds them.
func (o *office) record(clusters ...prevention.Cluster) {
	o.t.Helper()
	for i := range clusters {
		if clusters[i].CreatedAt.IsZero() {
			clusters[i].CreatedAt, clusters[i].StageAt = start.AddDate(0, 0, -10), start.AddDate(0, 0, -10)
		}
	}
	o.must(o.db.Record(o.t.Context(), prevention.Found{Clusters: clusters}))
}

// complain stores complaints of different customers, all at one time, and puts
// them into a cluster; "" is none. Their ids are prefix0, prefix1 …
func (o *office) complain(id prevention.ClusterID, prefix string, at time.Time, n int) []triage.ComplaintID {
	o.t.Helper()
	var cases []triage.Case
	var members []prevention.Member
	var ids []triage.ComplaintID
	for i := range n {
		name := fmt.Sprintf("%s%d", prefix, i)
		c := triage.Case{
			Complaint: triage.Complaint{ID: triage.ComplaintID(name), CustomerID: triage.CustomerID("of-" + name), At: at, Text: "充值没有到账"},
			Status:    triage.StatusReceived, ReceivedAt: at, Assessment: triage.Assessment{Type: "billing"},
		}
		cases, ids = append(cases, c), append(ids, c.ID)
		members = append(members, prevention.Member{Complaint: c.ID, Customer: c.CustomerID, At: at})
	}
	_, err := o.db.Accept(o.t.Context(), cases)
	o.must(err)
	if id != "" {
		o.must(o.db.Record(o.t.Context(), prevention.Found{Members: map[prevention.ClusterID][]prevention.Member{id: members}}))
	}
	return ids
}

func (o *office) cluster(id prevention.ClusterID) prevention.Cluster {
	o.t.Helper()
	c, err := o.Cluster(o.t.Context(), id)
	o.must(err)
	return c
}

// in returns the complaints of a cluster, sorted.
func (o *office) in(id prevention.ClusterID) []triage.ComplaintID {
	o.t.Helper()
	members, err := o.Members(o.t.Context(), id)
	o.must(err)
	var ids []triage.ComplaintID
	for _, m := range members {
		ids = append(ids, m.Complaint)
	}
	slices.Sort(ids)
	return ids
}

// trail returns the audit entries of people about a cluster.
func (o *office) trail(id prevention.ClusterID) []triage.AuditEntry {
	o.t.Helper()
	entries, err := o.db.Trail(o.t.Context(), prevention.ClusterObject(id))
	o.must(err)
	return slices.DeleteFunc(entries, func(e triage.AuditEntry) bool { return e.Actor == "system" })
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// wantCode checks the code and the field of an error; "" is success.
func wantCode(t *testing.T, err error, code triage.Code, field string) {
	t.Helper()
	if got := triage.CodeOf(err); got != code {
		t.Errorf("got the error %v of the code %q, want %q", err, got, code)
		return
	}
	if e, ok := errors.AsType[*triage.Error](err); field != "" && (!ok || e.Field != field) {
		t.Errorf("the error %v does not name the field %s", err, field)
	}
}

func same[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}
