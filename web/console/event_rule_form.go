package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// eventRuleForm is a rule as somebody wrote it. Wait is in minutes, Holdout in
// percent.
type eventRuleForm struct {
	ID, Version, Name  string
	When, Unless       conditionForm
	Wait, Holdout, Cap string
	Subject, Text      string
	Channels           [maxChannels]string
}

func readEventRuleForm(f url.Values) eventRuleForm {
	field := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	r := eventRuleForm{
		ID: field("id"), Version: field("version"), Name: field("name"),
		When:   conditionForm{Kind: field("kind0"), Key: field("key0"), Attrs: field("attrs0")},
		Unless: conditionForm{Index: 1, Kind: field("kind1"), Key: field("key1"), Attrs: field("attrs1")},
		Wait:   field("wait"), Holdout: field("holdout"), Cap: field("cap"), Subject: field("subject"),
		Text: strings.TrimSpace(strings.ReplaceAll(f.Get("text"), "\r\n", "\n")),
	}
	for i := range r.Channels {
		r.Channels[i] = field("channel" + strconv.Itoa(i))
	}
	return r
}

// emptyEventRule is what a new rule begins with.
func (c *Console) emptyEventRule() eventRuleForm {
	f := eventRuleForm{Unless: conditionForm{Index: 1}, Wait: "15", Holdout: "0", Cap: "500"}
	if len(c.d.Outreach.Channels) > 0 {
		f.Channels[0] = c.d.Outreach.Channels[0]
	}
	return f
}

func (c *Console) formOfEventRule(r *prevention.EventRule) eventRuleForm {
	f := eventRuleForm{
		ID: string(r.ID), Version: strconv.FormatInt(r.Version, 10), Name: r.Name,
		When: c.formOfCondition(&r.When), Unless: c.formOfCondition(&r.Unless),
		Wait: decimal(r.Wait.Minutes()), Holdout: decimal(r.Holdout * 100), Cap: count(r.DailyCap),
		Subject: r.Template.Subject, Text: r.Template.Text,
	}
	f.Unless.Index = 1
	copy(f.Channels[:], r.Channels)
	return f
}

// eventRule is the form as a rule; an error names the field.
func (c *Console) eventRule(f *eventRuleForm) (r prevention.EventRule, err error) {
	r.ID, r.Name, r.Template = prevention.EventRuleID(f.ID), f.Name, prevention.Template{Subject: f.Subject, Text: f.Text}
	if r.When, err = c.condition(f.When); err != nil {
		return r, err
	}
	if r.Unless, err = c.condition(f.Unless); err != nil {
		return r, err
	}
	wait, err := strconv.ParseFloat(f.Wait, 64)
	if err != nil || !(wait >= 0 && wait <= 1e6) {
		return r, triage.FieldErrorf("wait", "请填写等待的分钟数")
	}
	holdout, err := strconv.ParseFloat(f.Holdout, 64)
	if err != nil || !(holdout >= 0 && holdout <= 100) {
		return r, triage.FieldErrorf("holdout", "请填写 0 到 50 的百分数")
	}
	if r.DailyCap, err = strconv.Atoi(f.Cap); err != nil {
		return r, triage.FieldErrorf("daily_cap", "请填写整数")
	}
	if f.ID != "" {
		if r.Version, err = strconv.ParseInt(f.Version, 10, 64); err != nil {
			return r, triage.FieldErrorf("version", "不是数字")
		}
	}
	r.Wait, r.Holdout = time.Duration(wait*float64(time.Minute)), holdout/100
	r.Channels = slices.DeleteFunc(slices.Clone(f.Channels[:]), func(s string) bool { return s == "" })
	return r, nil
}
