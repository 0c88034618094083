package reply_test

import (
	"errors"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
)

// A process that dies while it sends, another that tries the same meanwhile, and
// a postman that does not know: the customer gets the letter once at most.
func TestNeverTwice(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*office){
		"the process died behind the postman":   func(o *office) { o.meanwhile = func() { o.shelf = errors.New("killed") } },
		"the postman does not know":             func(o *office) { o.postal = triage.Errorf(triage.CodeConflict, "timed out") },
		"the postman says something unheard of": func(o *office) { o.postal = errors.New("EOF") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, o := open(t)
			a := reply.Answer{Complaint: o.k.ID, Text: fine, Solution: "S1"}
			begin(o)
			if _, err := d.Send(t.Context(), a, reply.Sending{By: "li"}); err == nil {
				t.Error("a letter that is lost was reported as sent")
			}
			sent := len(o.letters)
			o.postal, o.shelf, o.meanwhile = nil, nil, nil
			again := func() {
				t.Helper()
				if _, err := d.Send(t.Context(), a, reply.Sending{By: "wang"}); triage.CodeOf(err) != triage.CodeConflict || len(o.letters) != sent {
					t.Errorf("a second time: got %v and %d letters, want a conflict and %d", err, len(o.letters), sent)
				}
			}
			again()
			o.now = noon.Add(11 * time.Minute)
			if _, err := d.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			again()
			if len(o.talk) != 1 || o.talk[0].State != reply.StateUnclear || o.trail[len(o.trail)-1].Action != "reply.unclear" {
				t.Errorf("recorded %+v and %+v, want an unclear letter", o.talk, o.trail)
			}
			if o.answered > 0 || len(o.used) > 0 {
				t.Error("what may not have gone out counts as an answer")
			}
		})
	}
}

func TestALetterOnItsWayIsLeftAlone(t *testing.T) {
	t.Parallel()
	d, o := open(t)
	o.meanwhile = func() {
		if n, err := d.CatchUp(t.Context()); err != nil || n != (reply.Counts{}) {
			t.Errorf("got %+v, %v while a letter is being sent", n, err)
		}
	}
	if _, err := d.Send(t.Context(), reply.Answer{Complaint: o.k.ID, Text: fine}, reply.Sending{By: "li"}); err != nil {
		t.Fatal(err)
	}
	if o.talk[0].State != reply.StateSaid {
		t.Errorf("recorded %+v", o.talk[0])
	}
}

func TestCatchUpAcknowledges(t *testing.T) {
	t.Parallel()
	d, o := open(t)
	o.deaf = triage.Errorf(triage.CodeUnavailable, "busy")
	if _, err := d.Send(t.Context(), reply.Answer{Complaint: o.k.ID, Text: fine, Solution: "S1"}, reply.Sending{Via: reply.Spoken, By: "li"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.CatchUp(t.Context()); triage.CodeOf(err) != triage.CodeUnavailable {
		t.Errorf("got %v, want the job to try again", err)
	}
	o.deaf = nil
	for _, want := range []int{1, 0} {
		if n, err := d.CatchUp(t.Context()); err != nil || n.Followed != want {
			t.Errorf("got %+v, %v, want %d followed", n, err, want)
		}
	}
	if o.answered != 3 || len(o.used) != 3 || o.used[2] != "S1" {
		t.Errorf("told %d times, used %v", o.answered, o.used)
	}
}
