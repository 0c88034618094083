package main

import (
	"context"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// outTray keeps what is sent.
type outTray struct{ sent []prevention.Message }

func (o *outTray) Send(_ context.Context, m prevention.Message) (prevention.Receipt, error) {
	o.sent = append(o.sent, m)
	return prevention.Receipt{}, nil
}

// A reminder with the key of that of the week before would be taken for the same
// message; one that is repeated on its day is the same.
func TestEveryReminderIsAMessageOfItsOwn(t *testing.T) {
	t.Parallel()
	tray, day := &outTray{}, fact.Date(2026, 3, 2)
	teller := &streamTeller{
		users: oneUser{Name: "li", Email: "li@example.com"}, mail: postman{{Name: "mail", Sender: tray, Address: prevention.AddressEmail}}, today: func() fact.Day { return day },
		mask: func(s string) string { return strings.ReplaceAll(s, "13812345678", "138****5678") },
	}
	a := improve.Improvement{ID: 1, Title: "回访13812345678", Owner: "li", Due: day - 1}
	for _, later := range []fact.Day{0, 0, 7} {
		day += later
		if err := teller.Tell(t.Context(), a, true); err != nil {
			t.Fatal(err)
		}
	}
	if m := tray.sent; len(m) != 3 || m[0].Key != m[1].Key || m[0].Key == m[2].Key {
		t.Errorf("got the messages %+v, want the first two with one key, the last with another", m)
	}
	for _, m := range tray.sent {
		if strings.Contains(m.Subject+m.Text, "13812345678") {
			t.Errorf("the message has a phone: %+v", m)
		}
	}
}
