package storetest

import (
	"bytes"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// closed is a case of a customer that was closed so many hours after the start.
func closed(n int, of triage.CustomerID, hours int) triage.Case {
	k := simple(n)
	k.CustomerID, k.Status, k.Resolution, k.ClosedAt = of, triage.StatusClosed, "已解决", start.Add(time.Duration(hours)*time.Hour)
	return k
}

// question is a survey about a case, due an hour after the start.
func question(of triage.ComplaintID) survey.Survey {
	return survey.Survey{
		Case: of, ClosedAt: start, Customer: "k1", Addressee: "f00d", State: survey.StateWaiting, CreatedAt: start,
		ExpiresAt: start.AddDate(0, 0, 14), NextAt: start.Add(time.Hour),
	}
}

// asked stores a survey and reads it back.
func asked(t *testing.T, s Store, v survey.Survey) survey.Survey {
	t.Helper()
	created, err := s.Surveys.Create(t.Context(), []survey.Survey{v})
	check(t, err)
	v, err = s.Surveys.Survey(t.Context(), created[0])
	check(t, err)
	return v
}

// changed wants a change to have been made, or not.
func changed(t *testing.T, what string, got bool, err error, want bool) {
	t.Helper()
	check(t, err)
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

var surveyTests = map[string]func(*testing.T, Store){
	"a closing is asked about once, however many ask at once": func(t *testing.T, s Store) {
		var made atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				created, err := s.Surveys.Create(t.Context(), []survey.Survey{question("c1")})
				if err != nil {
					t.Error(err)
				} else if created[0] != 0 {
					made.Add(1)
				}
			})
		}
		wg.Wait()
		equal(t, "made", made.Load(), int32(1))
		again := question("c1")
		again.ClosedAt = start.Add(time.Hour)
		latest := asked(t, s, again)
		got, err := s.Surveys.OfCase(t.Context(), "c1")
		check(t, err)
		equal(t, "latest", got, latest)
		_, err = s.Surveys.OfCase(t.Context(), "c2")
		code(t, err, triage.CodeNotFound)
		_, err = s.Surveys.Survey(t.Context(), 99)
		code(t, err, triage.CodeNotFound)
	},
	"unasked are closed cases without score and survey, in order of closing": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "k1", Phone: "19900000001"}, triage.Customer{ID: "k2", OptedOut: true}, triage.Customer{ID: "k3"},
			triage.Customer{ID: "k4", Email: "k4@example.com"})
		merged(t, s, "k3", "k4")
		scored, done, open := closed(0, "k1", 3), closed(1, "k1", 3), simple(2)
		scored.Satisfaction = new(90.0)
		byMail := closed(6, "", 5)
		byMail.Attrs = map[string]any{"email": "x@example.com", "phone": 7}
		accept(t, s, scored, done, open, closed(3, "k1", 9), closed(4, "k2", 4), closed(5, "k3", 4), byMail, closed(7, "k1", 2), closed(8, "k1", 30))
		v := question("c0001")
		v.ClosedAt = done.ClosedAt
		asked(t, s, v)
		var got []survey.Candidate
		for last := (survey.Candidate{}); ; {
			page, err := s.Surveys.Unasked(t.Context(), start.Add(3*time.Hour), start.Add(30*time.Hour), last, 2)
			check(t, err)
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			last = page[len(page)-1]
		}
		want := []survey.Candidate{
			{Seq: 5, Case: "c0004", Customer: "k2", ClosedAt: closed(4, "", 4).ClosedAt, OptedOut: true},
			{Seq: 6, Case: "c0005", Customer: "k3", ClosedAt: closed(4, "", 4).ClosedAt, Email: "k4@example.com"},
			{Seq: 7, Case: "c0006", ClosedAt: byMail.ClosedAt, Email: "x@example.com"},
			{Seq: 4, Case: "c0003", Customer: "k1", ClosedAt: closed(3, "", 9).ClosedAt, Phone: "19900000001"},
		}
		equal(t, "candidates", got, want)
		to, err := s.Surveys.Address(t.Context(), "c0005")
		check(t, err)
		equal(t, "address", to, want[1])
	},
	"a customer was last asked over all records, an addressee under any name": func(t *testing.T, s Store) {
		enrol(t, s, triage.Customer{ID: "a"}, triage.Customer{ID: "b"}, triage.Customer{ID: "c"}, triage.Customer{ID: "d"})
		merged(t, s, "a", "b")
		merged(t, s, "c", "b")
		v, w := question("c1"), question("c2")
		v.Customer, w.Customer, w.Addressee, w.CreatedAt = "a", "elsewhere", "beef", start.Add(time.Hour)
		asked(t, s, v)
		asked(t, s, w)
		customers, at, err := s.Surveys.LastAsked(t.Context(), []triage.CustomerID{"a", "b", "c", "d", "elsewhere", "a"}, []string{"f00d", "beef", "", "none"})
		check(t, err)
		equal(t, "customers", customers, map[triage.CustomerID]time.Time{"a": start, "b": start, "c": start, "elsewhere": w.CreatedAt})
		equal(t, "addressees", at, map[string]time.Time{"f00d": start, "beef": w.CreatedAt})
	},
	"a letter is begun by one, and settled": func(t *testing.T, s Store) {
		v := asked(t, s, question("c1"))
		none, err := s.Surveys.Due(t.Context(), start, 9)
		check(t, err)
		equal(t, "due before its time", len(none), 0)
		list, err := s.Surveys.Due(t.Context(), v.NextAt, 9)
		check(t, err)
		equal(t, "due", list, []survey.Survey{v})
		begun, err := s.Surveys.Begin(t.Context(), v, v.NextAt)
		changed(t, "begin", begun, err, true)
		begun, err = s.Surveys.Begin(t.Context(), v, v.NextAt)
		changed(t, "begin again", begun, err, false)
		none, err = s.Surveys.Due(t.Context(), v.NextAt, 9)
		check(t, err)
		equal(t, "due while sending", len(none), 0)
		left, err := s.Surveys.Stranded(t.Context(), v.NextAt.Add(time.Second), 9)
		check(t, err)
		v.Letters, v.BegunAt = 1, v.NextAt
		equal(t, "stranded", left, []survey.Survey{v})
		v.State, v.SentAt, v.Channel, v.Unclear, v.NextAt = survey.StateSent, v.BegunAt, "sms", true, start.AddDate(0, 0, 3)
		other := v
		other.BegunAt = start
		settled, err := s.Surveys.Settle(t.Context(), other)
		changed(t, "settle another sending", settled, err, false)
		settled, err = s.Surveys.Settle(t.Context(), v)
		changed(t, "settle", settled, err, true)
		settled, err = s.Surveys.Settle(t.Context(), v)
		changed(t, "settle again", settled, err, false)
		v.BegunAt = time.Time{}
		got, err := s.Surveys.Survey(t.Context(), v.ID)
		check(t, err)
		equal(t, "settled", got, v)
	},
	"one answer counts, with its trail, and ends the letters": func(t *testing.T, s Store) {
		v := asked(t, s, question("c1"))
		begun, err := s.Surveys.Begin(t.Context(), v, v.NextAt)
		changed(t, "begin", begun, err, true)
		v.State, v.AnsweredAt, v.Via, v.By = survey.StateAnswered, start.Add(2*time.Hour), survey.ViaLink, "customer"
		v.Answer = survey.Answer{Score: 40, Reasons: []survey.Reason{survey.ReasonSlow, survey.ReasonOther}, Text: "<b>太慢</b>\x00"}
		v.Type, v.Sentiment, v.NewIssue = "service", "negative", true
		var first atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				ok, err := s.Surveys.Answer(t.Context(), v, triage.AuditEntry{At: start, Actor: "customer", Action: "survey.answer", Object: survey.Object(v.ID)})
				if err != nil {
					t.Error(err)
				} else if ok {
					first.Add(1)
				}
			})
		}
		wg.Wait()
		equal(t, "counted", first.Load(), int32(1))
		got, err := s.Surveys.Survey(t.Context(), v.ID)
		check(t, err)
		v.Letters, v.BegunAt, v.NextAt, v.Answer.Text = 1, start.Add(time.Hour), time.Time{}, "<b>太慢</b>\uFFFD"
		equal(t, "answered", got, v)
		trail, err := s.Trail(t.Context(), survey.Object(v.ID))
		check(t, err)
		equal(t, "entries", len(trail), 1)
		v.State = survey.StateSent
		settled, err := s.Surveys.Settle(t.Context(), v)
		changed(t, "settle what is answered", settled, err, false)
		begun, err = s.Surveys.Begin(t.Context(), v, start)
		changed(t, "begin what is answered", begun, err, false)
		left, err := s.Surveys.Unfollowed(t.Context(), 9)
		check(t, err)
		equal(t, "unfollowed", len(left), 1)
		check(t, s.Surveys.Followed(t.Context(), v.ID))
		left, err = s.Surveys.Unfollowed(t.Context(), 9)
		check(t, err)
		equal(t, "unfollowed after", len(left), 0)
		check(t, s.Surveys.SetFollowUp(t.Context(), v.ID, "survey-1", audit("survey.take_up")))
		check(t, s.Surveys.SetFollowUp(t.Context(), v.ID, "other", audit("survey.take_up")))
		got, err = s.Surveys.Survey(t.Context(), v.ID)
		check(t, err)
		equal(t, "follow-up", got.FollowUp, triage.ComplaintID("survey-1"))
	},
	"lists and figures": func(t *testing.T, s Store) {
		for i, score := range []float64{0, 100, 79, -1, -1} {
			v := question(simple(i).ID)
			v.CreatedAt = start.Add(time.Duration(i) * time.Hour)
			v = asked(t, s, v)
			if i == 3 {
				begun, err := s.Surveys.Begin(t.Context(), v, start)
				changed(t, "begin", begun, err, true)
			}
			if score < 0 {
				continue
			}
			v.Answer = survey.Answer{Score: score, Reasons: [][]survey.Reason{{survey.ReasonSlow, survey.ReasonOther}, nil, {survey.ReasonSlow}}[i]}
			v.AnsweredAt = start.Add(9 * time.Hour)
			_, err := s.Surveys.Answer(t.Context(), v, audit("survey.answer"))
			check(t, err)
		}
		f, err := s.Surveys.Figures(t.Context(), start, start.AddDate(0, 0, 1), 80)
		check(t, err)
		equal(t, "figures", f, survey.Figures{
			Asked: 4, Answered: 3, Rate: 0.75, Mean: new(179.0 / 3), Bands: [5]int{1, 0, 0, 1, 1}, Low: 2,
			Reasons: map[survey.Reason]int{survey.ReasonSlow: 2, survey.ReasonOther: 1},
			States:  map[survey.State]int{survey.StateAnswered: 3, survey.StateWaiting: 2},
		})
		empty, err := s.Surveys.Figures(t.Context(), start.AddDate(1, 0, 0), start.AddDate(2, 0, 0), 80)
		check(t, err)
		equal(t, "figures of nothing", empty, survey.Figures{Reasons: map[survey.Reason]int{}, States: map[survey.State]int{}})
		for _, test := range []struct {
			f    survey.Filter
			want string
		}{
			{survey.Filter{}, "54321"}, {survey.Filter{State: survey.StateWaiting}, "54"}, {survey.Filter{Below: 80}, "31"},
			{survey.Filter{Reason: survey.ReasonOther}, "1"}, {survey.Filter{Reason: "s"}, ""}, {survey.Filter{Case: "c0001"}, "2"},
			{survey.Filter{Customer: "k2"}, ""}, {survey.Filter{From: start.Add(time.Hour), To: start.Add(3 * time.Hour)}, "32"},
		} {
			var found []byte
			for test.f.Limit = 2; ; {
				page, err := s.Surveys.Surveys(t.Context(), test.f)
				check(t, err)
				for _, v := range page.Surveys {
					found = append(found, '0'+byte(v.ID))
				}
				if test.f.Cursor = page.Next; test.f.Cursor == "" {
					break
				}
			}
			if got := string(found); got != test.want {
				t.Errorf("%+v: got %q, want %q", test.f, got, test.want)
			}
		}
	},
	"a survey's score has the time of the answer": func(t *testing.T, s Store) {
		k, again := closed(0, "k1", 0), closed(1, "k1", 2)
		k.Satisfaction, again.Satisfaction = new(40.0), new(95.0)
		accept(t, s, k, again)
		first := asked(t, s, question("c0001")) // about a closing before the last
		first.Answer, first.AnsweredAt = survey.Answer{Score: 20, Reasons: []survey.Reason{survey.ReasonSlow}}, start.Add(time.Hour)
		_, err := s.Surveys.Answer(t.Context(), first, audit("survey.answer"))
		check(t, err)
		v := asked(t, s, question("c0000"))
		v.Answer, v.AnsweredAt, v.By = survey.Answer{Score: 40, Reasons: []survey.Reason{survey.ReasonSlow}, Text: "慢"}, start.Add(9*time.Hour), "customer"
		_, err = s.Surveys.Answer(t.Context(), v, audit("survey.answer"))
		check(t, err)
		got, err := s.Care.Scores(t.Context(), []triage.CustomerID{"k1"}, 5)
		check(t, err)
		equal(t, "scores", len(got), 2)
		equal(t, "the score of a later closing", got[1], customer.Score{Case: "c0001", Customer: "k1", Score: 95, At: again.ClosedAt})
		equal(t, "time, reasons and text", []string{got[0].At.Format(time.RFC3339), got[0].Reasons[0], got[0].Text, got[0].By},
			[]string{v.AnsweredAt.Format(time.RFC3339), "slow", "慢", "customer"})
	},
	"a key is made once": func(t *testing.T, s Store) {
		keys := make([][]byte, 4)
		var wg sync.WaitGroup
		for i := range keys {
			wg.Go(func() {
				var err error
				if keys[i], err = s.Surveys.Key(t.Context(), "survey"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, k := range keys {
			if len(k) != 32 || !bytes.Equal(k, keys[0]) {
				t.Fatalf("got keys %x", keys)
			}
		}
		other, err := s.Surveys.Key(t.Context(), "other")
		check(t, err)
		if bytes.Equal(other, keys[0]) {
			t.Error("two names have one key")
		}
	},
}
