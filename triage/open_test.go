package triage_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
)

// opener notes the tier that it was told.
type opener struct{}

func (opener) Open(c *triage.Case, tier triage.Tier) { c.Work.Tier = tier }

// file is a customer file that fails for nobody, or for everybody.
type file struct {
	customers map[triage.CustomerID]triage.Customer
	asked     *[]triage.CustomerID
	err       error
}

func (f file) CustomersByID(_ context.Context, ids []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error) {
	*f.asked = append(*f.asked, ids...)
	return f.customers, f.err
}

func TestOpening(t *testing.T) {
	t.Parallel()
	t.Run("the work on a new case begins with the tier of its customer", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		var asked []triage.CustomerID
		d.deps.Opener = opener{}
		d.deps.Customers = file{map[triage.CustomerID]triage.Customer{"K-1": {ID: "K-1", Tier: triage.TierVIP}}, &asked, nil}
		d.Service = triage.New(d.deps)
		unknown := complaint("c2", "多收费")
		unknown.CustomerID = ""
		got := d.submit(t, complaint("c1", "宽带断了"), unknown, complaint("c3", "又断了"))
		tiers := []triage.Tier{got[0].Case.Work.Tier, got[1].Case.Work.Tier, d.cases[2].Work.Tier}
		if diff := cmp.Diff([]triage.Tier{triage.TierVIP, "", triage.TierVIP}, tiers); diff != "" {
			t.Errorf("other tiers (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff([]triage.CustomerID{"K-1"}, asked); diff != "" {
			t.Errorf("asked the customer file for others (-want +got)\n%s", diff)
		}
	})
	t.Run("nothing is stored when the customer file cannot be read", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		var asked []triage.CustomerID
		d.deps.Opener, d.deps.Customers = opener{}, file{nil, &asked, triage.Errorf(triage.CodeUnavailable, "locked")}
		_, err := triage.New(d.deps).SubmitAll(t.Context(), []triage.Complaint{complaint("c1", "宽带断了")})
		wantCode(t, err, triage.CodeUnavailable)
		if len(d.cases) != 0 {
			t.Errorf("%d cases were stored", len(d.cases))
		}
	})
}
