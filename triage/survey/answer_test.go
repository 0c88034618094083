package survey_test

import (
	"encoding/base64"
	"errors"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// invited returns a world with one survey on its way, and its token.
func invited(t *testing.T) (*world, string) {
	t.Helper()
	w := newWorld(t)
	w.closed(t, "c1", "k1")
	w.invite(t, survey.Counts{Created: 1, Invited: 1})
	return w, w.post.token(t)
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	w, token := invited(t)
	page, err := w.Open(t.Context(), token)
	check(t, err)
	want := survey.Page{State: survey.StateSent, ExpiresAt: noon.AddDate(0, 0, 14), At: noon.AddDate(0, 0, -3), Product: "宽带"}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("page (-want +got)\n%s", diff)
	}
	low := survey.Answer{Score: survey.Stars(2), Reasons: []survey.Reason{survey.ReasonOther, survey.ReasonSlow, survey.ReasonSlow}, Text: " <script>alert(1)</script> 又多扣了费\r\n "}
	check(t, w.Answer(t.Context(), token, low))
	c, err := w.db.Case(t.Context(), "c1")
	check(t, err)
	if c.Satisfaction == nil || *c.Satisfaction != 40 {
		t.Errorf("satisfaction of the case is %v, want 40", c.Satisfaction)
	}
	if diff := cmp.Diff([]customer.TaskKind{customer.TaskLowScore}, w.tasks(t)); diff != "" {
		t.Errorf("tasks (-want +got)\n%s", diff)
	}
	v := w.of(t, "c1")
	kept := survey.Answer{Score: 40, Reasons: []survey.Reason{survey.ReasonSlow, survey.ReasonOther}, Text: "<script>alert(1)</script> 又多扣了费"}
	if diff := cmp.Diff(kept, v.Answer); diff != "" || v.Type != "billing" || v.Sentiment != nlp.Negative || !v.NewIssue || v.By != "customer" {
		t.Errorf("survey %+v, answer (-want +got)\n%s", v, diff)
	}
	t.Run("again is harmless, another one a conflict", func(t *testing.T) {
		check(t, w.Answer(t.Context(), token, low))
		err := w.Answer(t.Context(), token, survey.Answer{Score: 100})
		wantCode(t, err, triage.CodeConflict)
		if fieldOf(err) != "answered" {
			t.Errorf("field %q", fieldOf(err))
		}
		w.later(20)
		check(t, w.Answer(t.Context(), token, low)) // also after its time
		page, err := w.Open(t.Context(), token)
		check(t, err)
		if page.State != survey.StateAnswered || page.Answer.Score != 40 {
			t.Errorf("page %+v", page)
		}
		if n := len(w.tasks(t)); n != 1 {
			t.Errorf("%d tasks", n)
		}
	})
	t.Run("its text becomes a complaint, once", func(t *testing.T) {
		for range 2 {
			made, err := w.TakeUp(t.Context(), v.ID, "li")
			check(t, err)
			if made.CustomerID != "k1" || made.Text != kept.Text {
				t.Errorf("complaint %+v", made.Complaint)
			}
		}
		if got := w.of(t, "c1").FollowUp; got == "" {
			t.Error("the survey does not name it")
		}
	})
}

func TestWhatIsNoIssueOfItsOwn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": false, "多扣费": false, "还是断网，一直没有修好": false, "上个月的费用又多扣了": true} {
		w, token := invited(t)
		check(t, w.Answer(t.Context(), token, survey.Answer{Score: 60, Text: text}))
		if v := w.of(t, "c1"); v.NewIssue != want {
			t.Errorf("%q: proposed %v, want %v", text, v.NewIssue, want)
		}
		if text == "" {
			_, err := w.TakeUp(t.Context(), w.of(t, "c1").ID, "li")
			wantCode(t, err, triage.CodeConflict)
		}
	}
}

func TestAnswersAreChecked(t *testing.T) {
	t.Parallel()
	w, token := invited(t)
	for name, test := range map[string]struct {
		a     survey.Answer
		field string
	}{
		"below":          {survey.Answer{Score: -1}, "score"},
		"above":          {survey.Answer{Score: 100.5}, "score"},
		"no number":      {survey.Answer{Score: math.NaN()}, "score"},
		"unknown reason": {survey.Answer{Score: 10, Reasons: []survey.Reason{"weather"}}, "reasons"},
		"too long":       {survey.Answer{Score: 10, Text: strings.Repeat("长", 501)}, "text"},
	} {
		if err := w.Answer(t.Context(), token, test.a); fieldOf(err) != test.field {
			t.Errorf("%s: got %v, want field %s", name, err, test.field)
		}
	}
	check(t, w.Answer(t.Context(), token, survey.Answer{Score: 10, Text: strings.Repeat("😡", 500)}))
}

