package survey

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

const (
	// maxText bounds the text of an answer, in characters.
	maxText = 500
	// minIssue is the length from which a text can be a complaint of its own.
	minIssue = 8
	// byCustomer is who answers through the link.
	byCustomer = "customer"
)

// errLink does not say what is wrong with a token.
var errLink = triage.Errorf(triage.CodeNotFound, "the link is not one of ours; open the one that was sent to you")

// Open returns what the page of a link shows. CodeNotFound is a token that we
// did not sign.
func (s *Service) Open(ctx context.Context, token string) (Page, error) {
	sv, err := s.byToken(ctx, token)
	if err != nil {
		return Page{}, err
	}
	c, err := s.d.Cases.Case(ctx, sv.Case)
	if err != nil {
		return Page{}, err
	}
	return Page{State: sv.State, ExpiresAt: sv.ExpiresAt, At: c.At, Product: c.Product, Answer: sv.Answer}, nil
}

// byToken returns the survey of a token; its State is StateExpired when the
// time of the token is over, whether or not the job has noted it.
func (s *Service) byToken(ctx context.Context, token string) (Survey, error) {
	key, err := s.d.Store.Key(ctx, keyName)
	if err != nil {
		return Survey{}, err
	}
	id, expires, ok := verify(key, token)
	if !ok {
		return Survey{}, errLink
	}
	sv, err := s.d.Store.Survey(ctx, id)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return Survey{}, errLink
	}
	if sv.State.Open() && !s.d.Now().Before(expires) {
		sv.State = StateExpired
	}
	return sv, err
}

// Answer stores what the customer of a link says, once. The same answer again
// is no error: people click twice. Another one, and one after the link has
// expired, is CodeConflict, Field "answered" or "expired".
func (s *Service) Answer(ctx context.Context, token string, a Answer) error {
	sv, err := s.byToken(ctx, token)
	if err != nil {
		return err
	}
	if err := a.clean(); err != nil {
		return err
	}
	sv.Via, sv.By = ViaLink, byCustomer
	return s.take(ctx, sv, a)
}

// take stores an answer of a survey that may have been answered.
func (s *Service) take(ctx context.Context, sv Survey, a Answer) error {
	switch {
	case sv.State == StateAnswered:
		return repeated(sv.Answer, a)
	case sv.State == StateExpired && sv.Via == ViaLink:
		return &triage.Error{Code: triage.CodeConflict, Field: "expired", Message: "the time to answer is over"}
	}
	sv.Answer, sv.AnsweredAt, sv.State = a, s.d.Now(), StateAnswered
	if err := s.understand(ctx, &sv); err != nil {
		return err
	}
	first, err := s.d.Store.Answer(ctx, sv, triage.AuditEntry{At: sv.AnsweredAt, Actor: sv.By, Action: "survey.answer", Object: Object(sv.ID)})
	if err != nil {
		return err
	}
	if !first {
		if sv, err = s.d.Store.Survey(ctx, sv.ID); err != nil {
			return err
		}
		return repeated(sv.Answer, a)
	}
	// The answer is stored: what follows from it is made up by the job.
	if err := s.follow(ctx, &sv); err != nil {
		s.d.Log.Error("survey: an answer could not be followed up; the job tries again", "survey", sv.ID, "err", err)
	}
	return nil
}

func repeated(stored, again Answer) error {
	if stored.Score == again.Score && stored.Text == again.Text && slices.Equal(stored.Reasons, again.Reasons) {
		return nil
	}
	return &triage.Error{Code: triage.CodeConflict, Field: "answered", Message: "the survey has been answered already"}
}

// clean checks an answer and brings it into one form.
func (a *Answer) clean() error {
	if !(a.Score >= 0 && a.Score <= 100) {
		return triage.FieldErrorf("score", "%v is outside 0..100", a.Score)
	}
	for _, r := range a.Reasons {
		if !slices.Contains(Reasons, r) {
			return triage.FieldErrorf("reasons", "%q is unknown; use slow, solution, attitude or other", string(r))
		}
	}
	a.Reasons = slices.DeleteFunc(slices.Clone(Reasons), func(r Reason) bool { return !slices.Contains(a.Reasons, r) })
	a.Text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(a.Text, "\r\n", "\n"), "\uFFFD"))
	if utf8.RuneCountInString(a.Text) > maxText {
		return &triage.Error{Code: triage.CodeTooLarge, Field: "text", Message: "is longer than 500 characters; shorten it"}
	}
	return nil
}

// understand triages the text of an answer. A text that complains of something
// else than the case did is proposed as a complaint of its own.
func (s *Service) understand(ctx context.Context, sv *Survey) error {
	if sv.Answer.Text == "" || s.d.Assessor == nil {
		return nil
	}
	c, err := s.d.Cases.Case(ctx, sv.Case)
	if err != nil {
		return err
	}
	a := s.d.Assessor.Assess(&triage.Complaint{ID: "survey", At: sv.AnsweredAt, Text: sv.Answer.Text})
	sv.Type, sv.Sentiment = a.Type, a.Sentiment.Label
	sv.NewIssue = a.Sentiment.Label == nlp.Negative && !a.NeedsReview && a.Type != c.FinalType() &&
		utf8.RuneCountInString(sv.Answer.Text) >= minIssue
	return nil
}

