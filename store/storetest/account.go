package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// fullUser is an account with every field.
func fullUser(name string, role triage.Role) triage.User {
	return triage.User{
		Name: name, PasswordHash: "hash", Role: role, DisplayName: "李雷", Department: "网络部", Email: "li@example.com",
		MustChange: true, Failures: 2, LockedUntil: start, CreatedAt: start, SignedInAt: start.Add(time.Hour),
		Second: triage.SecondFactor{Sealed: "sealed", On: true, Step: 7, Recovery: []string{"a", "b"}},
		Issuer: "https://id.example.com", Subject: "subject of " + name,
	}
}

func rename(to string) func(*triage.User) ([]triage.AuditEntry, error) {
	return func(u *triage.User) ([]triage.AuditEntry, error) {
		u.DisplayName = to
		return []triage.AuditEntry{{At: start, Actor: "demo", Action: "user.change", Object: "user:" + u.Name}}, nil
	}
}

func disable(u *triage.User) ([]triage.AuditEntry, error) {
	u.Disabled = true
	return []triage.AuditEntry{{At: start, Actor: "demo", Action: "user.disable", Object: "user:" + u.Name}}, nil
}

var peopleTests = map[string]func(*testing.T, Store){
	"an account keeps every field and is found by its identity": func(t *testing.T, s Store) {
		want := fullUser("li", triage.RoleLead)
		check(t, s.AddUser(t.Context(), want, triage.AuditEntry{At: start, Actor: "demo", Action: "user.add", Object: "user:li"}))
		got, err := s.User(t.Context(), "li")
		check(t, err)
		equal(t, "user", got, want)
		got, err = s.UserBySubject(t.Context(), want.Issuer, want.Subject)
		check(t, err)
		equal(t, "user by identity", got.Name, "li")
		_, err = s.UserBySubject(t.Context(), want.Issuer, "")
		code(t, err, triage.CodeNotFound)
		audited(t, s, "user:li", 1)
	},
	"a name or an identity that is taken is a conflict and leaves no trace": func(t *testing.T, s Store) {
		e := triage.AuditEntry{At: start, Actor: "demo", Action: "user.add", Object: "users"}
		check(t, s.AddUser(t.Context(), fullUser("li", triage.RoleLead), e))
		code(t, s.AddUser(t.Context(), fullUser("li", triage.RoleAdmin), e), triage.CodeConflict)
		twin := fullUser("wang", triage.RoleAgent)
		twin.Subject = "subject of li"
		code(t, s.AddUser(t.Context(), twin, e), triage.CodeConflict)
		audited(t, s, "users", 1)
	},
	"a change and its entry are one; an error changes nothing": func(t *testing.T, s Store) {
		check(t, s.PutUser(t.Context(), fullUser("li", triage.RoleLead)))
		u, err := s.EditUser(t.Context(), "li", rename("韩梅梅"))
		check(t, err)
		equal(t, "shown", u.Shown(), "韩梅梅")
		_, err = s.EditUser(t.Context(), "li", func(u *triage.User) ([]triage.AuditEntry, error) {
			u.DisplayName = "nobody"
			return []triage.AuditEntry{{Object: "user:li"}}, errors.New("refused")
		})
		if err == nil {
			t.Error("an edit that failed was taken")
		}
		got, err := s.User(t.Context(), "li")
		check(t, err)
		equal(t, "user", got, u)
		audited(t, s, "user:li", 1)
		_, err = s.EditUser(t.Context(), "nobody", rename("x"))
		code(t, err, triage.CodeNotFound)
	},
	"the last administrator stays": func(t *testing.T, s Store) {
		check(t, s.PutUser(t.Context(), triage.User{Name: "a", Role: triage.RoleAdmin}))
		check(t, s.PutUser(t.Context(), triage.User{Name: "gone", Role: triage.RoleAdmin, Disabled: true}))
		_, err := s.EditUser(t.Context(), "a", disable)
		code(t, err, triage.CodeConflict)
		_, err = s.EditUser(t.Context(), "a", func(u *triage.User) ([]triage.AuditEntry, error) {
			u.Role = triage.RoleAgent
			return nil, nil
		})
		code(t, err, triage.CodeConflict)
		check(t, s.PutUser(t.Context(), triage.User{Name: "b", Role: triage.RoleAdmin}))
		_, err = s.EditUser(t.Context(), "a", disable)
		check(t, err)
	},
	"of two administrators who remove each other at once one stays": func(t *testing.T, s Store) {
		check(t, s.PutUser(t.Context(), triage.User{Name: "a", Role: triage.RoleAdmin}))
		check(t, s.PutUser(t.Context(), triage.User{Name: "b", Role: triage.RoleAdmin}))
		var removed atomic.Int32
		var wg sync.WaitGroup
		for _, name := range []string{"a", "b"} {
			wg.Go(func() {
				if _, err := s.EditUser(t.Context(), name, disable); err == nil {
					removed.Add(1)
				}
			})
		}
		wg.Wait()
		equal(t, "removed", removed.Load(), int32(1))
	},
	"sign-ins are listed and ended but for one": func(t *testing.T, s Store) {
		for i, hash := range []string{"old", "new", "other"} {
			user := []string{"li", "li", "wang"}[i]
			at := start.Add(time.Duration(i) * time.Minute)
			check(t, s.PutSession(t.Context(), triage.Session{TokenHash: hash, User: user, CreatedAt: start, SeenAt: at, ExpiresAt: start.Add(time.Hour)}))
		}
		list, err := s.SessionsOf(t.Context(), "li")
		check(t, err)
		equal(t, "first of the sign-ins", list[0].TokenHash, "new")
		equal(t, "sign-ins", len(list), 2)
		n, err := s.EndSessions(t.Context(), "li", "new")
		check(t, err)
		equal(t, "ended", n, 1)
		_, err = s.Session(t.Context(), "old")
		code(t, err, triage.CodeNotFound)
		_, err = s.Session(t.Context(), "other")
		check(t, err)
	},
	"responsibility goes up the ladder": func(t *testing.T, s Store) {
		for _, u := range []triage.User{
			{Name: "admin", Role: triage.RoleAdmin}, {Name: "quality", Role: triage.RoleQuality}, {Name: "any", Role: triage.RoleLead},
			{Name: "net", Role: triage.RoleLead, Department: "网络部"}, {Name: "away", Role: triage.RoleLead, Department: "计费部", Disabled: true},
		} {
			check(t, s.PutUser(t.Context(), u))
		}
		p := triage.NewPeople(s)
		for _, tt := range []struct{ department, owner, want string }{
			{"网络部", "agent", "net"},
			{"网络部", "net", "any"},
			{"网络部", "any", "quality"},
			{"网络部", "quality", "admin"},
			{"网络部", "admin", ""},
			{"计费部", "agent", "any"},
			{"", "", "any"},
		} {
			got, err := p.Next(t.Context(), tt.department, tt.owner)
			check(t, err)
			equal(t, "after "+tt.owner+" in "+tt.department, got, tt.want)
		}
		lead, err := p.LeadOf(t.Context(), "计费部")
		check(t, err)
		equal(t, "lead", lead, "any")
	},
}

