package survey_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

var noon = time.Date(2026, time.May, 11, 12, 0, 0, 0, time.UTC)

// postman keeps what he is given. Set fail to make him fail.
type postman struct {
	mu      sync.Mutex
	letters []triage.Letter
	fail    func(l triage.Letter) error
}

func (p *postman) Send(_ context.Context, l triage.Letter) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		if err := p.fail(l); err != nil {
			return "", err
		}
	}
	p.letters = append(p.letters, l)
	return "sms", nil
}

// token of the latest letter.
func (p *postman) token(t *testing.T) string {
	t.Helper()
	if len(p.letters) == 0 {
		t.Fatal("no letter was sent")
	}
	_, rest, found := strings.Cut(p.letters[len(p.letters)-1].Text, "https://service.example.com/p/s/")
	token, _, blank := strings.Cut(rest, " ")
	if !found || !blank {
		t.Fatalf("no link in %q", p.letters[len(p.letters)-1].Text)
	}
	return token
}

// assessor finds every text negative, and about the type that it names.
type assessor struct{}

func (assessor) Assess(c *triage.Complaint) triage.Assessment {
	a := triage.Assessment{Type: "network", Sentiment: nlp.Sentiment{Label: nlp.Negative}}
	if strings.Contains(c.Text, "费") {
		a.Type = "billing"
	}
	return a
}

// intake stores what is submitted.
type intake struct{ db *store.DB }

func (i intake) Submit(ctx context.Context, c triage.Complaint, _ int) (triage.Receipt, error) {
	k := triage.Case{Complaint: c, Status: triage.StatusReceived, ReceivedAt: noon}
	a, err := i.db.Accept(ctx, []triage.Case{k})
	if err != nil {
		return triage.Receipt{}, err
	}
	return triage.Receipt{Case: k, Duplicate: !a[0].New}, nil
}

// scores passes scores on to the life-cycle until it is told to fail.
type scores struct {
	*life.Service
	err error
}

func (s *scores) SetSatisfaction(ctx context.Context, id triage.ComplaintID, score float64, by string) error {
	if s.err != nil {
		return s.err
	}
	return s.Service.SetSatisfaction(ctx, id, score, by)
}

// world is a service over a real database, with a clock that tests set.
type world struct {
	*survey.Service
	db     *store.DB
	care   *customer.Service
	post   *postman
	scores *scores
	deps   survey.Deps
	now    time.Time
	quiet  bool
}

func newWorld(t *testing.T, change ...func(*survey.Config)) *world {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "q.db"))
	check(t, err)
	t.Cleanup(func() { check(t, db.Shutdown()) })
	cal, err := calendar.New(calendar.Config{}, time.UTC)
	check(t, err)
	w := &world{db: db, post: &postman{}, now: noon}
	clock := func() time.Time { return w.now }
	w.scores = &scores{Service: life.New(life.Deps{Store: db, Calendar: cal, Now: clock})}
	w.care, err = customer.New(customer.Deps{
		Store: db.Care(), Cases: db, Calendar: cal, Policy: customer.DefaultPolicy(), Zone: time.UTC, Now: clock, Log: slog.New(slog.DiscardHandler),
	})
	check(t, err)
	c := survey.Default()
	c.Enabled, c.BaseURL = true, "https://service.example.com/"
	for _, f := range change {
		f(&c)
	}
	w.deps = survey.Deps{
		Store: db.Surveys(), Cases: db, Scores: w.scores, Care: w.care, Postman: w.post, Guard: db, Assessor: assessor{}, Intake: intake{db},
		Quiet: func(time.Time) bool { return w.quiet }, Config: c, LowScore: 80, Now: clock, Log: slog.New(slog.DiscardHandler),
	}
	w.Service, err = survey.New(w.deps)
	check(t, err)
	return w
}

// closed stores a case of a customer who can be reached, closed a day and an
// hour ago.
func (w *world) closed(t *testing.T, id triage.ComplaintID, of triage.CustomerID, tier ...triage.Tier) {
	t.Helper()
	if of != "" {
		c := triage.Customer{ID: of, Phone: triage.Phone(fmt.Sprintf("199%08d", len(of)*1000+int(of[len(of)-1])))}
		if len(tier) > 0 {
			c.Tier = tier[0]
		}
		_, err := w.db.PutCustomers(t.Context(), []triage.Customer{c})
		check(t, err)
	}
	w.accept(t, id, of, nil)
}

// accept stores a case that was closed a day and an hour ago.
func (w *world) accept(t *testing.T, id triage.ComplaintID, of triage.CustomerID, attrs map[string]any) {
	t.Helper()
	k := triage.Case{
		Complaint: triage.Complaint{
			ID: id, CustomerID: of, At: w.now.AddDate(0, 0, -3), Text: "断网", Product: "宽带", Channel: triage.ChannelApp,
			Resolution: "已修复", ClosedAt: w.now.Add(-25 * time.Hour), Attrs: attrs,
		},
		Assessment: triage.Assessment{ID: id, Type: "network", Department: "网络部"},
		Status:     triage.StatusClosed, ReceivedAt: w.now.AddDate(0, 0, -3),
	}
	_, err := w.db.Accept(t.Context(), []triage.Case{k})
	check(t, err)
}

// invite runs the job and compares what it did.
func (w *world) invite(t *testing.T, want survey.Counts) {
	t.Helper()
	got, err := w.Invite(t.Context())
	check(t, err)
	if got != want {
		t.Errorf("did %+v, want %+v", got, want)
	}
}

// later moves the clock by days.
func (w *world) later(days int) { w.now = w.now.AddDate(0, 0, days).Add(time.Minute) }

// of returns the survey of a case.
func (w *world) of(t *testing.T, id triage.ComplaintID) survey.Survey {
	t.Helper()
	v, err := w.db.Surveys().OfCase(t.Context(), id)
	check(t, err)
	return v
}

// tasks lists the kinds of open tasks.
func (w *world) tasks(t *testing.T) (kinds []customer.TaskKind) {
	t.Helper()
	page, err := w.care.Tasks(t.Context(), customer.TaskFilter{}, customer.Page{})
	check(t, err)
	for _, task := range page.Rows {
		kinds = append(kinds, task.Kind)
	}
	return kinds
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, want triage.Code) {
	t.Helper()
	if got := triage.CodeOf(err); got != want {
		t.Errorf("got error %v of code %q, want %q", err, got, want)
	}
}

func fieldOf(err error) string {
	if e, ok := errors.AsType[*triage.Error](err); ok {
		return e.Field
	}
	return ""
}
