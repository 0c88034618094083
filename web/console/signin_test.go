package console_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	t.Run("who has not signed in is sent to the sign-in page and back", func(t *testing.T) {
		t.Parallel()
		d := setup(t)
		w := d.get("/cases/TS-20260301-0007?use=1")
		want := "/login?next=%2Fcases%2FTS-20260301-0007%3Fuse%3D1"
		contains(t, d.follow(w, want), `name="next" value="/cases/TS-20260301-0007?use=1"`, "demo / demo")
		w = d.post("/login", url.Values{"name": {"demo"}, "password": {password}, "next": {"/cases/TS-20260301-0007?use=1"}})
		d.follow(w, "/cases/TS-20260301-0007?use=1")
	})
	t.Run("nobody is led to another site", func(t *testing.T) {
		t.Parallel()
		for _, next := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "/\tx", ""} {
			d := setup(t)
			d.follow(d.post("/login", url.Values{"name": {"demo"}, "password": {password}, "next": {next}}), "/")
		}
	})
	t.Run("unknown name and wrong password look the same", func(t *testing.T) {
		t.Parallel()
		d := setup(t)
		wrong, unknown := d.signIn("demo", "wrong"), d.signIn("nobody", "wrong")
		if wrong.Code != http.StatusUnauthorized || unknown.Code != http.StatusUnauthorized {
			t.Errorf("got status %d and %d, want 401 twice", wrong.Code, unknown.Code)
		}
		if a, b := wrong.Body.String(), strings.ReplaceAll(unknown.Body.String(), `value="nobody"`, `value="demo"`); a != b {
			t.Errorf("the pages differ:\n%s\n%s", a, b)
		}
		if got, want := d.company.actions()[1:], []string{"demo login_failed user:demo", "unknown login_failed user:unknown"}; !slices.Equal(got, want) {
			t.Errorf("got the trail %q, want %q", got, want)
		}
	})
	t.Run("the cookie is safe and the store has no token", func(t *testing.T) {
		t.Parallel()
		d := setup(t, func(deps *console.Deps) { deps.SecureCookies = true })
		w := d.signIn("demo", password)
		cookies := w.Result().Cookies()
		if len(cookies) != 1 || !cookies[0].HttpOnly || !cookies[0].Secure || cookies[0].SameSite != http.SameSiteLaxMode {
			t.Fatalf("got the cookies %v, want one that is HttpOnly, Secure and SameSite=Lax", cookies)
		}
		for hash := range d.company.sessions {
			if hash == cookies[0].Value || len(hash) != 64 || len(cookies[0].Value) != 64 {
				t.Errorf("the store has %q for the token %q, want its SHA-256", hash, cookies[0].Value)
			}
		}
	})
}

func TestLockOut(t *testing.T) {
	t.Parallel()
	d := setup(t)
	for range 5 {
		d.signIn("demo", "wrong")
	}
	if w := d.signIn("demo", password); w.Code != http.StatusUnauthorized {
		t.Errorf("right password after five wrong ones: got status %d, want 401", w.Code)
	}
	d.clock.Advance(10*time.Minute - time.Second)
	if w := d.signIn("demo", password); w.Code != http.StatusUnauthorized {
		t.Errorf("just before the end of the lock-out: got status %d, want 401", w.Code)
	}
	if w := d.signIn("agent", password); w.Code != http.StatusSeeOther {
		t.Errorf("another account: got status %d, want 303", w.Code)
	}
	d.clock.Advance(time.Second)
	if w := d.signIn("demo", password); w.Code != http.StatusSeeOther {
		t.Errorf("after ten minutes: got status %d, want 303", w.Code)
	}
	if u := d.company.users["demo"]; u.Failures != 0 || !u.LockedUntil.IsZero() {
		t.Errorf("after a sign-in: got %d failures, locked until %v, want none", u.Failures, u.LockedUntil)
	}
}