var keyTests = map[string]func(*testing.T, Store){
	"a key is found by its hash, used and revoked once": func(t *testing.T, s Store) {
		e := triage.AuditEntry{At: start, Actor: "demo", Action: "key.add", Object: "keys"}
		want := triage.Key{Name: "报表", Owner: "li", Hash: "h", Permissions: []string{"case.read"}, CreatedBy: "demo", CreatedAt: start, ExpiresAt: start.Add(time.Hour)}
		id, err := s.AddKey(t.Context(), want, e)
		check(t, err)
		want.ID, want.UsedAt = id, start.Add(time.Minute)
		check(t, s.TouchKey(t.Context(), id, want.UsedAt))
		got, err := s.KeyByHash(t.Context(), "h")
		check(t, err)
		equal(t, "key", got, want)
		want.RevokedAt = start.Add(2 * time.Minute)
		check(t, s.RevokeKey(t.Context(), id, want.RevokedAt, e))
		code(t, s.RevokeKey(t.Context(), id, start, e), triage.CodeConflict)
		code(t, s.RevokeKey(t.Context(), id+1, start, e), triage.CodeNotFound)
		list, err := s.Keys(t.Context())
		check(t, err)
		equal(t, "keys", list, []triage.Key{want})
		audited(t, s, "keys", 2)
		_, err = s.KeyByHash(t.Context(), "nobody's")
		code(t, err, triage.CodeNotFound)
	},
}
