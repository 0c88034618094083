package public_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/survey"
	"github.com/qianyi-dev/qianyi/web/public"
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60))

// service is everything behind the pages, in memory.
type service struct {
	mu      sync.Mutex
	cases   map[triage.ComplaintID]triage.Case
	codes   map[string]triage.ComplaintID
	said    []public.Said
	talk    []reply.Message
	surveys map[string]survey.Page
	answers []survey.Answer
	// fail makes the next call that writes fail.
	fail error
}

type bundle struct {
	*service
	clock   *testkit.Clock
	handler http.Handler
}

func setup(t *testing.T, changes ...func(*public.Deps)) *bundle {
	t.Helper()
	b := &bundle{
		service: &service{cases: map[triage.ComplaintID]triage.Case{}, codes: map[string]triage.ComplaintID{}, surveys: map[string]survey.Page{}},
		clock:   testkit.NewClock(noon),
	}
	d := public.Deps{
		Intake: b, Codes: b, Talk: b, Desk: b, Surveys: b, Config: public.Config{Complain: true, Company: "前移电信", Hotline: "10086"},
		Client: func(r *http.Request) string { return cmp.Or(r.Header.Get("X-Client"), "here") },
		Zone:   noon.Location(), Now: b.clock.Now, Log: slog.New(slog.DiscardHandler),
	}
	for _, change := range changes {
		change(&d)
	}
	p, err := public.New(d)
	if err != nil {
		t.Fatal(err)
	}
	b.handler = p.Handler()
	return b
}

// answer is a page.
type answer struct {
	code int
	body string
}

func (b *bundle) get(path string, headers ...string) answer {
	return b.serve(http.MethodGet, path, nil, headers...)
}

func (b *bundle) post(path string, form url.Values, headers ...string) answer {
	return b.serve(http.MethodPost, path, form, headers...)
}

func (b *bundle) serve(method, path string, form url.Values, headers ...string) answer {
	r := httptest.NewRequest(method, "https://qianyi.example"+path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return answer{w.Code, w.Body.String()}
}

// want checks status and content of a page.
func (a answer) want(t *testing.T, code int, has ...string) answer {
	t.Helper()
	if a.code != code {
		t.Fatalf("got status %d, want %d\n%s", a.code, code, a.body)
	}
	for _, h := range has {
		if !strings.Contains(a.body, h) {
			t.Errorf("the page lacks %q\n%s", h, a.body)
		}
	}
	return a
}

func (a answer) lacks(t *testing.T, texts ...string) answer {
	t.Helper()
	for _, h := range texts {
		if strings.Contains(a.body, h) {
			t.Errorf("the page has %q\n%s", h, a.body)
		}
	}
	return a
}

var (
	tokenField = regexp.MustCompile(`name="token" value="([A-Z2-7]{26})"`)
	codeShown  = regexp.MustCompile(`<p class="code">([0-9A-Z]{5}-[0-9A-Z]{5})</p>`)
)

func (a answer) token(t *testing.T) string {
	t.Helper()
	m := tokenField.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("the page has no token\n%s", a.body)
	}
	return m[1]
}

func (a answer) followCode(t *testing.T) string {
	t.Helper()
	m := codeShown.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("the page has no code\n%s", a.body)
	}
	return m[1]
}

// form is a filled-in complaint with a fresh token.
func (b *bundle) form(t *testing.T) url.Values {
	t.Helper()
	return url.Values{
		"token": {b.get("/p/complain").want(t, 200).token(t)}, "name": {"王小明"}, "phone": {"138 1234 5678"}, "email": {"w@customer.example"},
		"order": {"D-1"}, "product": {"宽带"}, "text": {"宽带断了三天\r\n没人来修"}, "want": {"尽快修好"}, "website": {""},
	}
}

// filed files a complaint and returns the code and the case.
func (b *bundle) filed(t *testing.T) (string, triage.Case) {
	t.Helper()
	code := b.post("/p/complain", b.form(t)).want(t, 200).followCode(t)
	for _, c := range b.cases {
		return code, c
	}
	t.Fatal("nothing is stored")
	return "", triage.Case{}
}

// Submit implements public.Intake.
func (s *service) Submit(_ context.Context, c triage.Complaint, _ int) (triage.Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.failure(); err != nil {
		return triage.Receipt{}, err
	}
	if err := c.Validate(); err != nil {
		return triage.Receipt{}, err
	}
	if known, ok := s.cases[c.ID]; ok {
		return triage.Receipt{Case: known, Duplicate: true}, nil
	}
	c.At = noon
	k := triage.Case{Complaint: c, Status: triage.StatusReceived}
	k.Assessment.SLA = triage.SLA{RespondBy: noon.Add(24 * time.Hour), ResolveBy: noon.Add(72 * time.Hour)}
	s.cases[c.ID] = k
	return triage.Receipt{Case: k}, nil
}

// failure returns the failure that was asked for, once.
func (s *service) failure() error {
	err := s.fail
	s.fail = nil
	return err
}

// Case implements public.Intake.
func (s *service) Case(_ context.Context, id triage.ComplaintID) (triage.Case, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.cases[id]
	if !ok {
		return c, triage.Errorf(triage.CodeNotFound, "there is no case %s", id)
	}
	return c, nil
}

// AddFollowCode implements public.Codes.
func (s *service) AddFollowCode(_ context.Context, hash string, id triage.ComplaintID, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.failure(); err != nil {
		return err
	}
	if known, ok := s.codes[hash]; ok && known != id {
		return triage.Errorf(triage.CodeConflict, "taken")
	}
	s.codes[hash] = id
	return nil
}

// FollowedCase implements public.Codes.
func (s *service) FollowedCase(_ context.Context, hash string) (triage.ComplaintID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, ok := s.codes[hash]
	if !ok {
		return "", triage.Errorf(triage.CodeNotFound, "no such code")
	}
	return id, nil
}

// Messages implements public.Talk.
func (s *service) Messages(_ context.Context, id triage.ComplaintID) ([]reply.Message, error) {
	return slices.DeleteFunc(slices.Clone(s.talk), func(m reply.Message) bool { return m.Complaint != id }), nil
}

// Hear implements public.Desk.
func (s *service) Hear(_ context.Context, said public.Said) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.failure(); err != nil {
		return err
	}
	if len(said.Key) > 64 {
		return errors.New("the key is too long")
	}
	if !slices.ContainsFunc(s.said, func(known public.Said) bool { return known.Key == said.Key }) {
		s.said = append(s.said, said)
		c := s.cases[said.Case]
		c.Work.WaitingSince = time.Time{}
		s.cases[said.Case] = c
	}
	return nil
}

// Open implements public.Surveys.
func (s *service) Open(_ context.Context, token string) (survey.Page, error) {
	p, ok := s.surveys[token]
	if !ok {
		return p, triage.Errorf(triage.CodeNotFound, "no such link")
	}
	return p, nil
}

// Answer implements public.Surveys.
func (s *service) Answer(_ context.Context, token string, a survey.Answer) error {
	if err := s.failure(); err != nil {
		return err
	}
	s.answers = append(s.answers, a)
	p := s.surveys[token]
	p.State = survey.StateAnswered
	s.surveys[token] = p
	return nil
}
