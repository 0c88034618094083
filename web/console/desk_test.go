package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
)

func TestConfirm(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	contains(t, d.follow(d.post(casePage+"/confirm", url.Values{"choice": {"billing:billing.overcharge"}}), casePage), "类型已确认", "人工已确认")
	lacks(t, d.page(casePage), `class="toast"`)
	contains(t, d.follow(d.post(casePage+"/confirm", url.Values{"choice": {"service"}}), casePage), "类型已更正")
	if got := d.company.find("TS-20260301-0007"); got.Type != "service" || got.Subtype != "" {
		t.Errorf("got type %q, sub-type %q, want service and none", got.Type, got.Subtype)
	}
	for choice, want := range map[string]int{"": 400, "nonsense": 400} {
		if w := d.post(casePage+"/confirm", url.Values{"choice": {choice}}); w.Code != want {
			t.Errorf("choice %q: got status %d, want %d", choice, w.Code, want)
		}
	}
}

func TestOneChoiceIsMarked(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	for choice, want := range map[string]string{"billing:billing.overcharge": "1", "billing": "1", "service": "2", "billing:billing.topup": "3"} {
		d.post(casePage+"/confirm", url.Values{"choice": {choice}})
		got := regexp.MustCompile(`class="choice chosen" data-key="(\d)"`).FindAllStringSubmatch(d.page(casePage), -1)
		if len(got) != 1 || got[0][1] != want {
			t.Errorf("after %q: got the marks %q, want one on %s", choice, got, want)
		}
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	for name, form := range map[string]url.Values{
		"empty":        {"resolution": {" "}, "satisfaction": {"80"}},
		"satisfaction": {"resolution": {"已退款给客户"}, "satisfaction": {"101"}},
		"no number":    {"resolution": {"已退款给客户"}, "satisfaction": {"NaN"}},
	} {
		w := d.post(casePage+"/close", form)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: got status %d, want 422", name, w.Code)
		}
		contains(t, w.Body.String(), form.Get("satisfaction"), strings.TrimSpace(form.Get("resolution")), `aria-invalid="true"`)
	}
	form := url.Values{"resolution": {"已退款给客户"}, "satisfaction": {"85.5"}}
	contains(t, d.follow(d.post(casePage+"/close", form), casePage), "案件已办结", "已退款给客户", "85.5")
	if w := d.post(casePage+"/close", form); w.Code != http.StatusConflict {
		t.Errorf("closing twice: got status %d, want 409", w.Code)
	}
}

func TestSuggestionFillsTheForm(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	body := d.page(casePage + "?use=1")
	contains(t, body, ">退回争议费用并赠送 1GB 流量，关闭未经确认的增值业务。</textarea>")
	for _, use := range []string{"99", "-1", "x"} {
		contains(t, d.page(casePage+"?use="+use), "></textarea>")
	}
}

func TestUnmask(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	w := d.post(casePage+"/unmask", nil)
	open := w.Header().Get("Location")
	contains(t, d.follow(w, open), "13812345678", "已显示原文")
	if !slices.Contains(d.company.actions(), "agent unmask case:TS-20260301-0007") {
		t.Errorf("the trail %q has no entry for it", d.company.actions())
	}
	lacks(t, d.page(casePage), "13812345678")
	t.Run("of another case it opens nothing", func(t *testing.T) {
		d.company.find("TS-20260301-0011").Text = "电话13812345678"
		lacks(t, d.page(strings.Replace(open, "TS-20260301-0007", "TS-20260301-0011", 1)), "13812345678")
	})
	t.Run("forged it opens nothing", func(t *testing.T) {
		lacks(t, d.page(open[:len(open)-1]+"x"), "13812345678")
		lacks(t, d.page(casePage+"?reveal=zzzzzzz.00"), "13812345678")
	})
	t.Run("for another person it opens nothing", func(t *testing.T) {
		d.signIn("demo", password)
		lacks(t, d.page(open), "13812345678")
	})
	t.Run("after five minutes it opens nothing", func(t *testing.T) {
		d := signedIn(t, "agent")
		open := d.post(casePage+"/unmask", nil).Header().Get("Location")
		d.clock.Advance(5 * time.Minute)
		lacks(t, d.page(open), "13812345678")
	})
}

func TestHighlights(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	text := "😀😀ＡＢ电話13812345678，多扣10元；多扣10元又多扣"
	k := &d.company.cases[0]
	k.Title, k.Text = "", text
	k.Assessment.Entities = []nlp.Entity{
		{Kind: nlp.EntityPhone, Start: 6, End: 17}, {Kind: nlp.EntityAmount, Start: 20, End: 23},
		{Kind: nlp.EntityOrder, Start: 100, End: 200}, {Kind: nlp.EntityURL, Start: -5, End: -1}, {Kind: nlp.EntityURL, Start: 9, End: 3},
	}
	k.Assessment.Reasons = []nlp.Reason{{Text: "多扣10", Weight: 2}, {Text: "电话", Weight: 1}, {Text: "ab", Weight: 1}, {Text: "rule:电话", Weight: 1}, {Text: "", Weight: 1}}
	body := d.page(casePage)
	shown := body[strings.Index(body, `<div class="body"`):]
	shown = shown[strings.Index(shown, ">")+1 : strings.Index(shown, "</div>")]
	if got, want := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(shown, ""), strings.Replace(text, "13812345678", "138****5678", 1); got != want {
		t.Errorf("the marks changed the text:\n got %s\nwant %s", got, want)
	}
	got := [][2]string{}
	for _, m := range regexp.MustCompile(`<mark class="([^"]*)"[^>]*>([^<]*)</mark>`).FindAllStringSubmatch(shown, -1) {
		got = append(got, [2]string{strings.TrimSpace(m[1]), m[2]})
	}
	want := [][2]string{{"why", "ＡＢ电話"}, {"e e-phone", "138****5678"}, {"why", "多扣"}, {"e e-amount why", "10"}, {"e e-amount", "元"}, {"why", "多扣10"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("marks differ (-want +got)\n%s", diff)
	}
}

func TestJobs(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "demo")
	contains(t, d.page("/jobs"), "index-catch-up", "indexed 12", "index is locked", "限时 10分")
	contains(t, d.follow(d.post("/jobs/index-catch-up/run", nil), "/jobs"), "任务已启动", "运行中", "disabled")
	contains(t, d.follow(d.post("/jobs/index-catch-up/run", nil), "/jobs"), "任务正在运行")
	if w := d.post("/jobs/none/run", nil); w.Code != http.StatusNotFound {
		t.Errorf("unknown job: got status %d, want 404", w.Code)
	}
	if w := signedIn(t, "agent").post("/jobs/index-catch-up/run", nil); w.Code != http.StatusForbidden {
		t.Errorf("as an agent: got status %d, want 403", w.Code)
	}
}
