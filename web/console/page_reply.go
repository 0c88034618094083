package console

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// addReply puts the reply box onto the page of a case, for those who may answer
// and where there is one.
func (c *Console) addReply(v *visit, k *triage.Case, view *caseView) (err error) {
	if c.d.Library == nil || c.d.Library.Replies == nil || !v.may(access.CaseWork) {
		return nil
	}
	view.Reply, err = c.replyBox(v, k, replyForm{Solution: chosenSolution(k)}, view.Revealed)
	return err
}

// chosenSolution is the best suggested standard solution of a case.
func chosenSolution(k *triage.Case) string {
	for _, s := range k.Assessment.Suggestions {
		if id, ok := strings.CutPrefix(s.Source, "solution:"); ok {
			return id
		}
	}
	return ""
}

// solutionOptions are the approved solutions of the type of a case, those of
// its sub-type first.
func (c *Console) solutionOptions(v *visit, k *triage.Case, chosen string) ([]option, error) {
	versions, err := c.d.Library.Solutions.List(v.r.Context(), solution.Filter{Type: k.FinalType()})
	if err != nil {
		return nil, err
	}
	versions = slices.DeleteFunc(versions, func(s solution.Version) bool { return s.State != solution.Approved })
	subtype := finalSubtype(k)
	slices.SortStableFunc(versions, func(a, b solution.Version) int {
		fit := func(s *solution.Version) int {
			if s.Subtype == subtype {
				return 0
			}
			return 1
		}
		return cmp.Or(fit(&a)-fit(&b), cmp.Compare(b.Outcome.Estimate().Cautious, a.Outcome.Estimate().Cautious))
	})
	var options []option
	for i := range versions {
		s := &versions[i]
		options = append(options, option{
			Value: s.Solution, Label: c.maskedLine(cmp.Or(s.Title, s.Text())), Selected: s.Solution == chosen,
		})
	}
	return options, nil
}

// answerOf reads the form of the box.
func (v *visit) answerOf() (reply.Answer, replyForm, error) {
	get := v.r.FormValue
	form := replyForm{Text: strings.ReplaceAll(get("text"), "\r\n", "\n"), Solution: get("solution"), Amount: strings.TrimSpace(get("amount")), Via: get("via")}
	a := reply.Answer{Complaint: v.caseID(), Text: form.Text, Solution: form.Solution}
	if form.Amount != "" {
		var ok bool
		if a.Amount, ok = solution.ParseMoney(form.Amount); !ok {
			form.WrongAmount = true
			return a, form, triage.FieldErrorf("amount", "%.20q is no sum of yuan", form.Amount)
		}
	}
	return a, form, nil
}

// replyPage is the reply box as a page of its own, for browsers without scripts
// and for what was not sent.
type replyPage struct {
	Reply *replyView
	Back  string
	ID    string
}

func (c *Console) renderReply(v *visit, status int, form replyForm, change func(*replyView)) error {
	k, err := c.visibleCase(v, v.caseID())
	if err != nil {
		return err
	}
	box, err := c.replyBox(v, &k, form, false)
	if err != nil {
		return err
	}
	change(box)
	view := replyPage{Reply: box, Back: casePath(k.ID), ID: c.maskedLine(string(k.ID))}
	return c.render(v, status, "reply", page{Title: "nav.queue", Nav: "/", Name: view.ID, View: view})
}

func (c *Console) showReply(v *visit) error {
	_, form, _ := v.answerOf() // a sum that cannot be read is shown as it is
	return c.renderReply(v, http.StatusOK, form, func(*replyView) {})
}

// draftReply writes the template's draft into the box.
func (c *Console) draftReply(v *visit) error {
	if _, err := c.visibleCase(v, v.caseID()); err != nil {
		return err
	}
	a, form, err := v.answerOf()
	if form.WrongAmount {
		return c.renderReply(v, http.StatusUnprocessableEntity, form, func(*replyView) {})
	}
	if err != nil {
		return err
	}
	draft, err := c.d.Library.Replies.Draft(v.r.Context(), a)
	if err != nil {
		return err
	}
	form.Text = c.masked(draft.Text, nil)
	return c.renderReply(v, http.StatusOK, form, func(r *replyView) { r.Drafted = draft.Source })
}

