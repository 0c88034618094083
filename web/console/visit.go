package console

import (
	"net/http"
	"net/url"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// visit is one request with what the console knows of it.
type visit struct {
	w    http.ResponseWriter
	r    *http.Request
	lang language
	// theme is "light", "dark" or "" for that of the system.
	theme string
	// user is zero and token "" for somebody who has not signed in.
	user  triage.User
	token string
}

// may says whether the user of the visit has a permission.
func (v *visit) may(p access.Permission) bool { return access.May(v.user.Role, p) }

// action answers a visit; an error becomes a page.
type action func(v *visit) error

const (
	cookieLang  = "qianyi_lang"
	cookieTheme = "qianyi_theme"
	cookieToast = "qianyi_toast"

	prefsAge = 365 * 24 * time.Hour
	toastAge = time.Minute
)

// newVisit reads the preferences; those in the query are kept in cookies.
func (c *Console) newVisit(w http.ResponseWriter, r *http.Request) *visit {
	v := &visit{w: w, r: r}
	v.lang = languageOf(c.preference(v, "lang", cookieLang, languageNames))
	v.theme = c.preference(v, "theme", cookieTheme, themes)
	return v
}

var themes = []string{"light", "dark"}

// preference returns the allowed value of a query parameter, else of the
// cookie, else "".
func (c *Console) preference(v *visit, param, cookie string, allowed []string) string {
	asked := v.r.URL.Query().Get(param)
	for _, a := range allowed {
		if asked == a {
			c.setCookie(v, cookie, a, prefsAge)
			return a
		}
	}
	kept := cookieValue(v.r, cookie)
	for _, a := range allowed {
		if kept == a {
			return a
		}
	}
	return ""
}

func cookieValue(r *http.Request, name string) string {
	k, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return k.Value
}

// setCookie sets a cookie that scripts cannot read; age 0 removes it.
func (c *Console) setCookie(v *visit, name, value string, age time.Duration) {
	maxAge := int(age / time.Second)
	if maxAge <= 0 {
		maxAge = -1
	}
	http.SetCookie(v.w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: name != cookieTheme, SameSite: http.SameSiteLaxMode,
		Secure: v.r.TLS != nil || c.d.SecureCookies,
	})
}

// redirect ends a POST: the browser gets the page at target, which shows the
// toast of that name ("" for none).
func (c *Console) redirect(v *visit, target, toast string) error {
	if toast != "" {
		c.setCookie(v, cookieToast, toast, toastAge)
	}
	http.Redirect(v.w, v.r, target, http.StatusSeeOther)
	return nil
}

// here is the address of the page with one preference changed.
func (v *visit) here(param, value string) string {
	q := v.r.URL.Query()
	q.Del("lang")
	q.Del("theme")
	q.Set(param, value)
	u := url.URL{Path: v.r.URL.Path, RawPath: v.r.URL.RawPath, RawQuery: q.Encode()}
	return u.String()
}

// caseID is the complaint named in the path.
func (v *visit) caseID() triage.ComplaintID { return triage.ComplaintID(v.r.PathValue("id")) }

func casePath(id triage.ComplaintID) string { return "/cases/" + url.PathEscape(string(id)) }
