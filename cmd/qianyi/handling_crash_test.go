package main

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// Mails are taken once each, wherever between accepting one and marking it as
// taken the process was killed.
func TestKilledMailboxTakesEachMailOnce(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const mails = 60
	h := newHouse(t)
	for i := range mails {
		h.write(fmt.Sprintf("m%d", i), fmt.Sprintf("第%d封", i), "", fmt.Sprintf("第%d次反映宽带断网，要求尽快修好", i))
	}
	for kill, enough := range []int{1, mails / 3, mails / 2} {
		_, child := start(t, "--data", h.data, "--config", h.config)
		eventually(t, fmt.Sprintf("%d mails to be taken", enough), func() bool { return cases(t, h.data) >= enough })
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := child.Wait(); err == nil {
			t.Fatal("the service ended by itself, want it killed")
		}
		endLeases(t, filepath.Join(h.data, "qianyi.db"))
		t.Logf("kill %d at %d cases", kill+1, cases(t, h.data))
	}
	h.serve(t)
	eventually(t, "all mails to be taken", func() bool {
		h.run(t, "mailboxes")
		return cases(t, h.data) >= mails
	})
	h.run(t, "mailboxes")
	var list struct{ Items []struct{ Excerpt string } }
	h.get(t, "/complaints?limit=200", &list)
	seen := map[string]int{}
	for _, c := range list.Items {
		seen[c.Excerpt]++
	}
	if len(list.Items) != mails || len(seen) != mails {
		t.Errorf("%d mails became %d cases with %d texts", mails, len(list.Items), len(seen))
	}
	if all, _ := h.incoming.Count("INBOX"); all != mails {
		t.Errorf("the mailbox has %d mails, want all %d left in place", all, mails)
	}
	qianyi(t, "", "audit", "verify", "--data", h.data).must(t, exitOK)
}

// cases counts what the service has stored, from outside.
func cases(t *testing.T, data string) int {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(data, "qianyi.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Shutdown() //nolint:errcheck // only read
	counts, err := db.CountByStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return counts[triage.StatusReceived]
}
