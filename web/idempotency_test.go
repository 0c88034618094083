package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/qianyi-dev/qianyi/triage"
)

const keyHeader = "Idempotency-Key"

func TestIdempotency(t *testing.T) {
	t.Parallel()
	submit := func(b *bundle, body, key string) response {
		return b.do("POST", "/api/v1/complaints", body, keyHeader, key)
	}

	t.Run("the same request gets the stored answer", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		first, again := submit(b, outage, "k"), submit(b, outage, "k")
		if first.status != 201 || again.status != 201 || !bytes.Equal(first.body, again.body) {
			t.Errorf("got %d and %d, want 201 twice with the same body\n%s\n%s", first.status, again.status, first.body, again.body)
		}
		if first.header.Get("Idempotency-Replayed") != "" || again.header.Get("Idempotency-Replayed") != "true" {
			t.Error("Idempotency-Replayed marks the wrong answer")
		}
	})

	t.Run("another request with the key is refused", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		submit(b, outage, "k")
		for name, got := range map[string]response{
			"body":  submit(b, `{"id":"c9","text":"t"}`, "k"),
			"path":  b.do("POST", "/api/v1/triage", outage, keyHeader, "k"),
			"query": b.do("POST", "/api/v1/complaints?similar=1", outage, keyHeader, "k"),
		} {
			if got.status != 422 || !strings.Contains(string(got.body), "header.Idempotency-Key") {
				t.Errorf("other %s: got %d, want 422 about the key\n%s", name, got.status, got.body)
			}
		}
	})

	t.Run("errors of the client are replayed too", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		first := submit(b, `{"id":"c1"}`, "k")
		again := b.raw("POST", "/api/v1/complaints", `{"id":"c1"}`, keyHeader, "k") // with the id of the first request
		if first.status != 422 || again.status != 422 || again.header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("got %d and %d (replayed %q), want 422 replayed", first.status, again.status, again.header.Get("Idempotency-Replayed"))
		}
	})

	t.Run("our own failures are worked on again", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.store.beforeAccept = func() error { return triage.Errorf(triage.CodeUnavailable, "the disk is full") }
		if got := submit(b, outage, "k"); got.status != 503 || got.header.Get("Retry-After") == "" {
			t.Errorf("got %d, Retry-After %q, want 503 with it", got.status, got.header.Get("Retry-After"))
		}
		b.store.beforeAccept = func() error { panic("broken") }
		if got := submit(b, outage, "k"); got.status != 500 {
			t.Errorf("panic: got %d, want 500", got.status)
		}
		b.store.beforeAccept = nil
		if got := submit(b, outage, "k"); got.status != 201 {
			t.Errorf("after the failure: got %d, want 201\n%s", got.status, got.body)
		}
	})
}

// Keys are visible ASCII of bounded length.
func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for key, want := range map[string]int{"a b": 422, "键": 422, strings.Repeat("k", 256): 422, strings.Repeat("k", 255): 200} {
		if got := b.raw("POST", "/api/v1/triage", `{"text":"t"}`, keyHeader, key); got.status != want {
			t.Errorf("key %.10q of %d bytes: got %d, want %d", key, len(key), got.status, want)
		}
	}
}

// Two requests with one key at once: one is worked on, both get its answer.
func TestIdempotencyAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t)
		var accepts atomic.Int32
		release := make(chan struct{})
		b.store.beforeAccept = func() error { accepts.Add(1); <-release; return nil }

		var wg sync.WaitGroup
		answers := make([]response, 2)
		for i := range answers {
			wg.Go(func() { answers[i] = b.raw("POST", "/api/v1/complaints", outage, keyHeader, "k") })
		}
		synctest.Wait() // one stores, the other waits for it
		close(release)
		wg.Wait()
		if n := accepts.Load(); n != 1 {
			t.Errorf("the complaint was stored %d times", n)
		}
		if answers[0].status != 201 || answers[1].status != 201 || !bytes.Equal(answers[0].body, answers[1].body) {
			t.Errorf("got %d and %d, want 201 twice with the same body", answers[0].status, answers[1].status)
		}
	})
}

func TestIdempotencyGivesUpWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t)
		release := make(chan struct{})
		b.store.beforeAccept = func() error { <-release; return nil }
		var wg sync.WaitGroup
		var first response
		wg.Go(func() { first = b.raw("POST", "/api/v1/complaints", outage, keyHeader, "k") })
		synctest.Wait()
		second := b.raw("POST", "/api/v1/complaints", outage, keyHeader, "k")
		checkProblem(t, second)
		if second.status != http.StatusConflict || second.header.Get("Retry-After") != "1" {
			t.Errorf("while the first goes on: got %d, Retry-After %q, want 409 and 1", second.status, second.header.Get("Retry-After"))
		}
		close(release)
		wg.Wait()
		if first.status != http.StatusCreated {
			t.Errorf("first: got %d, want 201", first.status)
		}
	})
}
