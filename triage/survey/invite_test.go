package survey_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

func TestInvitationReminderEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.closed(t, "c1", "k1")
	w.invite(t, survey.Counts{Created: 1, Invited: 1})
	w.invite(t, survey.Counts{})
	w.later(2)
	w.invite(t, survey.Counts{})
	w.later(1)
	w.invite(t, survey.Counts{Reminded: 1})
	w.later(3)
	w.invite(t, survey.Counts{}) // an ordinary customer is not called
	w.later(9)
	w.invite(t, survey.Counts{Expired: 1})
	w.later(30)
	w.invite(t, survey.Counts{})
	if n := len(w.post.letters); n != 2 {
		t.Fatalf("%d letters, want 2", n)
	}
	first, second := w.post.letters[0], w.post.letters[1]
	if first.Key == second.Key || len(first.Key) > 64 || first.Phone == "" || !strings.Contains(first.Text, "您反映的宽带问题") {
		t.Errorf("letters %+v and %+v", first, second)
	}
	if v := w.of(t, "c1"); v.State != survey.StateExpired || v.Channel != "sms" || !v.SentAt.Equal(noon) || v.Letters != 2 {
		t.Errorf("survey %+v", v)
	}
}

func TestWhoIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.db.PutCustomers(t.Context(), []triage.Customer{
		{ID: "out", Phone: "19900000010", OptedOut: true}, {ID: "no-address"}, {ID: "barred", Phone: "19900000011"}, {ID: "twin"}, {ID: "twin2", Email: "T@example.com"},
	})
	check(t, err)
	check(t, w.db.Suppress(t.Context(), prevention.Suppression{Address: "+86 19900000011", Reason: "reply", At: noon}))
	_, err = w.care.Merge(t.Context(), customer.Merge{From: "twin", Into: "twin2", Reason: "同一人", By: "li"})
	check(t, err)
	for id, of := range map[triage.ComplaintID]triage.CustomerID{"a": "out", "b": "no-address", "c": "barred", "d": "twin", "e": "twin2", "f": ""} {
		w.accept(t, id, of, nil)
	}
	w.accept(t, "g", "", map[string]any{"phone": "19900000012"})
	w.accept(t, "h", "", map[string]any{"phone": "+8619900000012"}) // the same number
	w.accept(t, "i", "", map[string]any{"phone": "19900000011"})    // suppressed
	scored := triage.Case{
		Complaint: triage.Complaint{ID: "s", At: noon, ClosedAt: noon.Add(-25 * time.Hour), Satisfaction: new(50.0), Attrs: map[string]any{"phone": "19900000013"}},
		Status:    triage.StatusClosed, ReceivedAt: noon,
	}
	history, fresh := scored, scored
	history.ID, history.Satisfaction, history.ClosedAt = "old", nil, noon.AddDate(0, 0, -15)
	fresh.ID, fresh.Satisfaction, fresh.ClosedAt = "new", nil, noon.Add(-time.Hour)
	_, err = w.db.Accept(t.Context(), []triage.Case{scored, history, fresh})
	check(t, err)
	w.invite(t, survey.Counts{Created: 2, Passed: 7, Invited: 2})
	var to []string
	for _, l := range w.post.letters {
		to = append(to, l.Phone.Reveal()+l.Email.Reveal())
	}
	slices.Sort(to)
	if diff := cmp.Diff([]string{"19900000012", "T@example.com"}, to); diff != "" {
		t.Errorf("asked (-want +got)\n%s", diff)
	}
	t.Run("and a month later again", func(t *testing.T) {
		w.later(29)
		w.accept(t, "j", "twin", nil)
		w.later(0)
		got, err := w.Invite(t.Context())
		check(t, err)
		if got.Created != 0 {
			t.Errorf("asked again after 29 days: %+v", got)
		}
		w.later(1)
		if got, err = w.Invite(t.Context()); err != nil || got.Created != 1 {
			t.Errorf("not asked again after 30 days: %+v (%v)", got, err)
		}
	})
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.closed(t, "c1", "k1")
	w.quiet = true
	w.invite(t, survey.Counts{Created: 1})
	w.quiet = false
	w.invite(t, survey.Counts{Invited: 1})
}

