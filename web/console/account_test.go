package console_test

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

// shown returns what a page shows between tags of a class.
func shown(t *testing.T, body, class string) string {
	t.Helper()
	m := regexp.MustCompile(`class="` + class + `"><code>([^<]+)</code>`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the page shows no %s: %.400s", class, body)
	}
	return m[1]
}

func TestNewUserSignsInAndChoosesAPassword(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	w := d.post("/users", url.Values{"name": {"li.lei"}, "display_name": {"<b>李雷</b>"}, "role": {"lead"}, "department": {"网络部"}, "email": {"li@example.com"}})
	first := shown(t, w.Body.String(), "secret")
	contains(t, d.page("/users"), "li.lei", "&lt;b&gt;李雷&lt;/b&gt;", "待改密码", "班组长")
	lacks(t, d.page("/users"), "<b>李雷", first, "li@example.com")
	d.post("/logout", nil)

	if w := d.signIn("li.lei", first); w.Code != http.StatusSeeOther {
		t.Fatalf("the first password: status %d, want 303", w.Code)
	}
	if w := d.get("/clusters"); w.Header().Get("Location") != "/profile" {
		t.Errorf("before a password was chosen: got status %d to %q, want /profile", w.Code, w.Header().Get("Location"))
	}
	for name, form := range map[string]url.Values{
		"当前密码不正确": {"old": {"wrong"}, "new": {"四季青山绿水长流"}, "again": {"四季青山绿水长流"}},
		"新密码太短":   {"old": {first}, "new": {"12345678"}, "again": {"12345678"}},
		"两次输入不一致": {"old": {first}, "new": {"四季青山绿水长流"}, "again": {"四季青山绿水"}},
	} {
		w := d.post("/profile/password", form)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: got status %d, want 422", name, w.Code)
		}
		contains(t, w.Body.String(), name)
	}
	d.follow(d.post("/profile/password", url.Values{"old": {first}, "new": {"四季青山绿水长流"}, "again": {"四季青山绿水长流"}}), "/profile")
	d.page("/clusters")
	if !slices.Contains(d.company.actions(), "li.lei user.password user:li.lei") {
		t.Errorf("the trail %q lacks the new password", d.company.actions())
	}
}

func TestBadUsersAreRefused(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	for _, form := range []url.Values{
		{"name": {""}, "role": {"agent"}}, {"name": {"api:li"}, "role": {"agent"}}, {"name": {"System"}, "role": {"agent"}},
		{"name": {"a b"}, "role": {"agent"}}, {"name": {"a/b"}, "role": {"agent"}}, {"name": {strings.Repeat("长", 101)}, "role": {"agent"}},
		{"name": {"ok"}, "role": {"boss"}}, {"name": {"ok"}, "role": {"agent"}, "email": {"nowhere"}},
	} {
		if w := d.post("/users", form); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%v: got status %d, want 422", form, w.Code)
		}
	}
	if w := d.post("/users", url.Values{"name": {"agent"}, "role": {"admin"}}); w.Code != http.StatusConflict {
		t.Errorf("a name that is taken: got status %d, want 409", w.Code)
	}
	if d.company.users["agent"].Role != triage.RoleAgent {
		t.Error("the user of that name was changed")
	}
}

func TestAdministratorsAndThemselves(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	d.follow(d.post("/users/demo", url.Values{"role": {"agent"}, "disabled": {"1"}, "display_name": {"管理员甲"}}), "/users/demo")
	if u := d.company.users["demo"]; u.Role != triage.RoleAdmin || u.Disabled || u.DisplayName != "管理员甲" {
		t.Errorf("got %+v, want the own role and state unchanged", u)
	}
	d.company.users["other"] = triage.User{Name: "other", Role: triage.RoleAdmin}
	d.follow(d.post("/users/other", url.Values{"role": {"auditor"}, "disabled": {"1"}}), "/users/other")
	if u := d.company.users["other"]; u.Role != triage.RoleAuditor || !u.Disabled {
		t.Errorf("got %+v, want a disabled auditor", u)
	}
}

