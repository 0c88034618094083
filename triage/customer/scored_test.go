package customer_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// score is the score of a case at some time.
func score(of triage.ComplaintID, value float64, at time.Time) customer.Score {
	return customer.Score{Survey: 1, Case: of, Score: value, At: at, By: "customer"}
}

func TestLowScoreOpensATask(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name             string
		manager, owner   string
		department, want string
	}{
		{"of the contact person", "chen", "li", "网络部", "chen"},
		{"else of the owner of the case", "", "li", "网络部", "li"},
		{"else of the lead of the department", "", "", "网络部", "lead"},
		{"else of the department", "", "", "客服部", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.enrol(t, triage.Customer{ID: "k"})
			check(t, w.SetManager(t.Context(), "k", test.manager, "boss"))
			c := kase("c", "k", day(time.May, 1))
			c.Work.Owner, c.Work.Department, c.Assessment.Department = test.owner, test.department, test.department
			w.accept(t, c)
			check(t, w.Scored(t.Context(), score("c", 79.9, w.now)))
			w.now = w.now.Add(time.Minute)
			check(t, w.Scored(t.Context(), score("c", 79.9, day(time.May, 11)))) // again
			check(t, w.Scored(t.Context(), score("c", 20, w.now)))               // another one, while it is open
			open, err := w.Tasks(t.Context(), customer.TaskFilter{}, customer.Page{})
			check(t, err)
			at := day(time.May, 11).UTC()
			want := []customer.Task{{
				ID: 1, Kind: customer.TaskLowScore, Customer: "k", Case: "c", Owner: test.want, Department: test.department, Title: "低分跟进：79.9 分",
				CreatedBy: "system", CreatedAt: at, DueAt: at.AddDate(0, 0, 3), PlanDueAt: at.Add(24 * time.Hour), Version: 1,
			}}
			if len(open.Rows) == 1 {
				want[0].Key = open.Rows[0].Key
			}
			if diff := cmp.Diff(want, open.Rows); diff != "" {
				t.Errorf("tasks (-want +got)\n%s", diff)
			}
		})
	}
	t.Run("none at the limit, and none for an unknown case", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.accept(t, kase("c", "", day(time.May, 1)), kase("d", "unknown", day(time.May, 1)))
		check(t, w.Scored(t.Context(), score("c", 80, w.now)))
		check(t, w.Scored(t.Context(), score("d", 100, w.now)))
		wantCode(t, w.Scored(t.Context(), score("e", 10, w.now)), triage.CodeNotFound)
		n, err := w.CountTasks(t.Context(), customer.TaskFilter{})
		check(t, err)
		if n != 0 {
			t.Errorf("%d tasks", n)
		}
	})
}

