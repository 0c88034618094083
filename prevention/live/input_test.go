package live_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestHistoryThatComesLateAlarmsNobody(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	t.Run("an incident of ten days ago", func(t *testing.T) {
		t.Parallel()
		s := newService(t)
		s.before(60, newStream(7).ordinary(0, 61, 6).sorted())
		late := newStream(8).incident(outage, 49, 2, 12).cases
		for i := range late {
			late[i].ID, late[i].ReceivedAt = triage.ComplaintID(fmt.Sprint("late", i)), start.Add(60*day)
		}
		s.accept(late...)
		s.run()
		same(t, "announcements", 0, len(s.told()))
		for _, c := range s.clusters() {
			if c.Stage.Active() {
				t.Errorf("%s is %s", c.ID, c.Stage)
			}
		}
	})
	t.Run("half a year at once", func(t *testing.T) {
		t.Parallel()
		s := newService(t)
		cases := newStream(9).ordinary(0, 180, 6).incident(outage, 100, 2, 12).incident(outage, 120, 1, 5).incident(recall, 150, 2, 9).sorted()
		for i := range cases {
			cases[i].ReceivedAt = start.Add(180 * day)
		}
		s.accept(cases...)
		n, _ := s.run()
		same(t, "cases", len(cases), n)
		same(t, "announcements", 0, len(s.told()))
		if len(s.clusters()) < 2 {
			t.Fatalf("found %d clusters, want both", len(s.clusters()))
		}
		s.live(newStream(10).later(180).ordinary(180, 12, 6).sorted(), func(int) { s.restart() })
		for _, c := range s.clusters() {
			if !c.Historic || c.Stage != prevention.StageClosed || c.Alarm.EndedAt.IsZero() {
				t.Errorf("%s is %s, historic %t, over since %s", c.ID, c.Stage, c.Historic, c.Alarm.EndedAt)
			}
		}
		same(t, "announcements later", 0, len(s.told()))
	})
}

func TestAHistoricClusterThatRisesAgainAlarms(t *testing.T) {
	t.Parallel()
	s := newService(t)
	cases := newStream(21).ordinary(0, 90, 6).incident(outage, 50, 1, 5).sorted()
	for i := range cases {
		cases[i].ReceivedAt = start.Add(90 * day)
	}
	s.accept(cases...)
	s.run()
	c := s.only()
	s.live(newStream(12).later(90).ordinary(90, 4, 6).incident(outage, 91, 2, 16).sorted(), nil)
	same(t, "announcements", []string{"reopened", "escalated"}, s.kinds(c.ID))
	c = s.only()
	if c.Historic || c.Stage != prevention.StageCandidate {
		t.Errorf("the cluster is %s, historic %t", c.Stage, c.Historic)
	}
}

func TestTimesThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]time.Time{"missing": {}, "in the future": start.AddDate(30, 0, 0)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			cases := newStream(13).ordinary(0, 60, 6).incident(outage, 50, 2, 9).sorted()
			want := newService(t)
			want.live(want.before(49, cases), nil)
			for i := range cases {
				if i%3 == 0 {
					cases[i].At = at
				}
			}
			s.live(s.before(49, cases), func(int) { s.restart() })
			got, wish := s.only(), want.only()
			same(t, "members", want.in(wish.ID), s.in(got.ID))
			same(t, "announcements", want.kinds(wish.ID), s.kinds(got.ID))
			members, err := s.db.Members(t.Context(), got.ID)
			s.must(err)
			for _, m := range members {
				if m.At.Before(start) || m.At.After(s.clock.Now()) {
					t.Errorf("%s has the time %s", m.Complaint, m.At)
				}
			}
		})
	}
}

func TestAStreamThatStopsForAWeekEndsWhatWasOpen(t *testing.T) {
	t.Parallel()
	s := newService(t)
	cases := newStream(14).ordinary(0, 48, 6).ordinary(55, 5, 6).incident(outage, 46, 2, 9).sorted()
	s.live(s.before(45, cases), func(int) { s.restart() })
	same(t, "clusters", 1, len(s.clusters()))
	for _, kind := range s.kinds(s.only().ID) {
		if kind != "raised" && kind != "resolved" {
			t.Errorf("the pause was announced as %s", kind)
		}
	}
}

func TestOneCustomerIsNoIncident(t *testing.T) {
	t.Parallel()
	s := newService(t)
	st := newStream(15).ordinary(0, 52, 6)
	for i := range 500 {
		st.add(triage.Complaint{CustomerID: "serial", At: start.Add(50*day + time.Duration(i)*2*time.Minute), Text: st.text(outage...)})
	}
	s.live(s.before(49, st.sorted()), nil)
	same(t, "clusters", 0, len(s.clusters()))
}

func TestCopiesAreSaid(t *testing.T) {
	t.Parallel()
	s := newService(t)
	st := newStream(16).ordinary(0, 52, 6)
	text := st.text(outage...)
	for i := range 50 {
		st.add(triage.Complaint{At: start.Add(50*day + time.Duration(i)*20*time.Minute), Text: text})
	}
	s.live(s.before(49, st.sorted()), nil)
	c := s.only()
	same(t, "complaints, customers and copies", []int{50, 50, 49}, []int{c.Complaints, c.Customers, c.Copies})
	if c.Alarm.Copies == 0 {
		t.Error("the alarm does not say that most are copies")
	}
}

// A status that changes before detection has read the case gives it a new
// change number, not a new place.
func TestACaseThatIsDecidedFirstIsObservedOnce(t *testing.T) {
	t.Parallel()
	s := newService(t)
	rest := s.before(50, newStream(17).ordinary(0, 52, 6).incident(outage, 50, 1, 7).sorted())
	s.accept(rest...)
	now := s.clock.Now()
	for i := range rest {
		s.must(s.db.Confirm(t.Context(), triage.Label{Complaint: rest[i].ID, Type: "billing", By: "li", At: now}))
		if i%2 == 0 {
			s.must(s.db.Close(t.Context(), triage.Closing{Complaint: rest[i].ID, Resolution: "已退款", By: "li", At: now}))
		}
	}
	n, raised := s.run()
	same(t, "cases and clusters", []int{len(rest), 1}, []int{n, raised})
	in := s.in(s.only().ID)
	same(t, "members", 7, len(in))
	same(t, "members named once", 7, len(slices.Compact(in)))
	s.must(s.db.Confirm(t.Context(), triage.Label{Complaint: in[0], Type: "service", By: "li", At: now}))
	n, raised = s.run()
	same(t, "cases and clusters after another change", []int{0, 0}, []int{n, raised})
}