func TestFourFailuresAreForgivenByASuccess(t *testing.T) {
	t.Parallel()
	d := setup(t)
	for range 2 {
		for range 4 {
			d.signIn("demo", "wrong")
		}
		if w := d.signIn("demo", password); w.Code != http.StatusSeeOther {
			t.Fatalf("after four failures: got status %d, want 303", w.Code)
		}
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	alive := func(d *desk) bool { return d.get("/").Code == http.StatusOK }
	t.Run("after an hour without use", func(t *testing.T) {
		t.Parallel()
		d := signedIn(t, "demo")
		d.clock.Advance(59 * time.Minute)
		if !alive(d) {
			t.Error("after 59 minutes: signed out, want signed in")
		}
		d.clock.Advance(59 * time.Minute)
		if !alive(d) {
			t.Error("59 minutes after the last use: signed out, want signed in")
		}
		d.clock.Advance(time.Hour)
		if alive(d) {
			t.Error("an hour after the last use: signed in, want signed out")
		}
		if len(d.company.sessions) != 0 {
			t.Error("the session that has ended is still stored")
		}
	})
	t.Run("after twelve hours whatever happens", func(t *testing.T) {
		t.Parallel()
		d := signedIn(t, "demo")
		for range 23 {
			d.clock.Advance(30 * time.Minute)
			if !alive(d) {
				t.Fatalf("at %v: signed out, want signed in", d.clock.Now())
			}
		}
		d.clock.Advance(30 * time.Minute)
		if alive(d) {
			t.Error("after twelve hours: signed in, want signed out")
		}
	})
	t.Run("on signing out", func(t *testing.T) {
		t.Parallel()
		d := signedIn(t, "demo")
		kept := d.cookies["qianyi_session"]
		d.follow(d.post("/logout", nil), "/login")
		d.cookies["qianyi_session"] = kept
		if alive(d) {
			t.Error("with the old token: signed in, want signed out")
		}
	})
	t.Run("when the user is removed", func(t *testing.T) {
		t.Parallel()
		d := signedIn(t, "demo")
		delete(d.company.users, "demo")
		if alive(d) {
			t.Error("a removed user is signed in, want signed out")
		}
	})
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	for _, target := range []string{"/login", "/logout", "/new", casePage + "/confirm", casePage + "/close", casePage + "/unmask", "/jobs/index-catch-up/run"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader("choice=service"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if w := d.do(r); w.Code != http.StatusForbidden {
			t.Errorf("POST %s from another site: got status %d, want 403", target, w.Code)
		}
	}
	for origin, want := range map[string]int{"http://example.com": http.StatusSeeOther, "http://evil.example": http.StatusForbidden} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/jobs/index-catch-up/run", nil)
		r.Header.Set("Origin", origin)
		if w := d.do(r); w.Code != want {
			t.Errorf("without TLS, from %s: got status %d, want %d", origin, w.Code, want)
		}
	}
	if got := d.company.find("TS-20260301-0007").Type; got != "" {
		t.Errorf("the refused form set the type %q", got)
	}
}

func TestHashPassword(t *testing.T) {
	t.Parallel()
	a, err := console.HashPassword("正确的密码")
	if err != nil {
		t.Fatal(err)
	}
	b, err := console.HashPassword("正确的密码")
	if err != nil {
		t.Fatal(err)
	}
	if a == b {
		t.Error("one password gave the same hash twice, want different salts")
	}
	if !strings.HasPrefix(a, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("got %q, want the argon2id form", a)
	}
	for _, bad := range []string{"", strings.Repeat("长", 201)} {
		if _, err := console.HashPassword(bad); triage.CodeOf(err) != triage.CodeInvalid {
			t.Errorf("password of %d bytes: got %v, want CodeInvalid", len(bad), err)
		}
	}
}

func TestDamagedHashesLetNobodyIn(t *testing.T) {
	t.Parallel()
	for _, hash := range []string{
		"", "demo", "$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=x$AAAA$AAAA", "$2a$10$abcdefghijklmnopqrstuv",
	} {
		d := setup(t)
		d.company.users["demo"] = triage.User{Name: "demo", PasswordHash: hash, Role: triage.RoleAdmin}
		if w := d.signIn("demo", ""); w.Code != http.StatusUnauthorized {
			t.Errorf("hash %q: got status %d, want 401", hash, w.Code)
		}
	}
}
