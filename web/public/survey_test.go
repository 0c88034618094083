package public_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/survey"
	"github.com/qianyi-dev/qianyi/web/public"
)

func asked(t *testing.T, state survey.State) *bundle {
	t.Helper()
	b := setup(t)
	b.surveys["tok.en-1"] = survey.Page{State: state, ExpiresAt: noon.Add(48 * time.Hour), At: noon, Product: "<b>宽带</b>"}
	return b
}

func TestSurvey(t *testing.T) {
	t.Parallel()
	b := asked(t, survey.StateSent)
	for range 2 { // looking changes nothing
		b.get("/p/s/tok.en-1").want(t, 200, "非常满意", "&lt;b&gt;宽带", "2026-03-04 12:00")
	}
	form := url.Values{"stars": {"2"}, "reason": {"attitude", "slow", "unknown"}, "text": {"等了三天"}}
	for range 2 { // a double click; the service says that the second is no error
		b.post("/p/s/tok.en-1", form).want(t, 200, "感谢您的评价")
	}
	want := survey.Answer{Score: 40, Reasons: []survey.Reason{survey.ReasonSlow, survey.ReasonAttitude}, Text: "等了三天"}
	if diff := cmp.Diff([]survey.Answer{want, want}, b.answers); diff != "" {
		t.Errorf("answers (-want +got)\n%s", diff)
	}
	b.get("/p/s/tok.en-1").want(t, 200, "已经评价过")
}

func TestSurveysThatCannotBeAnswered(t *testing.T) {
	t.Parallel()
	form := url.Values{"stars": {"5"}}
	asked(t, survey.StateExpired).post("/p/s/tok.en-1", form).want(t, 410, "已经过期")
	asked(t, survey.StateExpired).get("/p/s/tok.en-1").want(t, 410, "已经过期")
	asked(t, survey.StateSent).get("/p/s/other").want(t, 404, "链接无效")
	for err, want := range map[error]int{
		&triage.Error{Code: triage.CodeConflict, Field: "answered"}: 409,
		&triage.Error{Code: triage.CodeConflict, Field: "expired"}:  410,
		triage.FieldErrorf("text", "is too long"):                   422,
		triage.Errorf(triage.CodeUnavailable, "busy"):               503,
		errors.New("broken"): 500,
	} {
		b := asked(t, survey.StateSent)
		b.fail = err
		b.post("/p/s/tok.en-1", form).want(t, want).lacks(t, "broken", "busy")
	}
	off := setup(t, func(d *public.Deps) { d.Surveys = nil })
	off.get("/p/s/tok.en-1").want(t, 404)
}

func TestSurveyFaults(t *testing.T) {
	t.Parallel()
	for _, form := range []url.Values{
		{}, {"stars": {"0"}}, {"stars": {"6"}}, {"stars": {"x"}}, {"stars": {"5"}, "text": {strings.Repeat("字", 501)}},
	} {
		b := asked(t, survey.StateSent)
		b.post("/p/s/tok.en-1", form).want(t, 422, `class="fault"`)
		if len(b.answers) != 0 {
			t.Errorf("%v was stored", form)
		}
	}
}

func TestGuessingLinks(t *testing.T) {
	t.Parallel()
	b := asked(t, survey.StateSent)
	for range 20 {
		b.get("/p/s/guess").want(t, 404)
	}
	b.get("/p/s/tok.en-1").want(t, 429)
	b.get("/p/s/tok.en-1", "X-Client", "customer").want(t, 200)
}
