package console

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"

	"github.com/qianyi-dev/qianyi/triage"
)

var httpStatus = map[triage.Code]int{
	triage.CodeInvalid:     http.StatusBadRequest,
	triage.CodeNotFound:    http.StatusNotFound,
	triage.CodeConflict:    http.StatusConflict,
	triage.CodeUnavailable: http.StatusServiceUnavailable,
	triage.CodeTooLarge:    http.StatusRequestEntityTooLarge,
	triage.CodeForbidden:   http.StatusForbidden,
	triage.CodeUnauthed:    http.StatusUnauthorized,
}

// errorView is the page that says what went wrong and what to do next.
type errorView struct {
	Status int
	Code   string
	// ID finds the line in the log.
	ID string
}

// fail shows an error as a page. The cause goes to the log only, under the id
// that the page shows.
func (c *Console) fail(v *visit, err error) {
	code := triage.CodeOf(err)
	status, known := httpStatus[code]
	if !known {
		code, status = triage.CodeInternal, http.StatusInternalServerError
	}
	view := errorView{Status: status, Code: string(code), ID: newErrorID()}
	ctx := v.r.Context()
	if status >= http.StatusInternalServerError {
		c.d.Log.ErrorContext(ctx, "page failed", "route", v.r.Pattern, "error_id", view.ID, "err", err)
	} else {
		c.d.Log.InfoContext(ctx, "page refused", "route", v.r.Pattern, "error_id", view.ID, "code", string(code), "err", err)
	}
	if err := c.render(v, status, "error", page{Title: "error.title." + view.Code, View: view}); err != nil {
		c.d.Log.ErrorContext(ctx, "error page failed", "error_id", view.ID, "err", err)
		http.Error(v.w, "error "+view.ID, status)
	}
}

func newErrorID() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func (c *Console) notFound(*visit) error {
	return triage.Errorf(triage.CodeNotFound, "no such page")
}
