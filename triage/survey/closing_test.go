package survey_test

import (
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// An answer about a closing that was not the last says nothing of how the case
// ends now, but the customer who gave it is called.
func TestAnswersAboutAnEarlierClosing(t *testing.T) {
	t.Parallel()
	w, token := invited(t)
	_, err := w.scores.Move(t.Context(), life.Order{Case: "c1", Move: life.MoveReopen, By: "li", Facts: map[string]string{"reason": "又断网"}})
	check(t, err)
	check(t, w.Answer(t.Context(), token, survey.Answer{Score: 20}))
	c, err := w.db.Case(t.Context(), "c1")
	check(t, err)
	if c.Satisfaction != nil {
		t.Errorf("the case that is open again has the score %v", *c.Satisfaction)
	}
	if kinds := w.tasks(t); len(kinds) != 1 || kinds[0] != customer.TaskLowScore {
		t.Errorf("tasks %v, want one for the low score", kinds)
	}
	rating := 95.0
	check(t, w.db.Close(t.Context(), triage.Closing{Complaint: "c1", Resolution: "换线", Satisfaction: &rating, By: "li", At: w.now}))
	w.invite(t, survey.Counts{})
	if c, err = w.db.Case(t.Context(), "c1"); err != nil || *c.Satisfaction != 95 {
		t.Errorf("satisfaction %v, %v; want that of the last closing", c.Satisfaction, err)
	}
}

// Who gave a score on a call-back is not reminded to give one.
func TestAScoreEndsTheAsking(t *testing.T) {
	t.Parallel()
	w, _ := invited(t)
	_, err := w.scores.Move(t.Context(), life.Order{
		Case: "c1", Move: life.MoveCallBack, By: "li", Facts: map[string]string{"answer": "满意", "satisfaction": "90"},
	})
	check(t, err)
	w.later(3)
	w.invite(t, survey.Counts{Failed: 1})
	if n := len(w.post.letters); n != 1 {
		t.Errorf("%d letters, want the invitation alone", n)
	}
}
