package survey

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Service asks customers and takes their answers. It is safe for concurrent
// use.
type Service struct {
	d Deps
}

// Deps is what a Service is made of. Without a Postman nobody is written to;
// Guard, Assessor, Intake and Quiet may be nil.
type Deps struct {
	Store    Store
	Cases    Cases
	Scores   Scores
	Care     Care
	Postman  triage.Postman
	Guard    Guard
	Assessor Assessor
	Intake   Intake
	// Quiet says whether nobody may be disturbed at a time.
	Quiet  func(time.Time) bool
	Config Config
	// LowScore is the limit of Figures.Low.
	LowScore float64
	Now      func() time.Time
	Log      *slog.Logger
}

// New makes a Service; the error names the field of the configuration at fault.
func New(d Deps) (*Service, error) {
	if err := d.Config.Validate(); err != nil {
		return nil, err
	}
	return &Service{d: d}, nil
}

// keyName is the secret that tokens and addressees are made with.
const keyName = "survey"

// List returns one page of surveys, latest first.
func (s *Service) List(ctx context.Context, f Filter) (List, error) { return s.d.Store.Surveys(ctx, f) }

// Survey returns one survey, or CodeNotFound.
func (s *Service) Survey(ctx context.Context, id int64) (Survey, error) {
	return s.d.Store.Survey(ctx, id)
}

// Figures sums up the surveys created at from <= t < to.
func (s *Service) Figures(ctx context.Context, from, to time.Time) (Figures, error) {
	return s.d.Store.Figures(ctx, from, to, s.d.LowScore)
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
