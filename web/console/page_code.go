package console

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// ticketFor is how long after the password the one-time code may come.
const ticketFor = 5 * time.Minute

// ticketOwner keeps the tickets of a sign-in apart from all else that is sealed.
const ticketOwner = "ticket of a sign-in"

// codeView is the page that asks for the one-time code.
type codeView struct {
	Ticket string
	Next   string
	Failed bool
}

// askForCode shows the second step of a sign-in. The ticket says whose password
// was right, and until when that counts.
func (c *Console) askForCode(v *visit, name, next string) error {
	end := strconv.FormatInt(c.d.Now().Add(ticketFor).Unix(), 10)
	view := codeView{Ticket: c.d.Rights.Sealer.Seal(end+" "+name, ticketOwner), Next: next}
	return c.render(v, http.StatusOK, "code", page{Title: "code.title", View: view})
}

// takeCode ends a sign-in with a one-time code or a recovery code.
func (c *Console) takeCode(v *visit) error {
	form := v.r.PostForm
	next := localPath(form.Get("next"))
	name, ok := c.ticketHolder(form.Get("ticket"))
	if !ok {
		return c.renderSignIn(v, http.StatusUnauthorized, signInView{Next: next, Failed: true})
	}
	u, ok, err := c.checkCode(v.r.Context(), name, form.Get("code"))
	if err != nil {
		return err
	}
	if !ok {
		view := codeView{Ticket: form.Get("ticket"), Next: next, Failed: true}
		return c.render(v, http.StatusUnauthorized, "code", page{Title: "code.title", View: view})
	}
	return c.enter(v, u, next)
}

// ticketHolder returns whose password was right; false for a ticket that is not
// ours or too old.
func (c *Console) ticketHolder(ticket string) (name string, ok bool) {
	plain, err := c.d.Rights.Sealer.Open(ticket, ticketOwner)
	if err != nil {
		return "", false
	}
	end, name, _ := strings.Cut(plain, " ")
	seconds, err := strconv.ParseInt(end, 10, 64)
	return name, err == nil && c.d.Now().Before(time.Unix(seconds, 0))
}

// checkCode takes a code in the same transaction that notes it as used, and
// counts and locks as a wrong password does.
func (c *Console) checkCode(ctx context.Context, name, code string) (u triage.User, ok bool, err error) {
	leave, err := c.signIn.enter(ctx)
	if err != nil {
		return u, false, err
	}
	defer leave()
	u, err = c.d.Users.EditUser(ctx, name, func(u *triage.User) ([]triage.AuditEntry, error) {
		now := c.d.Now()
		ok = false
		if now.Before(u.LockedUntil) {
			return c.signInEntry(u, "login_locked"), nil
		}
		action := "login"
		if u.Disabled || !u.Second.On || !c.takeSecond(u, code, &action) {
			countFailure(u, now)
			return c.signInEntry(u, "login_failed"), nil
		}
		ok = true
		countSuccess(u, now)
		return c.signInEntry(u, action), nil
	})
	return u, ok, err
}

// takeSecond uses up a one-time code, or one of the recovery codes, which the
// trail tells apart.
func (c *Console) takeSecond(u *triage.User, code string, action *string) bool {
	if rest, ok := access.TakeRecovery(u.Second.Recovery, code); ok {
		u.Second.Recovery, *action = rest, "login_recovery"
		return true
	}
	secret, err := c.d.Rights.Sealer.Open(u.Second.Sealed, u.Name)
	if err != nil {
		c.d.Log.Error("one-time code cannot be checked", "err", err)
		return false
	}
	step, ok := access.TakeCode(secret, code, c.d.Now(), u.Second.Step)
	if ok {
		u.Second.Step = step
	}
	return ok
}
