package console_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// The company as the pages of people, keys and audit need it. Its trail is
// chained when it is read.

func (f *company) AddUser(_ context.Context, u triage.User, e triage.AuditEntry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, known := range f.users {
		if known.Name == u.Name || u.Subject != "" && known.Subject == u.Subject && known.Issuer == u.Issuer {
			return triage.Errorf(triage.CodeConflict, "taken")
		}
	}
	f.users[u.Name] = u
	f.trail = append(f.trail, e)
	return nil
}

func (f *company) UserBySubject(_ context.Context, issuer, subject string) (triage.User, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, u := range f.users {
		if u.Issuer == issuer && u.Subject == subject {
			return u, nil
		}
	}
	return triage.User{}, triage.Errorf(triage.CodeNotFound, "no such user")
}

func (f *company) SessionsOf(_ context.Context, user string) ([]triage.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []triage.Session
	for _, s := range f.sessions {
		if s.User == user {
			list = append(list, s)
		}
	}
	return slices.SortedFunc(slices.Values(list), func(a, b triage.Session) int { return strings.Compare(a.TokenHash, b.TokenHash) }), nil
}

func (f *company) EndSessions(_ context.Context, user, except string) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for hash, s := range f.sessions {
		if s.User == user && hash != except {
			delete(f.sessions, hash)
			n++
		}
	}
	return n, nil
}

func (f *company) AddKey(_ context.Context, k triage.Key, e triage.AuditEntry) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k.ID = int64(len(f.keys) + 1)
	f.keys = append(f.keys, k)
	f.trail = append(f.trail, e)
	return k.ID, nil
}

func (f *company) Keys(context.Context) ([]triage.Key, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.keys), nil
}

func (f *company) KeyByHash(context.Context, string) (triage.Key, error) {
	return triage.Key{}, triage.Errorf(triage.CodeNotFound, "no such key")
}

func (f *company) TouchKey(context.Context, int64, time.Time) error { return nil }

func (f *company) RevokeKey(_ context.Context, id int64, at time.Time, e triage.AuditEntry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.keys {
		if f.keys[i].ID == id {
			f.keys[i].RevokedAt = at
			f.trail = append(f.trail, e)
			return nil
		}
	}
	return triage.Errorf(triage.CodeNotFound, "no such key")
}

func (f *company) chained() []triage.ChainedEntry {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]triage.ChainedEntry, len(f.trail))
	var prev triage.AuditHash
	for i, e := range f.trail {
		list[i] = triage.ChainedEntry{ID: int64(i + 1), AuditEntry: e, Prev: prev}
		list[i].Hash = list[i].Link()
		prev = list[i].Hash
	}
	return list
}

func (f *company) AuditPage(_ context.Context, q triage.AuditFilter) (p triage.AuditPage, err error) {
	limit := q.Limit
	if limit == 0 {
		limit = 50
	}
	for _, e := range slices.Backward(f.chained()) {
		if q.Before > 0 && e.ID >= q.Before || q.Actor != "" && e.Actor != q.Actor || q.Action != "" && e.Action != q.Action ||
			q.Object != "" && e.Object != q.Object || !q.From.IsZero() && e.At.Before(q.From) || !q.To.IsZero() && !e.At.Before(q.To) {
			continue
		}
		if len(p.Entries) == limit {
			p.Next = p.Entries[limit-1].ID
			break
		}
		p.Entries = append(p.Entries, e)
	}
	return p, nil
}

func (f *company) EachAudit(context.Context, time.Time, time.Time, func(triage.ChainedEntry) error) error {
	return nil
}

func (f *company) VerifyAudit(context.Context, map[int64]triage.AuditHash) (triage.AuditProof, error) {
	if f.broken > 0 {
		return triage.AuditProof{Broken: f.broken, Reason: "the entry was changed after it was written"}, nil
	}
	all := f.chained()
	last := all[len(all)-1]
	return triage.AuditProof{Entries: int64(len(all)), Last: last.ID, Head: last.Hash}, nil
}
