package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
)

// What a customer wrote is kept whole, so that a new number can be called, and
// is shown so only to who unmasked the case.
func TestConversationIsMaskedUntilUnmasked(t *testing.T) {
	t.Parallel()
	d, b := reader(t, "demo")
	b.talk = []reply.Message{{Direction: reply.In, Channel: "email", Text: "换号了，打13987654321", By: "customer", At: noon}}
	body := d.page(casePage)
	contains(t, body, "换号了，打139****4321")
	lacks(t, body, "13987654321")
	lacks(t, d.page(casePage+"/reply"), "13987654321")
	w := d.post(casePage+"/unmask", nil)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("unmask: got status %d, want 303", w.Code)
	}
	contains(t, d.page(w.Header().Get("Location")), "换号了，打13987654321")
	lacks(t, d.page(casePage), "13987654321")
}

// Of the complaints of a cluster a user of a department reads those that they
// may open.
func TestWordsOfMembersStayInTheirDepartment(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	words := d.csv(clusterPage + "/members.csv")[1]
	line := words[len(words)-1]
	if line == "" {
		t.Fatal("the first member has no text")
	}
	contains(t, d.page(clusterPage+"/members"), line)
	d.company.users["wu"] = triage.User{Name: "wu", PasswordHash: d.company.users["demo"].PasswordHash, Role: triage.RoleLead, Department: "物流部"}
	d.signIn("wu", password)
	rows := d.csv(clusterPage + "/members.csv")
	for _, r := range rows[1:] {
		if r[len(r)-1] != "" {
			t.Errorf("%s shows %q", r[0], r[len(r)-1])
		}
	}
	lacks(t, d.page(clusterPage+"/members"), line)
	lacks(t, d.page(clusterPage), `<p class="example">`)
}

// An answer to a survey of another department is taken up by nobody else.
func TestTakeUpStaysInTheDepartment(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	d.company.users["wu"] = triage.User{Name: "wu", PasswordHash: d.company.users["demo"].PasswordHash, Role: triage.RoleLead, Department: "物流部"}
	d.signIn("wu", password)
	if w := d.post("/satisfaction/7/take-up", url.Values{}); w.Code != http.StatusNotFound {
		t.Errorf("got status %d to %s, want 404", w.Code, strings.TrimSpace(w.Header().Get("Location")))
	}
}
