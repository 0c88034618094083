package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

type oneUser triage.User

func (u oneUser) User(context.Context, string) (triage.User, error) { return triage.User(u), nil }

type keyed struct{ keys []string }

func (k *keyed) Send(_ context.Context, m prevention.Message) (prevention.Receipt, error) {
	k.keys = append(k.keys, m.Key)
	return prevention.Receipt{}, nil
}

// The ids of sources are longer, and in other scripts, than what a channel takes
// as a key.
func TestAlertsOfAnyCaseHaveAKey(t *testing.T) {
	t.Parallel()
	mail := &keyed{}
	teller := &clockTeller{
		users: oneUser{Name: "li", Email: "li@example.com"}, zone: time.UTC,
		mail: postman{{Name: "mail", Address: prevention.AddressEmail, Sender: mail}},
	}
	id := triage.ComplaintID(strings.Repeat("投诉", 100))
	for version := range 2 {
		a := life.Alert{Key: string(id) + strings.Repeat("-", version), Case: id, Move: life.MoveWarn, To: "li"}
		if err := teller.Tell(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	if len(mail.keys) != 2 || mail.keys[0] == mail.keys[1] {
		t.Fatalf("keys %q, want two of two alerts", mail.keys)
	}
	for _, key := range mail.keys {
		if len(key) > 64 || strings.ContainsFunc(key, func(r rune) bool { return r > '~' }) {
			t.Errorf("key %q is not at most 64 ASCII characters", key)
		}
	}
}
