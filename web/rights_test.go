package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/web"
)

// keyring holds API keys by the hash of their secret.
type keyring struct {
	mu    sync.Mutex
	keys  map[string]triage.Key
	users map[string]triage.User
	used  map[int64]time.Time
}

// newKeyring has a key with everything its owner may do for each role; secret
// and owner are called by the role.
func newKeyring() *keyring {
	k := &keyring{keys: map[string]triage.Key{}, users: map[string]triage.User{}, used: map[int64]time.Time{}}
	for i, role := range triage.Roles {
		k.users[string(role)] = triage.User{Name: string(role), Role: role}
		k.add(triage.Key{ID: int64(i + 1), Owner: string(role), Permissions: permissions(access.Of(role))}, string(role))
	}
	return k
}

func permissions(list []access.Permission) []string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = string(p)
	}
	return words
}

func (k *keyring) add(key triage.Key, secret string) { k.keys[tokenHash(secret)] = key }

func (k *keyring) KeyByHash(_ context.Context, hash string) (triage.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, known := k.keys[hash]
	if !known {
		return key, triage.Errorf(triage.CodeNotFound, "no such key")
	}
	key.UsedAt = k.used[key.ID]
	return key, nil
}

func (k *keyring) TouchKey(_ context.Context, id int64, at time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.used[id] = at
	return nil
}

func (k *keyring) User(_ context.Context, name string) (triage.User, error) {
	u, known := k.users[name]
	if !known {
		return u, triage.Errorf(triage.CodeNotFound, "no such user")
	}
	return u, nil
}

func bearer(secret string) []string { return []string{"Authorization", "Bearer " + secret} }

// eachOperation calls do for all of the API, with values in the path that nothing has, and
// the permission that each of them names.
func eachOperation(t *testing.T, doc *openapi3.T, do func(method, target string, needs access.Permission)) {
	t.Helper()
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			needs, _ := op.Extensions["x-permission"].(string)
			if raw, ok := op.Extensions["x-permission"].(json.RawMessage); ok {
				if err := json.Unmarshal(raw, &needs); err != nil {
					t.Fatal(err)
				}
			}
			if needs == "" {
				t.Errorf("%s %s names no permission", method, path)
			}
			parts := strings.Split(path, "/")
			for i, p := range parts {
				if strings.HasPrefix(p, "{") {
					parts[i] = "0"
				}
			}
			do(method, "/api/v1"+strings.Join(parts, "/"), access.Permission(needs))
		}
	}
}

// TestEveryRoleAtEveryOperation asks for every operation with a key of every
// role: it is refused exactly when access.Of does not give it.
func TestEveryRoleAtEveryOperation(t *testing.T) {
	t.Parallel()
	c := setupCompany(t)
	keys := newKeyring()
	deps := c.deps
	deps.Keys, deps.RateLimit = keys, web.RateLimit{PerSecond: 1e6}
	server, err := web.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	b := *c.bundle
	b.server = server
	pairs := 0
	eachOperation(t, c.doc, func(method, target string, needs access.Permission) {
		body := ""
		if method != http.MethodGet {
			body = "{}"
		}
		for _, role := range triage.Roles {
			r := b.raw(method, target, body, bearer(string(role))...)
			allowed := slices.Contains(access.Of(role), needs)
			refused := r.status == http.StatusForbidden && strings.Contains(string(r.body), "lacks the permission")
			pairs++
			if refused == allowed {
				t.Errorf("%s: %s %s (needs %s): status %d, want allowed %v\n%s", role, method, target, needs, r.status, allowed, r.body)
			}
		}
		if r := b.raw(method, target, body); r.status != http.StatusUnauthorized {
			t.Errorf("nobody: %s %s: status %d, want 401", method, target, r.status)
		}
		if r := b.raw(method, target, body, bearer("wrong")...); r.status != http.StatusUnauthorized {
			t.Errorf("a wrong key: %s %s: status %d, want 401", method, target, r.status)
		}
	})
	t.Logf("%d pairs of role and operation", pairs)
}

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	const target = "/api/v1/complaints?limit=1"
	for name, tt := range map[string]struct {
		change func(*keyring)
		want   int
	}{
		"good":          {func(*keyring) {}, http.StatusOK},
		"revoked":       {func(k *keyring) { k.replace(func(key *triage.Key) { key.RevokedAt = noon }) }, http.StatusUnauthorized},
		"expired":       {func(k *keyring) { k.replace(func(key *triage.Key) { key.ExpiresAt = noon }) }, http.StatusUnauthorized},
		"still good":    {func(k *keyring) { k.replace(func(key *triage.Key) { key.ExpiresAt = noon.Add(time.Second) }) }, http.StatusOK},
		"owner is gone": {func(k *keyring) { delete(k.users, "agent") }, http.StatusUnauthorized},
		"owner is disabled": {func(k *keyring) {
			k.users["agent"] = triage.User{Name: "agent", Role: triage.RoleAgent, Disabled: true}
		}, http.StatusUnauthorized},
		"owner has no role now":     {func(k *keyring) { k.users["agent"] = triage.User{Name: "agent"} }, http.StatusForbidden},
		"key may do something else": {func(k *keyring) { k.replace(func(key *triage.Key) { key.Permissions = []string{"intake.add"} }) }, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys := newKeyring()
			tt.change(keys)
			b := setup(t, func(d *web.Deps) { d.Keys = keys })
			if r := b.raw(http.MethodGet, target, "", bearer("agent")...); r.status != tt.want {
				t.Errorf("got status %d, want %d: %s", r.status, tt.want, r.body)
			}
		})
	}
}

