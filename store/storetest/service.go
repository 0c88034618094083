package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/triage"
)

var accountTests = map[string]func(*testing.T, Store){
	"users are replaced by name and counted": func(t *testing.T, s Store) {
		u := triage.User{Name: "li", PasswordHash: "hash", Role: triage.RoleAgent}
		check(t, s.PutUser(t.Context(), u))
		u.Role, u.Failures, u.LockedUntil = triage.RoleAdmin, 3, start
		check(t, s.PutUser(t.Context(), u))
		got, err := s.User(t.Context(), "li")
		check(t, err)
		equal(t, "user", got, u)
		n, err := s.CountUsers(t.Context())
		check(t, err)
		equal(t, "users", n, 1)
		_, err = s.User(t.Context(), "wang")
		code(t, err, triage.CodeNotFound)
	},
	"a session is touched and deleted": func(t *testing.T, s Store) {
		want := triage.Session{TokenHash: "h", User: "li", CreatedAt: start, SeenAt: start, ExpiresAt: start.Add(time.Hour)}
		check(t, s.PutSession(t.Context(), want))
		want.SeenAt = start.Add(time.Minute)
		check(t, s.TouchSession(t.Context(), "h", want.SeenAt))
		got, err := s.Session(t.Context(), "h")
		check(t, err)
		equal(t, "session", got, want)
		check(t, s.DeleteSession(t.Context(), "h"))
		check(t, s.DeleteSession(t.Context(), "h"))
		_, err = s.Session(t.Context(), "h")
		code(t, err, triage.CodeNotFound)
		code(t, s.TouchSession(t.Context(), "h", start), triage.CodeNotFound)
	},
	"a sign-in forgets those that have expired": func(t *testing.T, s Store) {
		for i, name := range []string{"early", "late", "now"} {
			at := start.Add(time.Duration(i) * time.Hour)
			check(t, s.PutSession(t.Context(), triage.Session{TokenHash: name, User: "li", CreatedAt: at, SeenAt: at, ExpiresAt: at.Add(2 * time.Hour)}))
		}
		_, err := s.Session(t.Context(), "early")
		code(t, err, triage.CodeNotFound)
		_, err = s.Session(t.Context(), "late")
		check(t, err)
	},
}

const stale = time.Minute

var replayTests = map[string]func(*testing.T, Store){
	"one of many callers at once gets the key": func(t *testing.T, s Store) {
		var wins atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				r, claimed, err := s.Begin(t.Context(), "k", "f", start, stale)
				if err != nil || r.Fingerprint != "f" || r.Done {
					t.Errorf("got %+v, %v", r, err)
				}
				if claimed {
					wins.Add(1)
				}
			})
		}
		wg.Wait()
		equal(t, "winners", wins.Load(), int32(1))
	},
	"a finished answer is replayed, however old": func(t *testing.T, s Store) {
		_, _, err := s.Begin(t.Context(), "k", "f", start, stale)
		check(t, err)
		want := triage.Replay{Fingerprint: "f", Done: true, Status: 201, Header: "application/json", Body: []byte("{\"a\":1}\x00"), At: start}
		check(t, s.Finish(t.Context(), "k", want))
		got, claimed, err := s.Begin(t.Context(), "k", "other", start.Add(time.Hour), stale)
		check(t, err)
		equal(t, "claimed", claimed, false)
		equal(t, "replay", got, want)
	},
	"a stale claim is taken over once": func(t *testing.T, s Store) {
		for _, tt := range []struct {
			after time.Duration
			want  bool
		}{{0, true}, {stale, false}, {stale + time.Second, true}, {stale + 2*time.Second, false}} {
			_, claimed, err := s.Begin(t.Context(), "k", "f", start.Add(tt.after), stale)
			check(t, err)
			equal(t, "claimed after "+tt.after.String(), claimed, tt.want)
		}
	},
	"an abandoned claim is free, a finished one is not": func(t *testing.T, s Store) {
		_, _, err := s.Begin(t.Context(), "k", "f", start, stale)
		check(t, err)
		check(t, s.Abandon(t.Context(), "k"))
		_, claimed, err := s.Begin(t.Context(), "k", "f", start, stale)
		check(t, err)
		equal(t, "claimed after Abandon", claimed, true)
		check(t, s.Finish(t.Context(), "k", triage.Replay{Done: true, At: start}))
		check(t, s.Abandon(t.Context(), "k"))
		_, claimed, err = s.Begin(t.Context(), "k", "f", start, stale)
		check(t, err)
		equal(t, "claimed after Finish and Abandon", claimed, false)
	},
	"old answers are pruned": func(t *testing.T, s Store) {
		for key, at := range map[string]time.Time{"old": start, "new": start.Add(time.Hour)} {
			_, _, err := s.Begin(t.Context(), key, "f", at, stale)
			check(t, err)
		}
		n, err := s.Prune(t.Context(), start.Add(time.Minute))
		check(t, err)
		equal(t, "pruned", n, 1)
		code(t, s.Finish(t.Context(), "old", triage.Replay{At: start}), triage.CodeNotFound)
	},
	"an empty key is invalid": func(t *testing.T, s Store) {
		_, _, err := s.Begin(t.Context(), "", "f", start, stale)
		code(t, err, triage.CodeInvalid)
	},
}

