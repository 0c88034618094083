package public

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// maxWords is what survey.Answer takes in characters.
const maxWords = 500

// rating is the page that asks how a case was handled.
type rating struct {
	Path    string
	At      string
	Product string
	Until   string
	Stars   int
	Reasons []choice
	Text    string
	Fault   string
}

type choice struct {
	Code    survey.Reason
	Checked bool
}

func choices(checked []survey.Reason) []choice {
	list := make([]choice, len(survey.Reasons))
	for i, r := range survey.Reasons {
		list[i] = choice{r, slices.Contains(checked, r)}
	}
	return list
}

// showSurvey changes nothing: mail programs open links before people do.
func (p *Public) showSurvey(v *visit) {
	page, ok := p.survey(v)
	if ok {
		v.render(http.StatusOK, "survey", "survey.title", p.rating(v, page))
	}
}

func (p *Public) rating(v *visit, page survey.Page) rating {
	return rating{
		Path: v.r.URL.EscapedPath(), At: p.minute(page.At), Product: page.Product, Until: p.minute(page.ExpiresAt), Reasons: choices(nil),
	}
}

// survey opens the survey of the link; when it cannot be answered any more, it
// has said so.
func (p *Public) survey(v *visit) (survey.Page, bool) {
	if p.d.Surveys == nil {
		p.showNothing(v)
		return survey.Page{}, false
	}
	address := "survey " + p.d.Client(v.r)
	if !p.gate.enter(address, guessesByAddress, guessWindow) {
		v.w.Header().Set("Retry-After", "900")
		v.say(http.StatusTooManyRequests, "often.title", "fault.guess")
		return survey.Page{}, false
	}
	page, err := p.d.Surveys.Open(v.r.Context(), v.r.PathValue("token"))
	switch {
	case triage.CodeOf(err) == triage.CodeNotFound:
		v.say(http.StatusNotFound, "survey.title", "survey.unknown")
		return page, false
	case err != nil:
		v.say(v.failed(err), "broken.title", "broken.text")
		return page, false
	}
	p.gate.forgive(address)
	switch {
	case page.State == survey.StateExpired || page.State == survey.StateFailed:
		v.say(http.StatusGone, "survey.title", "survey.expired")
		return page, false
	case page.State == survey.StateAnswered && v.r.Method == http.MethodGet:
		v.say(http.StatusOK, "thanks.title", "survey.answered")
		return page, false
	}
	return page, true
}

// takeSurvey stores the answer; the same one again is thanked for again.
func (p *Public) takeSurvey(v *visit) {
	if !v.form() {
		return
	}
	page, ok := p.survey(v)
	if !ok {
		return
	}
	s := p.rating(v, page)
	s.Text = v.paragraph("text")
	var reasons []survey.Reason
	for _, r := range survey.Reasons {
		if slices.Contains(v.r.PostForm["reason"], string(r)) {
			reasons = append(reasons, r)
		}
	}
	s.Reasons = choices(reasons)
	stars, err := strconv.Atoi(v.r.PostForm.Get("stars"))
	switch {
	case err != nil || stars < 1 || stars > 5:
		s.Fault = "fault.stars"
	case utf8.RuneCountInString(s.Text) > maxWords:
		s.Fault = "fault.long"
	}
	s.Stars = stars
	if s.Fault != "" {
		v.render(http.StatusUnprocessableEntity, "survey", "survey.title", s)
		return
	}
	err = p.d.Surveys.Answer(v.r.Context(), v.r.PathValue("token"), survey.Answer{Score: survey.Stars(stars), Reasons: reasons, Text: s.Text})
	p.answerSurvey(v, s, err)
}

func (p *Public) answerSurvey(v *visit, s rating, err error) {
	e, coded := errors.AsType[*triage.Error](err)
	switch {
	case err == nil:
		v.say(http.StatusOK, "thanks.title", "thanks.text")
	case coded && e.Code == triage.CodeConflict && e.Field == "expired":
		v.say(http.StatusGone, "survey.title", "survey.expired")
	case coded && e.Code == triage.CodeConflict:
		v.say(http.StatusConflict, "survey.title", "survey.answered")
	case coded && (e.Code == triage.CodeInvalid || e.Code == triage.CodeTooLarge):
		s.Fault = "fault.survey"
		v.render(http.StatusUnprocessableEntity, "survey", "survey.title", s)
	default:
		s.Fault = "fault.unavailable"
		v.render(v.failed(err), "survey", "survey.title", s)
	}
}