func TestDisabledUserIsOut(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	u := d.company.users["agent"]
	u.Disabled = true
	d.company.users["agent"] = u
	if w := d.get("/clusters"); w.Code != http.StatusSeeOther {
		t.Errorf("a disabled user sees a page: status %d", w.Code)
	}
	if w := d.signIn("agent", password); w.Code != http.StatusUnauthorized {
		t.Errorf("a disabled user signs in: status %d", w.Code)
	}
}

// enrol turns one-time codes on and returns the secret and the recovery codes.
func enrol(t *testing.T, d *desk) (secret string, recovery []string) {
	t.Helper()
	d.post("/profile/factor", nil)
	page := d.page("/profile")
	secret = regexp.MustCompile(`<code>([A-Z2-7]{32})</code>`).FindStringSubmatch(page)[1]
	if w := d.get("/profile/factor.png"); w.Header().Get("Content-Type") != "image/png" {
		t.Errorf("got the picture as %q", w.Header().Get("Content-Type"))
	}
	if w := d.post("/profile/factor/confirm", url.Values{"code": {"000000"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a wrong first code: status %d, want 422", w.Code)
	}
	body := d.post("/profile/factor/confirm", url.Values{"code": {codeOf(t, secret, d.clock.Now())}}).Body.String()
	for _, m := range regexp.MustCompile(`<code>([A-Z2-7-]{14})</code>`).FindAllStringSubmatch(body, -1) {
		recovery = append(recovery, m[1])
	}
	if len(recovery) != 10 {
		t.Fatalf("got %d recovery codes, want 10", len(recovery))
	}
	return secret, recovery
}

func codeOf(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// secondStep gives a code to the page that asks for it.
func secondStep(t *testing.T, d *desk, code string) int {
	t.Helper()
	w := d.signIn("agent", password)
	m := regexp.MustCompile(`name="ticket" value="([^"]+)"`).FindStringSubmatch(w.Body.String())
	if m == nil {
		t.Fatalf("no page asks for a code: status %d", w.Code)
	}
	if d.cookies["qianyi_session"] != "" {
		t.Error("the password alone signed somebody in")
	}
	return d.post("/login/code", url.Values{"ticket": {html.UnescapeString(m[1])}, "code": {code}, "next": {"/"}}).Code
}

func TestOneTimeCodes(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	secret, recovery := enrol(t, d)
	if sealed := d.company.users["agent"].Second.Sealed; sealed == "" || strings.Contains(sealed, secret) {
		t.Errorf("the store has the secret as %q", sealed)
	}
	if w := d.get("/profile/factor.png"); w.Code != http.StatusNotFound {
		t.Errorf("the secret is shown again: status %d", w.Code)
	}
	d.post("/logout", nil)
	first := codeOf(t, secret, d.clock.Now())
	if got := secondStep(t, d, first); got != http.StatusUnauthorized {
		t.Errorf("the code of the enrolment again: status %d, want 401", got)
	}
	d.clock.Advance(time.Minute)
	code := codeOf(t, secret, d.clock.Now())
	if got := secondStep(t, d, code); got != http.StatusSeeOther {
		t.Errorf("a good code: status %d, want 303", got)
	}
	d.post("/logout", nil)
	if got := secondStep(t, d, code); got != http.StatusUnauthorized {
		t.Errorf("a used code: status %d, want 401", got)
	}
	for _, want := range []int{http.StatusSeeOther, http.StatusUnauthorized} {
		if got := secondStep(t, d, strings.ToLower(recovery[4])); got != want {
			t.Errorf("a recovery code: status %d, want %d", got, want)
		}
		d.post("/logout", nil)
	}
	if !slices.Contains(d.company.actions(), "agent login_recovery user:agent") {
		t.Error("the trail does not tell a recovery code from another")
	}
}

func TestCodesLockToo(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	secret, _ := enrol(t, d)
	d.post("/logout", nil)
	d.clock.Advance(time.Minute)
	for range 5 {
		secondStep(t, d, "000000")
	}
	if w := d.signIn("agent", password); w.Code != http.StatusUnauthorized {
		t.Errorf("after five wrong codes the password alone: status %d, want 401", w.Code)
	}
	d.clock.Advance(10 * time.Minute)
	if got := secondStep(t, d, codeOf(t, secret, d.clock.Now())); got != http.StatusSeeOther {
		t.Errorf("after the lock-out: status %d, want 303", got)
	}
}

func TestTicketsAreOurs(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	secret, _ := enrol(t, d)
	d.post("/logout", nil)
	d.clock.Advance(time.Minute)
	w := d.signIn("agent", password)
	ticket := html.UnescapeString(regexp.MustCompile(`name="ticket" value="([^"]+)"`).FindStringSubmatch(w.Body.String())[1])
	d.clock.Advance(5 * time.Minute)
	for name, ticket := range map[string]string{"old": ticket, "empty": "", "made up": "MTIzNA"} {
		if w := d.post("/login/code", url.Values{"ticket": {ticket}, "code": {codeOf(t, secret, d.clock.Now())}}); w.Code != http.StatusUnauthorized {
			t.Errorf("%s ticket: status %d, want 401", name, w.Code)
		}
	}
}

func TestSessionsAreEnded(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	elsewhere := d.cookies["qianyi_session"]
	delete(d.cookies, "qianyi_session")
	d.signIn("agent", password)
	contains(t, d.page("/profile"), "本机", "下线")
	d.follow(d.post("/profile/sessions", nil), "/profile")
	here := d.cookies["qianyi_session"]
	d.cookies["qianyi_session"] = elsewhere
	if w := d.get("/clusters"); w.Code != http.StatusSeeOther {
		t.Errorf("the ended sign-in: status %d, want 303", w.Code)
	}
	d.cookies["qianyi_session"] = here
	d.page("/clusters")
}

func TestAPIKeyPage(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	for name, form := range map[string]url.Values{
		"more than the owner may": {"name": {"报表"}, "owner": {"agent"}, "permission": {"case.read", "user.manage"}},
		"nothing":                 {"name": {"报表"}, "owner": {"agent"}},
		"nobody":                  {"name": {"报表"}, "owner": {"ghost"}, "permission": {"case.read"}},
		"over already":            {"name": {"报表"}, "owner": {"agent"}, "permission": {"case.read"}, "expires": {"2020-01-01"}},
		"no day":                  {"name": {"报表"}, "owner": {"agent"}, "permission": {"case.read"}, "expires": {"soon"}},
		"no name":                 {"name": {" "}, "owner": {"agent"}, "permission": {"case.read"}},
	} {
		if w := d.post("/apikeys", form); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d, want 422", name, w.Code)
		}
	}
	w := d.post("/apikeys", url.Values{"name": {"<i>报表"}, "owner": {"agent"}, "permission": {"case.read"}, "expires": {"2026-12-31"}})
	secret := shown(t, w.Body.String(), "secret")
	k := d.company.keys[0]
	if k.Owner != "agent" || strings.Contains(k.Hash, secret) || len(k.Hash) != 64 || !slices.Equal(k.Permissions, []string{"case.read"}) {
		t.Errorf("got the key %+v", k)
	}
	page := d.page("/apikeys")
	contains(t, page, "&lt;i&gt;报表", "有效")
	lacks(t, page, secret, "<i>报表")
	contains(t, d.follow(d.post("/apikeys/1/revoke", nil), "/apikeys"), "已作废")
}

func TestAuditPage(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "auditor")
	for range 60 {
		_ = d.company.Append(t.Context(), triage.AuditEntry{At: noon, Actor: "li", Action: "unmask", Object: "customer:<x>13812345678"})
	}
	page := d.page("/audit")
	contains(t, page, "还没有校验过", "查看原文", "customer:&lt;x&gt;138****5678", "下一页")
	lacks(t, page, "<x>", "13812345678")
	next := regexp.MustCompile(`href="(/audit\?before=\d+)"`).FindStringSubmatch(page)
	if next == nil {
		t.Fatal("no second page")
	}
	contains(t, d.page(next[1]), "受理并分诊", "回到首页")
	contains(t, d.page("/audit?actor=nobody"), "没有符合条件的记录")
	contains(t, d.page("/audit?action=unmask&from=2026-03-01&to=2026-03-01"), "查看原文")
	contains(t, d.page("/audit?from=2026-03-02"), "没有符合条件的记录")
	contains(t, d.follow(d.post("/audit/verify", nil), "/audit"), "条记录完整", "校验通过")
	d.company.broken = 7
	contains(t, d.follow(d.post("/audit/verify", nil), "/audit"), "在第 7 条断开", "the entry was changed")
	if rows := d.csv("/audit.csv?action=unmask"); len(rows) != 61 {
		t.Errorf("got %d lines, want 60 and a header", len(rows))
	}
	if !slices.Contains(d.company.actions(), "auditor export audit") {
		t.Error("the export is not in the trail")
	}
}

func TestLooksAreWrittenOnceAnHour(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	looks := func() (n int) {
		for _, a := range d.company.actions() {
			if a == "agent view case:TS-20260301-0007" {
				n++
			}
		}
		return n
	}
	for range 3 {
		lacks(t, d.page(casePage), "打开</b>")
	}
	if got := looks(); got != 1 {
		t.Errorf("three looks within an hour: %d entries, want 1", got)
	}
	d.clock.Advance(59 * time.Minute)
	d.page(casePage)
	d.clock.Advance(time.Minute)
	d.page(casePage)
	if got := looks(); got != 2 {
		t.Errorf("after an hour: %d entries, want 2", got)
	}
}

// elsewhere is an identity provider that says who somebody is.
type elsewhere struct {
	who console.Identity
	err error
}

func (e *elsewhere) Name() string { return "统一认证" }

func (e *elsewhere) Begin(context.Context) (address, state, kept string, err error) {
	return "https://id.example.com/authorize?state=s1", "s1", "secret", e.err
}

func (e *elsewhere) Finish(_ context.Context, state, kept string, answer url.Values) (console.Identity, error) {
	if state != "s1" || kept != "secret" || answer.Get("code") != "c1" {
		return console.Identity{}, triage.Errorf(triage.CodeUnauthed, "does not hold")
	}
	return e.who, e.err
}

func withProvider(e *elsewhere, only bool) func(*console.Deps) {
	return func(d *console.Deps) {
		r := *d.Rights
		r.Provider, r.ProviderOnly = e, only
		d.Rights = &r
	}
}

func TestSignInElsewhere(t *testing.T) {
	t.Parallel()
	who := console.Identity{Issuer: "https://id.example.com", Subject: "42", Name: "han", DisplayName: "韩梅梅", Role: triage.RoleLead, Department: "网络部"}
	const callback = "/oidc/callback?state=s1&code=c1"
	t.Run("an account is made at the first time and follows the provider later", func(t *testing.T) {
		t.Parallel()
		e := &elsewhere{who: who}
		d := setup(t, withProvider(e, false))
		contains(t, d.page("/login"), "用统一认证登录")
		if w := d.get("/oidc/start?next=/clusters"); w.Header().Get("Location") != "https://id.example.com/authorize?state=s1" {
			t.Fatalf("sent to %q", w.Header().Get("Location"))
		}
		kept := d.cookies["qianyi_oidc"]
		if strings.Contains(kept, "secret") {
			t.Error("the browser can read what it keeps")
		}
		d.follow(d.get(callback), "/clusters")
		if u := d.company.users["han"]; u.Role != triage.RoleLead || u.Department != "网络部" || u.Subject != "42" || u.PasswordHash != "" {
			t.Errorf("got the account %+v", u)
		}
		d.post("/logout", nil)
		d.cookies["qianyi_oidc"] = kept
		if w := d.get(callback); w.Code != http.StatusUnauthorized {
			t.Errorf("the same answer again: status %d, want 401", w.Code)
		}
		if w := d.signIn("han", ""); w.Code != http.StatusUnauthorized {
			t.Errorf("without a password: status %d, want 401", w.Code)
		}
	})
	t.Run("an answer without its beginning is refused", func(t *testing.T) {
		t.Parallel()
		for name, prepare := range map[string]func(d *desk) string{
			"no cookie":        func(*desk) string { return callback },
			"another state":    func(d *desk) string { d.get("/oidc/start"); return "/oidc/callback?state=s2&code=c1" },
			"another code":     func(d *desk) string { d.get("/oidc/start"); return "/oidc/callback?state=s1&code=c2" },
			"too late":         func(d *desk) string { d.get("/oidc/start"); d.clock.Advance(10 * time.Minute); return callback },
			"a made up cookie": func(d *desk) string { d.cookies["qianyi_oidc"] = "e30"; return callback },
		} {
			d := setup(t, withProvider(&elsewhere{who: who}, false))
			if w := d.get(prepare(d)); w.Code != http.StatusUnauthorized || len(d.company.sessions) != 0 {
				t.Errorf("%s: status %d and %d sessions, want 401 and none", name, w.Code, len(d.company.sessions))
			}
		}
	})
	t.Run("a local account of the name is not taken over", func(t *testing.T) {
		t.Parallel()
		other := who
		other.Name = "demo"
		d := setup(t, withProvider(&elsewhere{who: other}, false))
		d.get("/oidc/start")
		w := d.get(callback)
		contains(t, w.Body.String(), "请联系管理员开通")
		if w.Code != http.StatusForbidden || d.company.users["demo"].Subject != "" {
			t.Errorf("status %d, account %+v", w.Code, d.company.users["demo"])
		}
	})
	t.Run("who may not come in is told so kindly", func(t *testing.T) {
		t.Parallel()
		for code, want := range map[triage.Code]string{
			triage.CodeForbidden: "没有使用本系统的权限", triage.CodeUnauthed: "请重新登录", triage.CodeUnavailable: "暂时没有响应",
		} {
			e := &elsewhere{who: who}
			d := setup(t, withProvider(e, false))
			d.get("/oidc/start")
			e.err = triage.Errorf(code, "cause for the log")
			body := d.get(callback).Body.String()
			contains(t, body, want)
			lacks(t, body, "cause for the log")
		}
	})
	t.Run("a disabled account stays out", func(t *testing.T) {
		t.Parallel()
		d := setup(t, withProvider(&elsewhere{who: who}, false))
		d.company.users["han"] = triage.User{Name: "han", Issuer: who.Issuer, Subject: who.Subject, Role: triage.RoleLead, Disabled: true}
		d.get("/oidc/start")
		if w := d.get(callback); w.Code != http.StatusForbidden {
			t.Errorf("status %d, want 403", w.Code)
		}
	})
	t.Run("passwords can be for administrators alone", func(t *testing.T) {
		t.Parallel()
		d := setup(t, withProvider(&elsewhere{}, true))
		if w := d.signIn("agent", password); w.Code != http.StatusUnauthorized {
			t.Errorf("an agent: status %d, want 401", w.Code)
		}
		if w := d.signIn("demo", password); w.Code != http.StatusSeeOther {
			t.Errorf("an administrator: status %d, want 303", w.Code)
		}
	})
}

func TestProofFactsAreJSON(t *testing.T) {
	t.Parallel()
	var facts map[string]any
	if err := json.Unmarshal([]byte(console.ProofFacts(triage.AuditProof{Entries: 3, Last: 3, Reason: "x", Broken: 4})), &facts); err != nil {
		t.Fatal(err)
	}
	if facts["holds"] != false || facts["broken"] != float64(4) {
		t.Errorf("got %v", facts)
	}
}