// replace changes the key of the agent.
func (k *keyring) replace(change func(*triage.Key)) {
	key := k.keys[tokenHash("agent")]
	change(&key)
	k.keys[tokenHash("agent")] = key
}

func TestKeyActsAsItsOwner(t *testing.T) {
	t.Parallel()
	keys := newKeyring()
	keys.add(triage.Key{ID: 99, Owner: "lead", Permissions: permissions(access.All)}, "greedy")
	b := setup(t, func(d *web.Deps) { d.Keys = keys })
	if r := b.raw(http.MethodPost, "/api/v1/complaints", `{"id":"A-1","text":"宽带断了"}`, bearer("lead")...); r.status >= 300 {
		t.Fatalf("take in: status %d: %s", r.status, r.body)
	}
	if r := b.raw(http.MethodPost, "/api/v1/complaints/A-1/confirm", `{"type":"network"}`, bearer("lead")...); r.status != http.StatusOK {
		t.Fatalf("confirm: status %d: %s", r.status, r.body)
	}
	trail := b.store.trail["case:A-1"]
	if by := trail[len(trail)-1].Actor; by != "api:lead" {
		t.Errorf("the trail names %q, want api:lead", by)
	}
	// A key with more than its owner may is no more than its owner.
	if r := b.raw(http.MethodPost, "/api/v1/jobs/index-catch-up/run", "", bearer("greedy")...); r.status != http.StatusForbidden {
		t.Errorf("a job of an administrator: status %d, want 403: %s", r.status, r.body)
	}
	if !keys.used[99].IsZero() && !keys.used[99].Equal(noon) {
		t.Errorf("the last use is %v, want %v", keys.used[99], noon)
	}
}

// TestKeysDoNotOpenTheAPI: without tokens this machine needs none, but a wrong
// one is no way in, and from elsewhere a key is.
func TestKeysDoNotOpenTheAPI(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *web.Deps) { d.Keys = newKeyring() })
	ask := func(remote string, headers ...string) int {
		r := newRequest(http.MethodGet, "/api/v1/complaints?limit=1", "", headers...)
		r.RemoteAddr = remote
		return b.serve(r).status
	}
	for name, tt := range map[string]struct{ got, want int }{
		"this machine without a key":      {ask("127.0.0.1:1"), http.StatusOK},
		"this machine with a wrong key":   {ask("127.0.0.1:1", bearer("wrong")...), http.StatusUnauthorized},
		"another machine without a key":   {ask("10.0.0.1:1"), http.StatusForbidden},
		"another machine with a key":      {ask("10.0.0.1:1", bearer("agent")...), http.StatusOK},
		"another machine, another scheme": {ask("10.0.0.1:1", "Authorization", "Basic agent"), http.StatusUnauthorized},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: status %d, want %d", name, tt.got, tt.want)
		}
	}
}