func TestThreeHighScoresMakeAVIP(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		scores []float64 // oldest first, over two records
		want   triage.Tier
	}{
		{"three of ninety", []float64{40, 90, 95, 90}, triage.TierVIP},
		{"two are not enough", []float64{95, 95}, triage.TierPotential},
		{"a lower one in between", []float64{95, 89.9, 95, 95}, triage.TierPotential},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.enrol(t, triage.Customer{ID: "k", Tier: triage.TierPotential}, triage.Customer{ID: "k2"})
			_, err := w.Merge(t.Context(), customer.Merge{From: "k2", Into: "k", Reason: "同一人", By: "li"})
			check(t, err)
			for i, v := range test.scores {
				c := kase(triage.ComplaintID(rune('a'+i)), []triage.CustomerID{"k", "k2"}[i%2], day(time.April, i+1), v)
				c.Work.Owner = "li"
				w.accept(t, c)
			}
			last := triage.ComplaintID(rune('a' + len(test.scores) - 1))
			for range 2 {
				check(t, w.Scored(t.Context(), score(last, test.scores[len(test.scores)-1], w.now)))
			}
			r, err := w.Person(t.Context(), "k2")
			check(t, err)
			if r.Tier != test.want {
				t.Errorf("tier %q, want %q", r.Tier, test.want)
			}
			if up := test.want == triage.TierVIP; up {
				if r.Care.Manager != "li" || r.Care.TierBy != "system" || r.Care.TierReason != "连续 3 次满意度不低于 90 分" {
					t.Errorf("care %+v", r.Care)
				}
				if diff := cmp.Diff([]string{"system customer.tier"}, w.actions(t, "customer:k")); diff != "" {
					t.Errorf("trail (-want +got)\n%s", diff)
				}
				// The plan is that of the new tier.
				if want := time.Date(2026, 6, 1, 0, 0, 0, 0, shanghai); !r.Care.DueAt.Equal(want) {
					t.Errorf("due at %s, want %s", r.Care.DueAt, want)
				}
			}
		})
	}
	t.Run("not on scores from before a person's decision, nor is a VIP lowered", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.enrol(t, triage.Customer{ID: "k", Tier: triage.TierVIP})
		check(t, w.SetTier(t.Context(), "k", triage.TierOrdinary, "多次恶意投诉", "boss"))
		for i := range 3 {
			w.accept(t, kase(triage.ComplaintID(rune('a'+i)), "k", day(time.April, i+1), 95))
		}
		check(t, w.Scored(t.Context(), score("c", 95, w.now)))
		r, err := w.Person(t.Context(), "k")
		check(t, err)
		if r.Tier != triage.TierOrdinary {
			t.Errorf("tier %q, want ordinary", r.Tier)
		}
		check(t, w.SetTier(t.Context(), "k", triage.TierVIP, "误会已澄清", "boss"))
		w.accept(t, kase("z", "k", day(time.May, 1), 10))
		check(t, w.Scored(t.Context(), score("z", 10, w.now)))
		if r, err = w.Person(t.Context(), "k"); err != nil || r.Tier != triage.TierVIP {
			t.Errorf("tier %q (%v), want vip", r.Tier, err)
		}
	})
	t.Run("switched off", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(d *customer.Deps) { d.Policy.VIPRow = 0 })
		w.enrol(t, triage.Customer{ID: "k"})
		w.accept(t, kase("a", "k", day(time.April, 1), 100))
		check(t, w.Scored(t.Context(), score("a", 100, w.now)))
		if r, err := w.Person(t.Context(), "k"); err != nil || r.Tier != "" {
			t.Errorf("tier %q (%v), want none", r.Tier, err)
		}
	})
}

func TestTierNeedsAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enrol(t, triage.Customer{ID: "k"})
	wantCode(t, w.SetTier(t.Context(), "k", triage.TierVIP, " ", "boss"), triage.CodeInvalid)
	wantCode(t, w.SetTier(t.Context(), "k", "gold", "x", "boss"), triage.CodeInvalid)
	wantCode(t, w.SetTier(t.Context(), "nobody", triage.TierVIP, "x", "boss"), triage.CodeNotFound)
	if got := w.actions(t, "customer:k"); len(got) != 0 {
		t.Errorf("trail of refused changes: %v", got)
	}
}

// A first plan within 24 hours is one by the same time of the next working day,
// also where all urgent cases run around the clock.
func TestFirstPlanIsDueInWorkingTime(t *testing.T) {
	t.Parallel()
	cal, err := calendar.New(calendar.Config{AroundTheClock: []string{"low", "normal", "high", "critical"}}, shanghai)
	check(t, err)
	w := newWorld(t, func(d *customer.Deps) { d.Calendar = cal })
	w.accept(t, kase("c", "k", day(time.May, 11)))
	w.now = time.Date(2026, time.May, 15, 16, 0, 0, 0, shanghai) // a Friday
	check(t, w.Scored(t.Context(), score("c", 20, w.now)))
	open, err := w.Tasks(t.Context(), customer.TaskFilter{}, customer.Page{})
	check(t, err)
	if want := w.now.AddDate(0, 0, 3); len(open.Rows) != 1 || !open.Rows[0].PlanDueAt.Equal(want) {
		t.Errorf("tasks %+v, want one with a plan due at %s", open.Rows, want)
	}
}