func TestHighValueCustomersAreCalled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.closed(t, "c1", "k1", triage.TierHigh)
	w.closed(t, "c2", "k22", triage.TierVIP)
	w.invite(t, survey.Counts{Created: 2, Invited: 2})
	check(t, w.Answer(t.Context(), w.post.token(t), survey.Answer{Score: 100})) // one of them answers
	w.later(3)
	w.invite(t, survey.Counts{Reminded: 1})
	w.later(3)
	w.invite(t, survey.Counts{Called: 1})
	w.invite(t, survey.Counts{})
	if diff := cmp.Diff([]customer.TaskKind{customer.TaskCallBack}, w.tasks(t)); diff != "" {
		t.Fatalf("tasks (-want +got)\n%s", diff)
	}
	page, err := w.care.Tasks(t.Context(), customer.TaskFilter{}, customer.Page{})
	check(t, err)
	called := page.Rows[0].Case
	v, err := w.Record(t.Context(), survey.CallBack{Case: called, Answer: survey.Answer{Score: 60}, By: "li"})
	check(t, err)
	if v.Via != survey.ViaCall || v.By != "li" || v.State != survey.StateAnswered {
		t.Errorf("survey %+v", v)
	}
	// The call ends its task; the score opens one.
	if diff := cmp.Diff([]customer.TaskKind{customer.TaskLowScore}, w.tasks(t)); diff != "" {
		t.Errorf("tasks (-want +got)\n%s", diff)
	}
}

func TestChannelsFail(t *testing.T) {
	t.Parallel()
	t.Run("not available: the same letter later", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.closed(t, "c1", "k1")
		var keys []string
		w.post.fail = func(l triage.Letter) error {
			if keys = append(keys, l.Key); len(keys) < 3 {
				return triage.Errorf(triage.CodeUnavailable, "gateway is away")
			}
			return nil
		}
		w.invite(t, survey.Counts{Created: 1, Deferred: 1})
		w.invite(t, survey.Counts{})
		w.now = w.now.Add(time.Hour)
		w.invite(t, survey.Counts{Deferred: 1})
		w.now = w.now.Add(time.Hour)
		w.invite(t, survey.Counts{Invited: 1})
		if keys[0] != keys[1] || keys[1] != keys[2] {
			t.Errorf("keys %v differ", keys)
		}
	})
	t.Run("not available to many: the run gives up", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for i := range 30 {
			w.accept(t, triage.ComplaintID(fmt.Sprint("c", i)), "", map[string]any{"phone": fmt.Sprint(19900000000 + i)})
		}
		w.post.fail = func(triage.Letter) error { return triage.Errorf(triage.CodeUnavailable, "gateway is away") }
		w.invite(t, survey.Counts{Created: 30, Deferred: 20})
		w.post.fail = nil
		w.invite(t, survey.Counts{Invited: 10})
		w.now = w.now.Add(time.Hour)
		w.invite(t, survey.Counts{Invited: 20})
	})
	t.Run("no channel reaches the customer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.closed(t, "c1", "k1")
		w.post.fail = func(triage.Letter) error { return triage.Errorf(triage.CodeInvalid, "no channel") }
		w.invite(t, survey.Counts{Created: 1, Failed: 1})
		w.later(3)
		w.invite(t, survey.Counts{})
	})
	t.Run("nobody knows: never again, but a reminder", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.closed(t, "c1", "k1")
		w.post.fail = func(triage.Letter) error { return errors.New("connection lost after DATA") }
		w.invite(t, survey.Counts{Created: 1, Invited: 1, Unclear: 1})
		w.post.fail = nil
		w.invite(t, survey.Counts{})
		w.later(3)
		w.invite(t, survey.Counts{Reminded: 1})
		if !w.of(t, "c1").Unclear {
			t.Error("the survey does not say that a letter may be missing")
		}
	})
}

