package console_test

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/web/console"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// ask sends a request to a route of the table, with values that nothing has,
// and returns its answer and whether the role was refused.
func ask(d *desk, log *bytes.Buffer, pattern string) (w *httptest.ResponseRecorder, refused bool) {
	method, path, _ := strings.Cut(pattern, " ")
	if path == "" {
		method, path = http.MethodGet, pattern+"nowhere"
	}
	path = placeholder.ReplaceAllString(strings.TrimSuffix(path, "{$}"), "0")
	log.Reset()
	// Streams end with their reader, who has gone already.
	ctx, cancel := context.WithCancel(d.t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(""))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w = d.do(r)
	return w, strings.Contains(log.String(), "your role may not do this")
}

// TestEveryRoleAtEveryRoute asks for every route as every role: nobody gets
// what access.Of does not give, and nobody is refused what it does.
func TestEveryRoleAtEveryRoute(t *testing.T) {
	t.Parallel()
	pairs := 0
	for _, role := range triage.Roles {
		var log bytes.Buffer
		d := setup(t, func(deps *console.Deps) { deps.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		table := d.console.Needs()
		rights := access.Of(role)
		for _, pattern := range slices.Sorted(maps.Keys(table)) {
			name := string(role)
			if role == triage.RoleAdmin {
				name = "demo"
			}
			if d.cookies["qianyi_session"] == "" { // a route has signed us out
				d.company.users[name] = oneOfEachRole(d.company.users["demo"].PasswordHash)[name]
				if w := d.signIn(name, password); w.Code != http.StatusSeeOther {
					t.Fatalf("sign in as %s: status %d", name, w.Code)
				}
			}
			needs := table[pattern]
			allowed := needs == access.Public || needs == access.SignedIn || slices.Contains(rights, needs)
			w, refused := ask(d, &log, pattern)
			pairs++
			if refused == allowed || refused && w.Code != http.StatusForbidden {
				t.Errorf("%s at %s (needs %q): status %d, refused %v, want allowed %v", role, pattern, needs, w.Code, refused, allowed)
			}
		}
	}
	t.Logf("%d pairs of role and route", pairs)
}

func TestNobodyAtEveryRoute(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	d := setup(t, func(deps *console.Deps) { deps.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	for pattern, needs := range d.console.Needs() {
		w, _ := ask(d, &log, pattern)
		toSignIn := w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/login")
		if needs != access.Public && !toSignIn {
			t.Errorf("nobody at %s: got status %d to %q, want the sign-in page", pattern, w.Code, w.Header().Get("Location"))
		}
	}
}

// TestFormsNeedMoreThanReading finds a form that somebody put behind the
// permission to look.
func TestFormsNeedMoreThanReading(t *testing.T) {
	t.Parallel()
	// Auditors are who verifies, and a search by a telephone number is a POST to
	// keep it out of addresses.
	known := []string{"POST /audit/verify", "POST /customers/find"}
	for pattern, needs := range setup(t).console.Needs() {
		if strings.HasPrefix(pattern, "POST ") && strings.HasSuffix(string(needs), ".read") && !slices.Contains(known, pattern) {
			t.Errorf("%s needs only %s", pattern, needs)
		}
	}
}

// TestFormsLeadNowhereForbidden looks at the main pages as each role: no form
// and no link on them is refused to whoever sees it.
func TestFormsLeadNowhereForbidden(t *testing.T) {
	t.Parallel()
	target := regexp.MustCompile(`(?:action|href|formaction)="(/[^"#]*)"`)
	post := regexp.MustCompile(`<form[^>]*method="post"[^>]*>`)
	for _, role := range triage.Roles {
		name := string(role)
		if role == triage.RoleAdmin {
			name = "demo"
		}
		d := signedIn(t, name)
		mux := http.NewServeMux()
		table := d.console.Needs()
		for pattern := range table {
			mux.Handle(pattern, http.NotFoundHandler())
		}
		check := func(page, method, address string) {
			u, err := url.Parse(strings.ReplaceAll(address, "&amp;", "&"))
			if err != nil {
				t.Errorf("%s: bad address %q", page, address)
				return
			}
			_, pattern := mux.Handler(&http.Request{Method: method, URL: u, Host: "x"})
			if needs := table[pattern]; !access.May(role, needs) {
				t.Errorf("%s sees %s %s on %s, which needs %s", role, method, address, page, needs)
			}
		}
		for _, page := range []string{"/", "/?view=all", casePage, "/clusters", clusterPage, clusterPage + "/members", clusterPage + "/cohort", "/outreach", "/outreach/P5", "/outreach/P7", "/outreach/P8", "/rules", "/model", "/profile", "/customers", "/tasks"} {
			w := d.get(page)
			if w.Code != http.StatusOK {
				continue
			}
			body := w.Body.String()
			for _, form := range post.FindAllString(body, -1) {
				if m := target.FindStringSubmatch(form); m != nil {
					check(page, http.MethodPost, m[1])
				}
			}
			for _, m := range regexp.MustCompile(`<a [^>]*href="(/[^"#]*)"`).FindAllStringSubmatch(body, -1) {
				check(page, http.MethodGet, m[1])
			}
		}
	}
}
