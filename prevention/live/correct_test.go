package live_test

import (
	"slices"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// corrected is a service in which an incident was found by day 44; cases are
// those to come, of the same kind and of others.
func corrected(t *testing.T) (s *service, found prevention.Cluster, rest []triage.Case) {
	t.Helper()
	s = newService(t)
	cases := newStream(5).ordinary(0, 60, 6).incident(outage, 40, 3, 10).incident(outage, 45, 5, 10).sorted()
	rest = s.before(40, cases)
	n := slices.IndexFunc(rest, func(c triage.Case) bool { return c.At.Sub(start) >= 44*day })
	s.live(rest[:n], nil)
	return s, s.only(), rest[n:]
}

func TestCorrectionsStick(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	for _, restarted := range []bool{false, true} {
		hook := func(s *service) func(int) {
			if !restarted {
				return nil
			}
			return func(int) { s.restart() }
		}
		name := map[bool]string{false: "", true: ", with restarts"}[restarted]
		t.Run("moved out of all clusters"+name, func(t *testing.T) {
			t.Parallel()
			s, c, rest := corrected(t)
			out := s.in(c.ID)[:2]
			s.must(s.desk.Move(t.Context(), c.ID, "", out, "li"))
			s.live(rest, hook(s))
			in := s.in(s.only().ID)
			if slices.Contains(in, out[0]) || slices.Contains(in, out[1]) {
				t.Errorf("%v are back in %v", out, in)
			}
			if len(in) < 16 { // one that is most like those that left may stay with them
				t.Errorf("got %d members, want the other 8 and more of the 10 that came", len(in))
			}
		})
		t.Run("split, then more of both"+name, func(t *testing.T) {
			t.Parallel()
			s, c, rest := corrected(t)
			out := s.in(c.ID)[:4]
			made, err := s.desk.Split(t.Context(), c.ID, out, "另一件事", "li")
			s.must(err)
			s.live(rest, hook(s))
			for _, k := range s.clusters() {
				if k.MergedInto != "" {
					t.Errorf("%s was merged into %s", k.ID, k.MergedInto)
				}
			}
			in := s.in(made)
			for _, id := range out {
				if !slices.Contains(in, id) {
					t.Errorf("%s has left the new cluster", id)
				}
			}
			same(t, "members of both", 20, len(in)+len(s.in(c.ID)))
			same(t, "clusters", 2, len(s.clusters()))
			k, err := s.desk.Cluster(t.Context(), made)
			s.must(err)
			if k.Title != "另一件事" || len(k.Explanation.Terms) == 0 || k.Type == "" || k.Alarm.At.IsZero() {
				t.Errorf("the new cluster is not explained: %+v", k)
			}
		})
		t.Run("split and merged again"+name, func(t *testing.T) {
			t.Parallel()
			s, c, rest := corrected(t)
			made, err := s.desk.Split(t.Context(), c.ID, s.in(c.ID)[:4], "", "li")
			s.must(err)
			s.must(s.desk.Merge(t.Context(), made, c.ID, "li"))
			s.live(rest, hook(s))
			same(t, "members", 20, len(s.in(c.ID)))
		})
		t.Run("moved into another cluster"+name, func(t *testing.T) {
			t.Parallel()
			s, c, rest := corrected(t)
			other, err := s.desk.Propose(t.Context(), []triage.ComplaintID{"c00001", "c00002"}, "旧事", "li")
			s.must(err)
			out := s.in(c.ID)[:3]
			s.must(s.desk.Move(t.Context(), c.ID, other, out, "li"))
			s.live(rest, hook(s))
			for _, id := range out {
				if !slices.Contains(s.in(other), id) {
					t.Errorf("%s has left the cluster it was put into", id)
				}
			}
			if slices.Contains(s.in(c.ID), out[0]) {
				t.Errorf("%s is back", out[0])
			}
		})
		t.Run("dismissed"+name, func(t *testing.T) {
			t.Parallel()
			s, c, rest := corrected(t)
			s.must(s.desk.Dismiss(t.Context(), c.ID, "li"))
			told := s.told()
			s.live(rest, hook(s))
			same(t, "announcements", told, s.told())
			k := s.only()
			same(t, "stage", prevention.StageDismissed, k.Stage)
			same(t, "members taken in", 20, k.Complaints)
		})
		t.Run("dismissed and restored"+name, func(t *testing.T) {
			t.Parallel()
			s, c, rest := corrected(t)
			s.must(s.desk.Dismiss(t.Context(), c.ID, "li"))
			s.run()
			s.must(s.desk.SetStage(t.Context(), c.ID, prevention.StageCandidate, "li"))
			s.live(rest, hook(s))
			same(t, "announcements", []string{"raised", "escalated", "escalated", "resolved"}, s.kinds(c.ID))
			same(t, "members", 20, s.only().Complaints)
		})
	}
}

// A person may make a cluster of complaints that detection has not read.
func TestACorrectionMayComeBeforeItsComplaints(t *testing.T) {
	t.Parallel()
	s, c, _ := corrected(t)
	late := newStream(6).incident(outage, 44, 1, 4).cases
	for i := range late {
		late[i].ID = triage.ComplaintID("late-" + string(late[i].ID))
	}
	s.accept(late...)
	made, err := s.desk.Propose(t.Context(), []triage.ComplaintID{late[0].ID, late[1].ID}, "另一件事", "li")
	s.must(err)
	_, err = s.db.Correct(t.Context(), prevention.Correction{
		Kind: prevention.CorrectMove, Complaints: []triage.ComplaintID{late[2].ID}, By: "li", At: s.clock.Now(),
	})
	s.must(err)
	s.run()
	same(t, "made", []triage.ComplaintID{late[0].ID, late[1].ID}, s.in(made))
	if in := s.in(c.ID); !slices.Contains(in, late[3].ID) || slices.Contains(in, late[2].ID) {
		t.Errorf("the incident has %v", in)
	}
}

// What people said counts for a detection that learns the stream again as it did
// for the one that heard it.
func TestACorrectedStreamGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	for name, correct := range map[string]func(s *service, id prevention.ClusterID){
		"move out": func(s *service, id prevention.ClusterID) {
			s.must(s.desk.Move(s.t.Context(), id, "", s.in(id)[:5], "li"))
		},
		"split": func(s *service, id prevention.ClusterID) {
			_, err := s.desk.Split(s.t.Context(), id, s.in(id)[:4], "", "li")
			s.must(err)
		},
		"dismiss": func(s *service, id prevention.ClusterID) { s.must(s.desk.Dismiss(s.t.Context(), id, "li")) },
		"dismiss and restore": func(s *service, id prevention.ClusterID) {
			s.must(s.desk.Dismiss(s.t.Context(), id, "li"))
			s.must(s.desk.Restore(s.t.Context(), id, "li"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, c, rest := corrected(t)
			correct(want, c.ID)
			want.live(rest, nil)
			got, c, rest := corrected(t)
			correct(got, c.ID)
			got.live(rest, func(int) { got.restart() })
			same(t, "clusters", want.stories(), got.stories())
		})
	}
}
