package web_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web"
)

// An accepted request is answered although the server has been told to stop,
// and what it acknowledges is stored.
func TestShutdownFinishesAcceptedRequests(t *testing.T) {
	t.Parallel()
	b := setup(t)
	accepting, release := make(chan struct{}), make(chan struct{})
	b.store.beforeAccept = func() error { close(accepting); <-release; return nil }

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	served := make(chan error, 1)
	go func() { served <- b.server.Serve(ctx, l, time.Minute) }()

	type answer struct {
		status int
		err    error
	}
	answered := make(chan answer, 1)
	go func() {
		r, err := http.Post("http://"+l.Addr().String()+"/api/v1/complaints", "application/json", strings.NewReader(outage))
		if err != nil {
			answered <- answer{err: err}
			return
		}
		_, err = io.Copy(io.Discard, r.Body)
		r.Body.Close()
		answered <- answer{r.StatusCode, err}
	}()
	<-accepting
	stop()
	for b.raw("GET", "/readyz", "").status != http.StatusServiceUnavailable { // until it knows
	}
	for { // until the listener is closed
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		conn.Close()
	}
	select {
	case err := <-served:
		t.Fatalf("Serve returned %v with a request running", err)
	default:
	}
	close(release)
	if got := <-answered; got.err != nil || got.status != http.StatusCreated {
		t.Errorf("the running request got %d, %v, want 201", got.status, got.err)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if diff := cmp.Diff([]triage.ComplaintID{"c1"}, b.store.stored()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A request that does not end must not keep the service from stopping.
func TestShutdownCutsOffWhatGoesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	accepting, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	b.store.beforeAccept = func() error { close(accepting); <-release; return nil }
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	served := make(chan error, 1)
	go func() { served <- b.server.Serve(ctx, l, time.Millisecond) }()
	go func() {
		if r, err := http.Post("http://"+l.Addr().String()+"/api/v1/complaints", "application/json", strings.NewReader(outage)); err == nil {
			r.Body.Close()
		}
	}()
	<-accepting
	stop()
	if err := <-served; !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "still running after 1ms") {
		t.Errorf("got %v, want an error about running requests", err)
	}
}

func TestServeReportsABrokenListener(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := setup(t).server.Serve(t.Context(), l, time.Minute); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want %v", err, net.ErrClosed)
	}
}

func TestNewNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*web.Deps){
		"Deps.Mask":        func(d *web.Deps) { d.Mask = nil },
		"token of \"crm\"": func(d *web.Deps) { d.Tokens = map[string]string{"secret": "crm"} },
		"rate limit":       func(d *web.Deps) { d.RateLimit.PerSecond = -1 },
		"trusted proxies":  func(d *web.Deps) { d.TrustedProxies = []string{"everyone"} },
	} {
		m := newMemory()
		d := web.Deps{
			Service: triage.New(triage.Deps{}), Audit: m, Replays: m, Search: m, Jobs: m, Mask: mask, Now: nowNoon, Log: discard,
		}
		change(&d)
		if _, err := web.New(d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error about %s", err, want)
		}
	}
}
