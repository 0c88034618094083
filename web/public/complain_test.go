package public_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/public"
)

func TestComplaintIsStoredBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code, c := b.filed(t)
	want := triage.Complaint{
		ID: c.ID, Channel: triage.ChannelWeb, At: noon, Text: "宽带断了三天\n没人来修\n\n客户诉求：尽快修好", Product: "宽带", OrderID: "D-1",
		Attrs: map[string]any{"name": "王小明", "phone": "138 1234 5678", "email": "w@customer.example"},
	}
	if diff := cmp.Diff(want, c.Complaint); diff != "" {
		t.Errorf("complaint (-want +got)\n%s", diff)
	}
	for hash := range b.codes {
		if len(hash) != 64 || strings.Contains(hash, strings.ReplaceAll(code, "-", "")) {
			t.Errorf("got %q stored for a code, want its hash", hash)
		}
	}
}

func TestFormSentTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	form := b.form(t)
	codes := make([]string, 8)
	var all sync.WaitGroup
	for i := range codes {
		all.Go(func() {
			if a := b.post("/p/complain", form); a.code == 200 {
				codes[i] = codeShown.FindString(a.body)
			}
		})
	}
	all.Wait()
	for _, code := range codes {
		if code == "" || code != codes[0] {
			t.Errorf("got the codes %q, want the same one each time", codes)
			break
		}
	}
	if len(b.cases) != 1 || len(b.codes) != 1 {
		t.Errorf("got %d cases and %d codes, want one of each", len(b.cases), len(b.codes))
	}
	t.Run("what was changed is another complaint", func(t *testing.T) {
		form.Set("text", "现在连电话也断了")
		if code := b.post("/p/complain", form).want(t, 200).followCode(t); strings.Contains(codes[0], code) {
			t.Errorf("got the code %s again", code)
		}
		if len(b.cases) != 2 {
			t.Errorf("got %d cases, want two", len(b.cases))
		}
	})
}

// The store may fail, or the process be killed, before or after the complaint is
// stored: nothing is lost and nothing is stored twice.
func TestFailureWhileStoring(t *testing.T) {
	t.Parallel()
	b := setup(t)
	form := b.form(t)
	b.fail = triage.Errorf(triage.CodeUnavailable, "the disk is full")
	b.post("/p/complain", form).want(t, 503, "尚未保存成功", "宽带断了三天", form.Get("token"))
	if len(b.cases) != 0 {
		t.Fatal("the case is stored")
	}
	first := b.post("/p/complain", form).want(t, 200).followCode(t)
	clear(b.codes) // as if killed before the code was stored
	if again := b.post("/p/complain", form).want(t, 200).followCode(t); again != first || len(b.cases) != 1 || len(b.codes) != 1 {
		t.Errorf("got the code %s after %s, %d cases, %d codes", again, first, len(b.cases), len(b.codes))
	}
}

func TestFormFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change map[string]string
		says   string
	}{
		"no text":         {map[string]string{"text": " \r\n"}, "请填写内容"},
		"no contact":      {map[string]string{"phone": "", "email": ""}, "请至少填写电话或邮箱"},
		"bad phone":       {map[string]string{"phone": "call me"}, "电话号码不正确"},
		"bad e-mail":      {map[string]string{"email": "王 <w@x.example>"}, "邮箱地址不正确"},
		"long text":       {map[string]string{"text": strings.Repeat("字", 5001)}, "内容太长"},
		"long name":       {map[string]string{"name": strings.Repeat("字", 101)}, "内容太长"},
		"the trap":        {map[string]string{"website": "https://spam.example"}, "“网址”一栏留空"},
		"no token":        {map[string]string{"token": ""}, "请再提交一次"},
		"a token made up": {map[string]string{"token": "../../etc/passwd"}, "请再提交一次"},
	} {
		b := setup(t)
		form := b.form(t)
		for field, value := range tt.change {
			form.Set(field, value)
		}
		a := b.post("/p/complain", form).want(t, 422, tt.says)
		if len(b.cases) != 0 {
			t.Errorf("%s: something was stored", name)
		}
		if a.token(t) == "" || form.Get("want") != "" && !strings.Contains(a.body, "尽快修好") {
			t.Errorf("%s: what was written is gone", name)
		}
	}
}

func TestHostileInputIsText(t *testing.T) {
	t.Parallel()
	b := setup(t)
	form := b.form(t)
	for _, field := range []string{"name", "order", "product", "text", "want"} {
		form.Set(field, `"><script>alert(1)</script>{{.}}=cmd|'/C calc'!A0`+"\x00")
	}
	form.Set("email", "")
	form.Set("phone", `"><script>alert(2)</script>`)
	b.post("/p/complain", form).want(t, 422).lacks(t, "<script")
	form.Set("phone", "13812345678")
	b.post("/p/complain", form).want(t, 200).lacks(t, "<script", "alert")
}

func TestManyComplaintsFromOneAddress(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *public.Deps) { d.Config.PerHour = 2 })
	for range 2 {
		b.post("/p/complain", b.form(t)).want(t, 200)
	}
	form := b.form(t)
	b.post("/p/complain", form).want(t, 429, "稍后再试", "宽带断了三天")
	b.post("/p/complain", form, "X-Client", "elsewhere").want(t, 200)
	b.clock.Advance(61 * 60e9)
	b.post("/p/complain", b.form(t)).want(t, 200)
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.post("/p/complain", url.Values{"text": {strings.Repeat("字", 30_000)}}).want(t, 413, "内容过长")
}

func TestFormTurnedOff(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *public.Deps) { d.Config.Complain = false })
	b.get("/p/complain").want(t, 404)
	b.post("/p/complain", url.Values{}).want(t, 404)
	b.get("/p/").want(t, 200, "/p/status").lacks(t, "/p/complain")
	b.get("/p/status").want(t, 200)
}

func TestPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.get("/p/").want(t, 200, "前移电信", "10086", "我要投诉", `lang="zh-CN"`)
	b.get("/p/", "Accept-Language", "en-GB,zh;q=0.5").want(t, 200, "File a complaint", `lang="en"`)
	b.get("/p/complain?lang=en").want(t, 200, "What happened", "/p/complain?lang=zh")
	b.get("/p/static/public.css").want(t, 200, "font-family")
	b.get("/p/static/../setup_test.go").want(t, 307) // to /p/setup_test.go
	b.get("/p/unknown").want(t, 404)
	b.get("/p/static/none.css").want(t, 404)
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://qianyi.example/p/complain", nil))
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
		"Cache-Control":           "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	b.post("/p/complain", b.form(t), "Sec-Fetch-Site", "cross-site").want(t, 403)
}
