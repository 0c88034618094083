package outreach_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
)

// drafter is a model that says what it is told to, and remembers the brief.
type drafter struct {
	says prevention.Template
	err  error
	read outreach.Brief
}

func (d *drafter) Draft(_ context.Context, b outreach.Brief) (prevention.Template, error) {
	d.read = b
	return d.says, d.err
}

var brief = outreach.Brief{
	Title: "充值未到账", Type: "资费", Affected: "2026年5月4日起，支付“银联”", Since: time.Date(2026, time.May, 3, 22, 0, 0, 0, time.UTC),
	Actions: []string{"24小时内退回款项"}, Solution: "S-17",
}

func TestLetter(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for title, want := range map[string]string{
		"充值未到账":            "遇到“充值未到账”的问题，",
		" 充值\n未到账 ":        "遇到“充值 未到账”的问题，",
		"":                 "遇到服务问题，",
		"充值失败 13812345678": "遇到服务问题，", // somebody's number
		"限时优惠不能用":          "遇到服务问题，", // reads like advertising
		"{{attr.x}} 失败":    "遇到服务问题，", // would be a variable
		"{{":               "遇到服务问题，",
	} {
		got := o.desk.Letter(outreach.Brief{Title: title})
		if !strings.Contains(got.Text, want) {
			t.Errorf("%q: got %q, want %q in it", title, got.Text, want)
		}
		body := content()
		body.Template = got
		if _, err := o.desk.Create(t.Context(), body, "甲"); err != nil {
			t.Errorf("%q: a plan may not say %q: %v", title, got.Text, err)
		}
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	good := prevention.Template{
		Subject: " 充值说明", Text: "尊敬的{{name}}，5月4日起部分客户{{date}}的充值未到账，款项将在24小时内退回。给您带来不便，深表歉意。\n客服 95001\n",
	}
	own := func(p *outreach.Policy) { p.Contacts = []string{"95001", "help.example.com"} }
	t.Run("a good one is proposed", func(t *testing.T) {
		t.Parallel()
		d := &drafter{says: good}
		o := openWith(t, own, d)
		got := o.desk.Draft(t.Context(), brief)
		want := outreach.Draft{ByModel: true, Template: prevention.Template{Subject: "充值说明", Text: strings.TrimSpace(good.Text)}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if got := d.read.Since.Format(time.DateOnly); got != "2026-05-04" {
			t.Errorf("the drafter reads of %s, want the day of people here", got)
		}
		if len(o.plans) > 0 || len(o.notices) > 0 {
			t.Error("a draft was stored")
		}
	})
	t.Run("without a drafter it is the template", func(t *testing.T) {
		t.Parallel()
		o := open(t, nil)
		if diff := cmp.Diff(outreach.Draft{Template: o.desk.Letter(brief)}, o.desk.Draft(t.Context(), brief)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	t.Run("what may not be said falls back to the template", func(t *testing.T) {
		t.Parallel()
		for name, text := range map[string]string{
			"nothing":             " ",
			"advertising":         "{{name}}您好，限时优惠，立即购买。",
			"an unknown variable": "{{name}}您好，您的{{balance}}元未到账。",
			"an attribute":        "{{name}}您好，您的{{attr.amount}}元未到账。",
			"half a variable":     "{{name}}您好，{{",
			"too long":            strings.Repeat("歉", 1001),
			"an address":          "{{name}}您好，详情见 evil.example.net/x",
			"a full-width one":    "{{name}}您好，详情见 ｅｖｉｌ．ｅｘａｍｐｌｅ．ｎｅｔ",
			"a shop":              "{{name}}您好，见 item.taobao.com",
			"a telephone":         "{{name}}您好，请致电 13812345678",
			"a hotline":           "{{name}}您好，请致电 400-820-8820",
			"a promise":           "{{name}}您好，将补偿您100元话费。",
			"what nobody sees":    "{{name}}您好，\u202e款项将退回。",
			"a bell":              "{{name}}您好\a，款项将退回。",
		} {
			o := openWith(t, own, &drafter{says: prevention.Template{Text: text}})
			got := o.desk.Draft(t.Context(), brief)
			if got.ByModel || got.Refused == nil || got.Template != o.desk.Letter(brief) {
				t.Errorf("%s: got %+v, want the template and why", name, got)
			}
			if got.Refused != nil && strings.ContainsAny(got.Refused.Error(), "优惠元话") {
				t.Errorf("%s: the log would quote the draft: %v", name, got.Refused)
			}
		}
	})
	t.Run("a drafter that fails falls back to the template", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("down")
		o := openWith(t, nil, &drafter{says: good, err: broken})
		if got := o.desk.Draft(t.Context(), brief); got.ByModel || !errors.Is(got.Refused, broken) || got.Template != o.desk.Letter(brief) {
			t.Errorf("got %+v, want the template and why", got)
		}
	})
	t.Run("a subject is checked, too", func(t *testing.T) {
		t.Parallel()
		o := openWith(t, own, &drafter{says: prevention.Template{Subject: "两\n行", Text: good.Text}})
		if o.desk.Draft(t.Context(), brief).ByModel {
			t.Error("a subject of two lines was taken")
		}
	})
}