var runTests = map[string]func(*testing.T, Store){
	"a job runs once at a time": func(t *testing.T, s Store) {
		id, ok, err := s.Runs.Start(t.Context(), "index", "schedule", start, time.Minute)
		check(t, err)
		equal(t, "first", ok, true)
		_, ok, err = s.Runs.Start(t.Context(), "index", "li", start.Add(time.Second), time.Minute)
		check(t, err)
		equal(t, "second", ok, false)
		_, ok, err = s.Runs.Start(t.Context(), "sla", "schedule", start, time.Minute)
		check(t, err)
		equal(t, "another job", ok, true)
		check(t, s.Runs.Finish(t.Context(), id, start.Add(2*time.Second), jobs.StateFailed, "", "磁盘已满"))
		_, ok, err = s.Runs.Start(t.Context(), "index", "li", start.Add(3*time.Second), time.Minute)
		check(t, err)
		equal(t, "after the end", ok, true)
		runs, err := s.Runs.Runs(t.Context(), "index", 1)
		check(t, err)
		equal(t, "runs", len(runs), 1)
		equal(t, "latest", runs[0].By, "li")
	},
	"of many starts at once one wins": func(t *testing.T, s Store) {
		var wins atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, ok, err := s.Runs.Start(t.Context(), "index", "schedule", start, time.Minute)
				if err != nil {
					t.Error(err)
				}
				if ok {
					wins.Add(1)
				}
			})
		}
		wg.Wait()
		equal(t, "winners", wins.Load(), int32(1))
	},
	"a run whose lease ended is lost": func(t *testing.T, s Store) {
		lost, _, err := s.Runs.Start(t.Context(), "index", "schedule", start, time.Minute)
		check(t, err)
		next, ok, err := s.Runs.Start(t.Context(), "index", "schedule", start.Add(time.Minute), time.Minute)
		check(t, err)
		equal(t, "started", ok, true)
		check(t, s.Runs.Finish(t.Context(), next, start.Add(90*time.Second), jobs.StateDone, "indexed 3", ""))
		runs, err := s.Runs.Runs(t.Context(), "", 10)
		check(t, err)
		equal(t, "runs", runs, []jobs.Run{
			{ID: next, Job: "index", State: jobs.StateDone, StartedAt: start.Add(time.Minute), EndedAt: start.Add(90 * time.Second), By: "schedule", Note: "indexed 3"},
			{ID: lost, Job: "index", State: jobs.StateLost, StartedAt: start, EndedAt: start.Add(time.Minute), By: "schedule"},
		})
	},
	"a run that renews its lease keeps its job": func(t *testing.T, s Store) {
		id, _, err := s.Runs.Start(t.Context(), "index", "schedule", start, time.Minute)
		check(t, err)
		ok, err := s.Runs.Renew(t.Context(), id, start.Add(50*time.Second), time.Minute)
		check(t, err)
		equal(t, "renewed", ok, true)
		_, ok, err = s.Runs.Start(t.Context(), "index", "li", start.Add(109*time.Second), time.Minute)
		check(t, err)
		equal(t, "started meanwhile", ok, false)
		_, ok, err = s.Runs.Start(t.Context(), "index", "li", start.Add(110*time.Second), time.Minute)
		check(t, err)
		equal(t, "started when the lease has ended", ok, true)
		ok, err = s.Runs.Renew(t.Context(), id, start.Add(2*time.Minute), time.Minute)
		check(t, err)
		equal(t, "a lost run renewed", ok, false)
	},
	"an unknown run cannot be finished": func(t *testing.T, s Store) {
		code(t, s.Runs.Finish(t.Context(), 99, start, jobs.StateDone, "", ""), triage.CodeNotFound)
	},
}
