package public

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// Config is what an operator decides about the pages.
type Config struct {
	// Complain turns the form on; state and rating are always there.
	Complain bool `yaml:"complain"`
	// Company stands on every page, Hotline where something did not work. Both
	// may be empty.
	Company string `yaml:"company"`
	Hotline string `yaml:"hotline"`
	// PerHour is how many complaints one address may send in an hour; 0 is 30.
	// Many customers of a mobile network share one address.
	PerHour int `yaml:"per_hour"`
}

// Validate returns a *triage.Error that names the field at fault.
func (c *Config) Validate() error {
	if c.PerHour < 0 {
		return triage.FieldErrorf("per_hour", "%d is negative", c.PerHour)
	}
	return nil
}

// Deps is what the pages need; only Surveys may be nil.
type Deps struct {
	Intake Intake
	Codes  Codes
	Talk   Talk
	Desk   Desk
	// Surveys answers for the links that are sent after closing.
	Surveys Surveys
	Config  Config
	// Client tells clients apart by their address; see web.ClientOf.
	Client func(*http.Request) string
	// Zone is the time zone that customers read times in.
	Zone *time.Location
	Now  func() time.Time
	Log  *slog.Logger
}

// Intake is the part of triage.Service that the pages use.
type Intake interface {
	Submit(ctx context.Context, c triage.Complaint, similar int) (triage.Receipt, error)
	Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error)
}

// Codes keeps the codes by which customers follow their cases, as hashes.
type Codes interface {
	// AddFollowCode stores a hash; the same pair again changes nothing, a hash of
	// another case is CodeConflict.
	AddFollowCode(ctx context.Context, hash string, id triage.ComplaintID, at time.Time) error
	// FollowedCase is CodeNotFound for an unknown hash.
	FollowedCase(ctx context.Context, hash string) (triage.ComplaintID, error)
}

// Talk is the conversation about a case.
type Talk interface {
	// Messages returns it oldest first.
	Messages(ctx context.Context, id triage.ComplaintID) ([]reply.Message, error)
}

// Desk is told what customers add to their cases.
type Desk interface {
	// Hear keeps the message once, whatever the number of calls with one key,
	// lets a case go on that waits for its customer, and takes a closed one up
	// again when Reopen is set.
	Hear(ctx context.Context, s Said) error
}

// Said is one message of a customer about a case.
type Said struct {
	Case triage.ComplaintID
	// Key is the same for every attempt: at most 64 ASCII characters.
	Key     string
	Channel triage.Channel
	Text    string
	At      time.Time
	// Reopen asks for a closed case to be taken up again.
	Reopen bool
}

// Surveys is the part of survey.Service that the pages use.
type Surveys interface {
	Open(ctx context.Context, token string) (survey.Page, error)
	Answer(ctx context.Context, token string, a survey.Answer) error
}

// Public serves the pages. It is safe for concurrent use.
type Public struct {
	d       Deps
	pages   pages
	gate    *gate
	handler http.Handler
}

// New parses the templates; a missing dependency is an error.
func New(d Deps) (*Public, error) {
	if d.Intake == nil || d.Codes == nil || d.Talk == nil || d.Desk == nil || d.Client == nil ||
		d.Zone == nil || d.Now == nil || d.Log == nil {
		return nil, errors.New("public: only Surveys may be nil")
	}
	if err := d.Config.Validate(); err != nil {
		return nil, err
	}
	if d.Config.PerHour == 0 {
		d.Config.PerHour = 30
	}
	set, err := parsePages()
	if err != nil {
		return nil, err
	}
	p := &Public{d: d, pages: set, gate: newGate(d.Now)}
	p.handler = p.secured(p.routes())
	return p, nil
}

// Handler answers every path below /p/.
func (p *Public) Handler() http.Handler { return p.handler }

func (p *Public) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range map[string]func(*visit){
		"GET /p/{$}":           p.showStart,
		"GET /p/complain":      p.showForm,
		"POST /p/complain":     p.takeComplaint,
		"GET /p/status":        p.showAsk,
		"POST /p/status":       p.showStatus,
		"POST /p/status/add":   p.takeMore,
		"GET /p/s/{token}":     p.showSurvey,
		"POST /p/s/{token}":    p.takeSurvey,
		"GET /p/static/{name}": p.serveAsset,
		"/p/":                  p.showNothing,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { do(p.newVisit(w, r)) })
	}
	return mux
}

// policy lets a page load our style sheet, post to us, and nothing else.
const policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// maxForm bounds a posted form in bytes: the longest texts, percent-encoded.
const maxForm = 9*(maxText+maxWant) + 16<<10

// secured sets the security headers, refuses forms of other sites and turns a
// panic into a page.
func (p *Public) secured(next http.Handler) http.Handler {
	forms := http.NewCrossOriginProtection()
	forms.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.newVisit(w, r).say(http.StatusForbidden, "refused.title", "refused.text")
	}))
	protected := forms.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		// Not no-referrer: then browsers post forms with the origin "null".
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		defer func() {
			if v := recover(); v != nil {
				if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(v)
				}
				p.d.Log.ErrorContext(r.Context(), "panic in a public page", "path", r.Pattern, "panic", v, "stack", string(debug.Stack()))
				p.newVisit(w, r).say(http.StatusInternalServerError, "broken.title", "broken.text")
			}
		}()
		protected.ServeHTTP(w, r)
	})
}