// draftTime bounds the streaming of a draft, above that of the model.
const draftTime = time.Minute

// streamDraft writes a draft as events: "sentence" with each that the language
// model has written, and "done" with the whole, which replaces them. It changes
// nothing.
func (c *Console) streamDraft(v *visit) error {
	if _, err := c.visibleCase(v, v.caseID()); err != nil {
		return err
	}
	a, _, err := v.answerOf()
	if err != nil {
		return err
	}
	s := &eventStream{w: v.w, control: http.NewResponseController(v.w)}
	// A writer without time limits, as in tests, is fine.
	_ = s.control.SetWriteDeadline(time.Now().Add(draftTime)) //nolint:forbidigo // the connection lives in real time
	v.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	v.w.Header().Set("X-Accel-Buffering", "no")
	draft, err := c.d.Library.Replies.Stream(v.r.Context(), a, func(sentence string) error {
		return s.send("sentence", c.masked(sentence, nil))
	})
	if err != nil {
		c.d.Log.InfoContext(v.r.Context(), "draft ended", "route", v.r.Pattern, "err", err)
		_ = s.send("failed", "") // nobody may be there to read it
		return nil
	}
	drafted := v.lang.label("drafted.reply", draft.Source)
	if draft.Refused != "" {
		drafted = v.lang.label("refused", draft.Refused)
	}
	_ = s.send("done", map[string]string{"text": c.masked(draft.Text, nil), "drafted": drafted})
	return nil
}

// checkReply judges what is in the box: as a part of a page for scripts, else
// as the page.
func (c *Console) checkReply(v *visit) error {
	if _, err := c.visibleCase(v, v.caseID()); err != nil {
		return err
	}
	a, form, err := v.answerOf()
	if err != nil && !form.WrongAmount {
		return err
	}
	verdict, err := c.d.Library.Replies.Check(v.r.Context(), a)
	if err != nil {
		return err
	}
	shown := viewVerdict(a.Text, &verdict)
	if v.r.PostForm.Get("part") == "" {
		return c.renderReply(v, http.StatusOK, form, func(r *replyView) { r.Verdict = shown })
	}
	return c.renderPart(v, "reply", "verdict", shown)
}

// sendReply sends what is in the box. What must not be sent, or not without a
// second look, comes back with the reasons.
func (c *Console) sendReply(v *visit) error {
	if _, err := c.visibleCase(v, v.caseID()); err != nil {
		return err
	}
	a, form, err := v.answerOf()
	if form.WrongAmount {
		return c.renderReply(v, http.StatusUnprocessableEntity, form, func(*replyView) {})
	}
	if err != nil {
		return err
	}
	m, err := c.d.Library.Replies.Send(v.r.Context(), a, reply.Sending{
		Via: form.Via, Confirmed: v.r.PostForm.Get("confirmed") == "yes", By: v.user.Name,
	})
	if refused, ok := errors.AsType[*reply.RefusedError](err); ok {
		return c.renderReply(v, http.StatusUnprocessableEntity, form, func(r *replyView) {
			r.Verdict = viewVerdict(a.Text, &refused.Verdict)
			r.Confirm = len(refused.Verdict.Blocks) == 0
		})
	}
	if triage.CodeOf(err) == triage.CodeConflict { // the conversation says what became of it
		return c.renderReply(v, http.StatusConflict, form, func(*replyView) {})
	}
	if err != nil {
		return err
	}
	toast := "reply_sent"
	if m.Key == "" {
		toast = "reply_recorded"
	}
	return c.redirect(v, casePath(m.Complaint)+"#reply", toast)
}
