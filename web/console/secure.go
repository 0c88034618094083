package console

import (
	"errors"
	"net/http"
	"net/url"
	"runtime/debug"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// policy lets a page load only our own files and post only to us.
const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// maxForm bounds a posted form: the longest complaint in UTF-8, percent-encoded.
const maxForm = 4 * triage.MaxTextRunes * 3

// secured sets the security headers, refuses forms of other sites and turns a
// panic into a page.
func (c *Console) secured(next http.Handler) http.Handler {
	forms := http.NewCrossOriginProtection()
	forms.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.fail(c.newVisit(w, r), triage.Errorf(triage.CodeForbidden, "a form of another site was refused"))
	}))
	protected := forms.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		// Not no-referrer: then browsers post forms with the origin "null", and
		// without TLS the origin is all there is to tell our forms from others.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				c.d.Log.ErrorContext(r.Context(), "panic in a page", "path", r.Pattern, "panic", p, "stack", string(debug.Stack()))
				c.fail(c.newVisit(w, r), triage.Errorf(triage.CodeInternal, "panic"))
			}
		}()
		protected.ServeHTTP(w, r)
	})
}

// handle wraps an action with its permission. Whoever has to sign in first
// comes back to the page afterwards.
func (c *Console) handle(needs access.Permission, do action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := c.newVisit(w, r)
		if err := c.identify(v); err != nil {
			c.fail(v, err)
			return
		}
		switch {
		case needs != access.Public && v.user.Name == "":
			http.Redirect(w, r, signInPath(r), http.StatusSeeOther)
			return
		case needs != access.Public && c.mustChangeFirst(v):
			http.Redirect(w, r, "/profile", http.StatusSeeOther)
			return
		case !v.may(needs):
			c.fail(v, triage.Errorf(triage.CodeForbidden, "your role may not do this; ask an administrator"))
			return
		}
		if r.Method == http.MethodPost {
			if err := r.ParseForm(); err != nil {
				c.fail(v, formError(err))
				return
			}
		}
		if err := do(v); err != nil {
			c.fail(v, err)
		}
	})
}

func formError(err error) error {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return &triage.Error{Code: triage.CodeTooLarge, Message: "the form is too large", Err: err}
	}
	return &triage.Error{Code: triage.CodeInvalid, Message: "the form cannot be read", Err: err}
}

func signInPath(r *http.Request) string {
	if r.Method != http.MethodGet || r.URL.Path == "/" && r.URL.RawQuery == "" {
		return "/login"
	}
	return "/login?next=" + url.QueryEscape(r.URL.RequestURI())
}
