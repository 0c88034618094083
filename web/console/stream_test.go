package console_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

// bench is a workbench of nothing but arrivals.
type bench struct {
	console.Workbench
	mu    sync.Mutex
	seq   int64
	asked int
}

func (b *bench) LastArrival(context.Context) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	return b.seq, nil
}

func (b *bench) ArrivedSince(_ context.Context, _ triage.Scope, after int64, _ int) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return int(b.seq - after), nil
}

func (b *bench) CountQueue(context.Context, triage.QueueFilter, int) (int, error) { return 0, nil }

func (b *bench) arrive(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq += n
}

// tape is a response that may be read while it is written.
type tape struct {
	*httptest.ResponseRecorder
	mu sync.Mutex
}

func (w *tape) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ResponseRecorder.Write(b)
}

func (w *tape) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Body.String()
}

// listen opens a stream in the bubble; ended is closed when it is over.
func (d *desk) listen(ctx context.Context, target string) (w *tape, ended chan struct{}) {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	r.Header.Set("Accept", "text/event-stream")
	for name, value := range d.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w, ended = &tape{ResponseRecorder: httptest.NewRecorder()}, make(chan struct{})
	go func() {
		defer close(ended)
		d.handler.ServeHTTP(w, r)
	}()
	return w, ended
}

// withLife gives the fake company a life that is never used, and a bench.
func withLife(b *bench, stopping chan struct{}) func(*console.Deps) {
	return func(d *console.Deps) {
		d.Now = time.Now
		d.Life = &console.LifeDeps{Moves: noMoves{}, HandOvers: noHandOvers{}, Record: noRecord{}, Workbench: b, Stopping: stopping}
	}
}

// These are a life that must not be touched.
type (
	noMoves     struct{ console.Moves }
	noHandOvers struct{ passing }
	noRecord    struct{ console.Record }
	passing     = console.HandOvers
)

func TestArrivalsAreAnnounced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, stopping := &bench{seq: 7}, make(chan struct{})
		d := setup(t, withLife(b, stopping))
		d.signIn("agent", password)
		contains(t, d.page("/"), `data-live="/events?after=7"`)
		w, ended := d.listen(t.Context(), "/events?after=7")
		other, otherEnded := d.listen(t.Context(), "/events?after=7")
		synctest.Wait()
		if got := w.text(); strings.Contains(got, "arrived") {
			t.Errorf("nothing has arrived, got %q", got)
		}
		b.arrive(3)
		advance(3 * time.Second)
		contains(t, w.text(), "event: arrived\ndata: {\"count\":3}\n\n")
		advance(time.Minute)
		if got := strings.Count(w.text(), "arrived"); got != 1 {
			t.Errorf("one arrival was told %d times", got)
		}
		contains(t, w.text(), ":\n\n") // proxies cut silent connections
		if b.asked > 40 {
			t.Errorf("two streams asked the store %d times in a minute, want them to share", b.asked)
		}
		close(stopping)
		<-ended
		<-otherEnded
		contains(t, other.text(), "arrived")
	})
}

// advance lets the time of the bubble pass.
func advance(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestStreamsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := setup(t, withLife(&bench{}, make(chan struct{})))
		d.signIn("agent", password)
		ctx, leave := context.WithCancel(t.Context())
		_, ended := d.listen(ctx, "/events?after=0")
		leave()
		<-ended // with its reader
		_, ended = d.listen(t.Context(), "/events?after=0")
		<-ended // after its time, so that rights are looked at anew
		if w, ended := d.listen(t.Context(), "/events?after=x"); true {
			<-ended
			if w.Code != http.StatusBadRequest {
				t.Errorf("a number that is none: got status %d, want 400", w.Code)
			}
		}
	})
}

func TestPresence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stopping := make(chan struct{})
		d := setup(t, withLife(&bench{}, stopping))
		agent, quality := d.browser("agent"), d.browser("quality")
		mine, mineEnded := agent.listen(t.Context(), casePage+"/events")
		synctest.Wait()
		contains(t, mine.text(), "event: present\ndata: []\n\n")
		ctx, leave := context.WithCancel(t.Context())
		theirs, theirsEnded := quality.listen(ctx, casePage+"/events")
		advance(3 * time.Second)
		contains(t, mine.text(), `[{"name":"quality","busy":false}]`)
		contains(t, theirs.text(), `[{"name":"agent","busy":false}]`)
		if w := quality.post(casePage+"/presence", nil); w.Code != http.StatusNoContent {
			t.Errorf("the word that somebody writes: got status %d, want 204", w.Code)
		}
		advance(3 * time.Second)
		contains(t, mine.text(), `[{"name":"quality","busy":true}]`)

		d.company.change(func(k *triage.Case) { k.Work.Version++ })
		advance(3 * time.Second)
		contains(t, mine.text(), "event: changed\n")

		leave()
		<-theirsEnded
		advance(3 * time.Second)
		if got := mine.text(); !strings.HasSuffix(got, "event: present\ndata: []\n\n") {
			t.Errorf("after the other left got %q", got)
		}
		close(stopping)
		<-mineEnded
	})
}

// A page that is left open does not keep its reader signed in.
func TestStreamsAreNoSignOfAPerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := setup(t, withLife(&bench{}, make(chan struct{})))
		d.signIn("agent", password)
		for range 13 { // of five minutes each
			_, ended := d.listen(t.Context(), "/events?after=0")
			<-ended
		}
		if w := d.get("/"); w.Code != http.StatusSeeOther {
			t.Errorf("after an hour of streams: got status %d, want 303 to the sign-in", w.Code)
		}
	})
}

// browser is the same console in the browser of another person.
func (d *desk) browser(name string) *desk {
	d.t.Helper()
	other := *d
	other.cookies = map[string]string{}
	if w := other.signIn(name, password); w.Code != http.StatusSeeOther {
		d.t.Fatalf("sign-in of %s: got status %d, want 303", name, w.Code)
	}
	return &other
}

// change alters the first case, which the tests look at.
func (f *company) change(alter func(*triage.Case)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	alter(&f.cases[0])
}

// A stream goes through a real server, whose time-outs for ordinary answers are
// shorter than the stream.
func TestStreamOutlivesTheTimeoutsOfTheServer(t *testing.T) {
	t.Parallel()
	b, stopping := &bench{}, make(chan struct{})
	d := setup(t, withLife(b, stopping))
	d.signIn("agent", password)
	server := httptest.NewUnstartedServer(d.handler)
	server.Config.ReadTimeout, server.Config.WriteTimeout = 300*time.Millisecond, 300*time.Millisecond
	server.Start()
	defer server.Close()
	defer close(stopping)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/events?after=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range d.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b.arrive(2)
	var read strings.Builder
	for part := make([]byte, 256); !strings.Contains(read.String(), `{"count":2}`); {
		n, err := res.Body.Read(part)
		read.Write(part[:n])
		if err != nil {
			t.Fatalf("the stream ended with %v after %q", err, read.String())
		}
	}
}
