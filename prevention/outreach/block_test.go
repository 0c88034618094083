package outreach_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestBlock(t *testing.T) {
	t.Parallel()
	t.Run("who is blocked is not told", func(t *testing.T) {
		t.Parallel()
		o := open(t, nil)
		p := o.approved(t, content())
		for _, b := range []prevention.Suppression{{Customer: member(0).ID}, {Address: " " + phone(1) + " ", Reason: "法务要求"}} {
			if _, err := o.desk.Block(t.Context(), b, "丙"); err != nil {
				t.Fatal(err)
			}
		}
		o.tick(t)
		if diff := cmp.Diff([]string{"skipped suppressed", "skipped suppressed"}, o.reasons()[:2]); diff != "" || len(o.got) != 2 {
			t.Errorf("plan %s told %d (-want +got)\n%s", p.ID, len(o.got), diff)
		}
		got, err := o.desk.Blocked(t.Context(), time.Time{}, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		want := []prevention.Suppression{
			{Customer: member(0).ID, Reason: "blocklist", At: o.clock.Now(), By: "丙"},
			{Address: phone(1), Reason: "法务要求", At: o.clock.Now(), By: "丙"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the list (-want +got)\n%s", diff)
		}
	})
	t.Run("nonsense is refused by its field", func(t *testing.T) {
		t.Parallel()
		o := open(t, nil)
		long := strings.Repeat("长", 201)
		for field, b := range map[string]prevention.Suppression{
			"customer_id": {Customer: " "}, "address": {Address: "王小明"}, "reason": {Customer: "C1", Reason: long},
		} {
			_, err := o.desk.Block(t.Context(), b, "丙")
			if e, ok := errors.AsType[*triage.Error](err); !ok || e.Code != triage.CodeInvalid || e.Field != field {
				t.Errorf("%+v: got %v, want an invalid %s", b, err, field)
			}
		}
		if len(o.blocked) > 0 {
			t.Errorf("stored %v", o.blocked)
		}
	})
}
