package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web"
)

var noon = time.Date(2026, 3, 1, 4, 0, 0, 0, time.UTC) // 12:00 in Shanghai

// bundle is a server over a memory store, with its log.
type bundle struct {
	t      *testing.T
	store  *memory
	server *web.Server
	log    *lockedBuffer
	router routers.Router
	doc    *openapi3.T
}

// setup makes a fresh server; changes adjust what it is made of.
func setup(t *testing.T, changes ...func(*web.Deps)) *bundle {
	t.Helper()
	b := &bundle{t: t, store: newMemory(), log: &lockedBuffer{}}
	log := slog.New(slog.NewJSONHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	now := func() time.Time { return noon }
	d := web.Deps{
		Service: triage.New(triage.Deps{
			Analyzer: analyzer{}, Catalogue: catalogue{}, Cases: b.store, Decisions: b.store, Queue: b.store,
			Solutions: b.store, Audit: b.store, Similar: b.store, Now: now, Log: log,
		}),
		Audit: b.store, Replays: b.store, Search: b.store, Jobs: b.store, Mask: mask, Now: now, Log: log,
	}
	for _, change := range changes {
		change(&d)
	}
	server, err := web.New(d)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	b.server = server
	b.loadDocument()
	return b
}

func (b *bundle) loadDocument() {
	b.t.Helper()
	r := b.raw(http.MethodGet, "/api/v1/openapi-3.0.json", "")
	doc, err := openapi3.NewLoader().LoadFromData(r.body)
	if err != nil {
		b.t.Fatalf("read the OpenAPI 3.0 document: %v", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		b.t.Fatalf("the OpenAPI 3.0 document is not valid: %v", err)
	}
	b.doc = doc
	if b.router, err = gorillamux.NewRouter(doc); err != nil {
		b.t.Fatalf("route by the OpenAPI document: %v", err)
	}
}

type response struct {
	status int
	header http.Header
	body   []byte
}

// text returns a string of the answer's top level.
func (r response) text(t *testing.T, name string) string {
	t.Helper()
	fields := map[string]any{}
	if err := json.Unmarshal(r.body, &fields); err != nil {
		t.Fatalf("answer is not a JSON object: %v\n%s", err, r.body)
	}
	s, _ := fields[name].(string)
	return s
}

// newRequest makes a request of a program on this machine. Headers are name,
// value pairs.
func newRequest(method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "http://localhost"+target, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:40000"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// raw answers a request without checking it.
func (b *bundle) raw(method, target, body string, headers ...string) response {
	return b.serve(newRequest(method, target, body, headers...))
}

func (b *bundle) serve(r *http.Request) response {
	w := httptest.NewRecorder()
	b.server.Handler().ServeHTTP(w, r)
	return response{status: w.Code, header: w.Header(), body: w.Body.Bytes()}
}

// do answers a request and checks both against the OpenAPI document, the
// request only when it succeeded. Errors must be problem details.
func (b *bundle) do(method, target, body string, headers ...string) response {
	b.t.Helper()
	got := b.raw(method, target, body, headers...)
	if got.status >= 400 {
		checkProblem(b.t, got)
	}
	request := newRequest(method, target, body, headers...)
	route, params, err := b.router.FindRoute(request)
	if err != nil {
		if got.status != http.StatusNotFound && got.status != http.StatusMethodNotAllowed {
			b.t.Errorf("%s %s is not in the OpenAPI document: %v", method, target, err)
		}
		return got
	}
	in := &openapi3filter.RequestValidationInput{
		Request: request, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
	if got.status < 400 {
		if err := openapi3filter.ValidateRequest(b.t.Context(), in); err != nil {
			b.t.Errorf("%s %s was answered but does not fit the document: %v", method, target, err)
		}
	}
	err = openapi3filter.ValidateResponse(b.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: got.status, Header: got.header,
		Body: io.NopCloser(bytes.NewReader(got.body)), Options: in.Options,
	})
	if err != nil {
		b.t.Errorf("the answer to %s %s does not fit the document: %v\n%s", method, target, err, got.body)
	}
	checkDocumented(b.t, route.Operation, got)
	return got
}

// checkProblem checks that an answer is a problem detail that fits its status.
func checkProblem(t *testing.T, r response) {
	t.Helper()
	if ct := r.header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("status %d: content type is %q, want application/problem+json\n%s", r.status, ct, r.body)
		return
	}
	var p struct {
		Type      string `json:"type"`
		Title     string `json:"title"`
		Status    int    `json:"status"`
		Detail    string `json:"detail"`
		Code      string `json:"code"`
		RequestID string `json:"request_id"`
	}
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Fatalf("problem is not JSON: %v\n%s", err, r.body)
	}
	if p.Status != r.status || p.Type != "urn:qianyi:problem:"+p.Code || p.Title == "" || p.Detail == "" {
		t.Errorf("status %d: problem is incomplete: %s", r.status, r.body)
	}
	if p.RequestID == "" || p.RequestID != r.header.Get("X-Request-Id") {
		t.Errorf("problem has request id %q, the header %q", p.RequestID, r.header.Get("X-Request-Id"))
	}
}

// lockedBuffer is a log that several requests write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