func TestTwoAnswersAtOnce(t *testing.T) {
	t.Parallel()
	w, token := invited(t)
	var stored, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			switch err := w.Answer(t.Context(), token, survey.Answer{Score: float64(i)}); triage.CodeOf(err) {
			case "":
				stored.Add(1)
			case triage.CodeConflict:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if stored.Load() != 1 || refused.Load() != 7 {
		t.Errorf("%d stored, %d refused; want 1 and 7", stored.Load(), refused.Load())
	}
	c, err := w.db.Case(t.Context(), "c1")
	check(t, err)
	if v := w.of(t, "c1"); c.Satisfaction == nil || *c.Satisfaction != v.Answer.Score {
		t.Errorf("case has %v, survey %v", c.Satisfaction, v.Answer.Score)
	}
}

func TestLinkExpires(t *testing.T) {
	t.Parallel()
	w, token := invited(t)
	w.now = noon.AddDate(0, 0, 14).Add(-time.Second)
	page, err := w.Open(t.Context(), token)
	check(t, err)
	if page.State != survey.StateSent {
		t.Errorf("state %s a second before the end", page.State)
	}
	w.now = noon.AddDate(0, 0, 14)
	if page, err = w.Open(t.Context(), token); err != nil || page.State != survey.StateExpired {
		t.Errorf("state %s at the end (%v)", page.State, err)
	}
	err = w.Answer(t.Context(), token, survey.Answer{Score: 100})
	wantCode(t, err, triage.CodeConflict)
	if fieldOf(err) != "expired" {
		t.Errorf("field %q", fieldOf(err))
	}
	// A call is still possible.
	_, err = w.Record(t.Context(), survey.CallBack{Case: "c1", Answer: survey.Answer{Score: 100}, By: "li"})
	check(t, err)
}

func TestForgedTokens(t *testing.T) {
	t.Parallel()
	w, token := invited(t)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	check(t, err)
	if len(token) != 43 {
		t.Errorf("a token has %d characters, want 43", len(token))
	}
	forged := []string{"", "x", token + "A", token[:42], strings.ToUpper(token), "../../etc/passwd", strings.Repeat("A", 43), strings.Repeat("A", 1<<16)}
	for i := range raw { // every bit counts, those of number and time first
		b := append([]byte(nil), raw...)
		b[i] ^= 1
		forged = append(forged, base64.RawURLEncoding.EncodeToString(b))
	}
	for _, f := range forged {
		_, err := w.Open(t.Context(), f)
		wantCode(t, err, triage.CodeNotFound)
		wantCode(t, w.Answer(t.Context(), f, survey.Answer{Score: 1}), triage.CodeNotFound)
	}
	// Of another installation.
	other, foreign := invited(t)
	if _, err := other.Open(t.Context(), foreign); err != nil {
		t.Fatal(err)
	}
	_, err = w.Open(t.Context(), foreign)
	wantCode(t, err, triage.CodeNotFound)
}

// TestCrashAfterAnswer is the story of a process that dies between storing an
// answer and doing what follows: the job does it, and doing it twice changes
// nothing.
func TestCrashAfterAnswer(t *testing.T) {
	t.Parallel()
	w, token := invited(t)
	w.scores.err = errors.New("kill -9")
	check(t, w.Answer(t.Context(), token, survey.Answer{Score: 20}))
	if n := len(w.tasks(t)); n != 0 {
		t.Fatalf("%d tasks before the crash was made up", n)
	}
	w.invite(t, survey.Counts{}) // it still fails, and stops nothing else
	w.scores.err = nil
	w.invite(t, survey.Counts{Followed: 1})
	w.invite(t, survey.Counts{})
	c, err := w.db.Case(t.Context(), "c1")
	check(t, err)
	if n := len(w.tasks(t)); n != 1 || c.Satisfaction == nil {
		t.Errorf("%d tasks, satisfaction %v", n, c.Satisfaction)
	}
}

func TestThreeGoodAnswersMakeAVIP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *survey.Config) { c.Every = 0 })
	for _, id := range []triage.ComplaintID{"c1", "c2", "c3"} {
		w.closed(t, id, "k1")
		if _, err := w.Invite(t.Context()); err != nil {
			t.Fatal(err)
		}
		check(t, w.Answer(t.Context(), w.post.token(t), survey.Answer{Score: survey.Stars(5)}))
		w.later(2)
	}
	r, err := w.care.Person(t.Context(), "k1")
	check(t, err)
	if r.Tier != triage.TierVIP {
		t.Errorf("tier %q, want vip", r.Tier)
	}
}

func TestCallBackIsRefusedWhileOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.db.Accept(t.Context(), []triage.Case{{Complaint: triage.Complaint{ID: "o", At: noon}, Status: triage.StatusVerifying, ReceivedAt: noon}})
	check(t, err)
	_, err = w.Record(t.Context(), survey.CallBack{Case: "o", Answer: survey.Answer{Score: 50}, By: "li"})
	wantCode(t, err, triage.CodeConflict)
	_, err = w.Record(t.Context(), survey.CallBack{Case: "nobody", Answer: survey.Answer{Score: 50}, By: "li"})
	wantCode(t, err, triage.CodeNotFound)
}