// follow does what follows from an answer. All of it may be repeated. The score
// is that of the case only while the closing that was asked about is its last.
func (s *Service) follow(ctx context.Context, sv *Survey) error {
	c, err := s.d.Cases.Case(ctx, sv.Case)
	if err != nil {
		return err
	}
	if c.ClosedAt.Equal(sv.ClosedAt) {
		if err := s.d.Scores.SetSatisfaction(ctx, sv.Case, sv.Answer.Score, sv.By); err != nil {
			return err
		}
	}
	score := customer.Score{
		Survey: sv.ID, Case: sv.Case, Customer: sv.Customer, Score: sv.Answer.Score, Text: sv.Answer.Text, At: sv.AnsweredAt, By: sv.By,
	}
	for _, r := range sv.Answer.Reasons {
		score.Reasons = append(score.Reasons, string(r))
	}
	if err := s.d.Care.Scored(ctx, score); err != nil {
		return err
	}
	if err := s.endCalls(ctx, sv); err != nil {
		return err
	}
	return s.d.Store.Followed(ctx, sv.ID)
}

// endCalls completes the call-back tasks of a case that has its answer.
func (s *Service) endCalls(ctx context.Context, sv *Survey) error {
	open, err := s.d.Care.Tasks(ctx, customer.TaskFilter{Kind: customer.TaskCallBack, Case: sv.Case}, customer.Page{})
	if err != nil {
		return err
	}
	for _, t := range open.Rows {
		err := s.d.Care.CompleteTask(ctx, t.ID, t.Version, "已取得满意度评价", sv.By)
		if err != nil && triage.CodeOf(err) != triage.CodeConflict { // done by somebody else meanwhile
			return err
		}
	}
	return nil
}

// Record stores what a customer said on the phone. It answers the survey of the
// case when there is one, else makes one; everything follows as from an answer
// through the link.
func (s *Service) Record(ctx context.Context, b CallBack) (Survey, error) {
	if err := b.Answer.clean(); err != nil {
		return Survey{}, err
	}
	c, err := s.d.Cases.Case(ctx, b.Case)
	if err != nil {
		return Survey{}, err
	}
	if c.Status.Open() {
		return Survey{}, triage.Errorf(triage.CodeConflict, "case %s is not closed: ask how it ended when it has", b.Case)
	}
	sv, err := s.d.Store.OfCase(ctx, b.Case)
	if triage.CodeOf(err) == triage.CodeNotFound || err == nil && !sv.ClosedAt.Equal(c.ClosedAt) {
		sv, err = s.create(ctx, &c)
	}
	if err != nil {
		return Survey{}, err
	}
	sv.Via, sv.By = ViaCall, b.By
	if err := s.take(ctx, sv, b.Answer); err != nil {
		return Survey{}, err
	}
	return s.d.Store.Survey(ctx, sv.ID)
}

// create makes the survey of a case that nobody is written to about.
func (s *Service) create(ctx context.Context, c *triage.Case) (Survey, error) {
	now := s.d.Now()
	_, err := s.d.Store.Create(ctx, []Survey{{
		Case: c.ID, ClosedAt: c.ClosedAt, Customer: c.CustomerID, State: StateWaiting, CreatedAt: now, ExpiresAt: now.Add(s.d.Config.Expires),
	}})
	if err != nil {
		return Survey{}, err
	}
	return s.d.Store.OfCase(ctx, c.ID)
}

// TakeUp makes a complaint of the text of an answer and returns it, once: again
// it returns the same one.
func (s *Service) TakeUp(ctx context.Context, id int64, by string) (triage.Case, error) {
	sv, err := s.d.Store.Survey(ctx, id)
	if err != nil {
		return triage.Case{}, err
	}
	if sv.Answer.Text == "" || s.d.Intake == nil {
		return triage.Case{}, triage.Errorf(triage.CodeConflict, "survey %d has no text to make a complaint of", id)
	}
	c, err := s.d.Cases.Case(ctx, sv.Case)
	if err != nil {
		return triage.Case{}, err
	}
	receipt, err := s.d.Intake.Submit(ctx, triage.Complaint{
		ID: triage.ComplaintID("survey-" + number(id)), CustomerID: sv.Customer, Channel: triage.ChannelWeb, At: sv.AnsweredAt,
		Text: sv.Answer.Text, Region: c.Region, Product: c.Product, Attrs: map[string]any{"survey_of": string(sv.Case)},
	}, 0)
	if err != nil {
		return triage.Case{}, err
	}
	return receipt.Case, s.d.Store.SetFollowUp(ctx, id, receipt.Case.ID, triage.AuditEntry{
		At: s.d.Now(), Actor: by, Action: "survey.take_up", Object: Object(id),
	})
}
