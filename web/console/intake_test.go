package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

var intakeID = regexp.MustCompile(`name="id" value="([0-9a-f-]{36})"`)

func TestIntakeStoresOnceHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	m := intakeID.FindStringSubmatch(d.page("/new"))
	if m == nil {
		t.Fatal("the form has no id")
	}
	form := url.Values{"id": {m[1]}, "text": {"第一行\r\n第二行"}, "channel": {"app"}, "at": {"2026-03-01T09:30"}, "action": {"submit"}}
	contains(t, d.follow(d.post("/new", form), "/cases/"+m[1]), "投诉已登记")
	contains(t, d.follow(d.post("/new", form), "/cases/"+m[1]), "之前已登记")
	k := d.company.find(triage.ComplaintID(m[1]))
	if want := time.Date(2026, 3, 1, 1, 30, 0, 0, time.UTC); !k.At.Equal(want) || k.Text != "第一行\n第二行" || k.Channel != "app" {
		t.Errorf("got at %v, text %q, channel %q, want %v, two lines, app", k.At, k.Text, k.Channel, want)
	}
	form.Set("text", "另一条投诉")
	w := d.post("/new", form)
	if w.Code != http.StatusConflict {
		t.Errorf("another text with the id: got status %d, want 409", w.Code)
	}
	contains(t, w.Body.String(), "另一条投诉", "这个编号已属于另一条投诉")
}

func TestIntakeKeepsWhatWasEnteredBesideTheError(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]struct{ value, message string }{
		"text":        {" ", "请填写标题或内容"},
		"at":          {"昨天", "时间不正确"},
		"channel":     {"pigeon", "请从列表中选择渠道"},
		"id":          {"", "编号不能为空"},
		"customer_id": {strings.Repeat("长", 1001), "太长了"},
	} {
		d := signedIn(t, "agent")
		form := url.Values{"id": {"x1"}, "text": {"投诉"}, "channel": {"app"}, "region": {"广东深圳"}}
		form.Set(field, c.value)
		for _, action := range []string{"submit", "preview"} {
			form.Set("action", action)
			w := d.post("/new", form)
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s %s: got status %d, want 422", action, field, w.Code)
			}
			contains(t, w.Body.String(), c.message, `value="广东深圳"`)
		}
		if d.company.find("x1") != nil {
			t.Errorf("%s: a wrong form was stored", field)
		}
	}
}

func TestIntakePreviewsWithoutStoring(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	before := len(d.company.cases)
	w := d.post("/new", url.Values{"id": {"x1"}, "text": {"多扣话费，电话13812345678"}, "action": {"preview"}})
	contains(t, w.Body.String(), "多扣乱收费", "87%", "提到媒体曝光")
	if got := len(d.company.cases); got != before {
		t.Errorf("got %d cases, want %d", got, before)
	}
}

func TestIntakeRefusesAFormBeyondAllMeasure(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	if w := d.post("/new", url.Values{"id": {"x1"}, "text": {strings.Repeat("长", 200_000)}}); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("got status %d, want 413", w.Code)
	}
}