// errCrash ends a process in a test.
var errCrash = errors.New("kill -9")

// dying is a store that dies at one of its steps.
type dying struct {
	survey.Store
	at string
}

func (d *dying) Begin(ctx context.Context, sv survey.Survey, at time.Time) (bool, error) {
	if d.at == "before begin" {
		return false, errCrash
	}
	ok, err := d.Store.Begin(ctx, sv, at)
	if d.at == "after begin" {
		return false, errCrash
	}
	return ok, err
}

func (d *dying) Settle(ctx context.Context, sv survey.Survey) (bool, error) {
	if d.at == "before settle" {
		return false, errCrash
	}
	ok, err := d.Store.Settle(ctx, sv)
	if d.at == "after settle" {
		return ok, errCrash
	}
	return ok, err
}

func TestCrashWhileSending(t *testing.T) {
	t.Parallel()
	for step, want := range map[string]struct {
		invited int // letters before the reminder
		first   survey.Counts
	}{
		"before begin":  {1, survey.Counts{Invited: 1}},
		"after begin":   {0, survey.Counts{Unclear: 1}}, // the price of at most once
		"before settle": {1, survey.Counts{Unclear: 1}},
		"after settle":  {1, survey.Counts{}},
	} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.closed(t, "c1", "k1")
			d := w.deps
			d.Store = &dying{w.db.Surveys(), step}
			mortal, err := survey.New(d)
			check(t, err)
			if _, err := mortal.Invite(t.Context()); !errors.Is(err, errCrash) {
				t.Fatalf("got %v, want the crash", err)
			}
			w.now = w.now.Add(11 * time.Minute) // the lease is over
			w.invite(t, want.first)
			if len(w.post.letters) != want.invited {
				t.Errorf("%d letters, want %d", len(w.post.letters), want.invited)
			}
			w.later(3)
			w.invite(t, survey.Counts{Reminded: 1})
			if len(w.post.letters) != want.invited+1 {
				t.Errorf("%d letters with the reminder, want %d", len(w.post.letters), want.invited+1)
			}
		})
	}
}

func TestTwoSendersAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []triage.CustomerID{"a", "b", "c", "d", "e", "f"} {
		w.closed(t, triage.ComplaintID("case-"+id), id)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := w.Invite(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	keys := map[string]int{}
	for _, l := range w.post.letters {
		keys[l.Key]++
	}
	if len(keys) != 6 || len(w.post.letters) != 6 {
		t.Errorf("letters by key %v, want six once each", keys)
	}
}

func TestCaseTakenUpAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.closed(t, "c1", "k1")
	w.invite(t, survey.Counts{Created: 1, Invited: 1})
	v := w.of(t, "c1")
	// As after a re-opening and another closing.
	other := w.deps
	other.Cases = reclosed{w.deps.Cases}
	s, err := survey.New(other)
	check(t, err)
	w.later(3)
	got, err := s.Invite(t.Context())
	check(t, err)
	if got.Reminded != 0 || w.of(t, "c1").State != survey.StateFailed {
		t.Errorf("did %+v about a closing that is over", got)
	}
	after, err := s.Record(t.Context(), survey.CallBack{Case: "c1", Answer: survey.Answer{Score: 90}, By: "li"})
	check(t, err)
	if after.ID == v.ID {
		t.Error("the answer about the second closing went to the survey of the first")
	}
}

// reclosed closes every case an hour later.
type reclosed struct{ survey.Cases }

func (r reclosed) Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error) {
	c, err := r.Cases.Case(ctx, id)
	c.ClosedAt = c.ClosedAt.Add(time.Hour)
	return c, err
}
