package counter

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const (
	// UndoTime is how long the clerk may change or take back what they captured.
	UndoTime = 10 * time.Minute
	// maxWords bounds the words of a customer, maxName every name, in characters.
	maxWords, maxName = 500, 200
	// minComplaint is the length from which words can be a complaint.
	minComplaint = 6
	// skew is how far the clock of another system may be ahead of ours.
	skew = 5 * time.Minute
)

// Take keeps how a customer took a campaign, at once and only once: a capture
// with the key of an earlier one by the same is that one, and added is
// false. One from another system without a key has customer, campaign, attitude
// and time for a key. CodeNotFound is an unknown campaign, CodeConflict a key that
// was used for another customer, campaign or attitude. The customer need not be
// known. by is who is signed in, and the clerk unless the capture names one.
func (s *Service) Take(ctx context.Context, c Capture, by string) (stored Capture, added bool, err error) {
	c.RecordedAt, c.Clerk = s.d.Now(), cmp.Or(strings.TrimSpace(c.Clerk), by)
	if c.Key == "" && c.Source == FromAPI && c.Customer != "" && !c.At.IsZero() {
		c.Key = strings.Join([]string{string(c.Customer), c.Campaign, string(c.Attitude), c.At.UTC().Format(time.RFC3339Nano)}, " ")
	}
	if c.Key != "" {
		c.Key = by + " " + c.Key
	}
	if c.At.IsZero() {
		c.At = c.RecordedAt
	}
	c.Day = fact.DayOf(c.At, s.d.Zone)
	if err := c.check(); err != nil {
		return Capture{}, false, err
	}
	if _, err := s.d.Campaigns.Campaign(ctx, c.Campaign); err != nil {
		return Capture{}, false, err
	}
	s.understand(&c)
	stored, added, err = s.d.Store.AddCapture(ctx, c, s.entry(by, "capture.add", &c))
	if err != nil {
		return Capture{}, false, err
	}
	if !added && (stored.Campaign != c.Campaign || stored.Customer != c.Customer || stored.Attitude != c.Attitude) {
		return stored, false, &triage.Error{Code: triage.CodeConflict, Field: "key", Message: "this has been captured already, otherwise"}
	}
	return stored, added, nil
}

// Detail replaces what was added to a capture, and triages the words. Only its
// clerk may, within UndoTime and unless it was undone: CodeForbidden and CodeConflict.
func (s *Service) Detail(ctx context.Context, id int64, d Details, by string) (Capture, error) {
	c, err := s.own(ctx, id, by)
	if err != nil {
		return Capture{}, err
	}
	if c.Undone { // its words are gone, and stay so
		return Capture{}, triage.Errorf(triage.CodeConflict, "it was taken back")
	}
	c.Behaviour, c.Reasons, c.Words = d.Behaviour, d.Reasons, d.Words
	if err := c.check(); err != nil {
		return Capture{}, err
	}
	s.understand(&c)
	return s.change(ctx, c, s.entry(by, "capture.detail", &c))
}

// Undo takes a capture back: it counts no more, and its words are gone. Only its
// clerk may, within UndoTime, and while no complaint was made of it. Again it
// changes nothing.
func (s *Service) Undo(ctx context.Context, id int64, by string) (Capture, error) {
	c, err := s.own(ctx, id, by)
	if err != nil || c.Undone {
		return c, err
	}
	if c.Case != "" {
		return Capture{}, triage.Errorf(triage.CodeConflict, "a complaint was made of it: withdraw that one first")
	}
	c.Undone, c.Words = true, ""
	return s.change(ctx, c, s.entry(by, "capture.undo", &c))
}

func (s *Service) change(ctx context.Context, c Capture, e triage.AuditEntry) (Capture, error) {
	if err := s.d.Store.ChangeCapture(ctx, c, e); err != nil {
		return Capture{}, err
	}
	c.Version++
	return c, nil
}

// own returns a capture that its clerk may still change.
func (s *Service) own(ctx context.Context, id int64, by string) (Capture, error) {
	c, err := s.d.Store.Capture(ctx, id)
	switch {
	case err != nil:
		return Capture{}, err
	case c.Clerk != by:
		return Capture{}, triage.Errorf(triage.CodeForbidden, "only the clerk who captured it may change it")
	case s.d.Now().Sub(c.RecordedAt) > UndoTime:
		return Capture{}, triage.Errorf(triage.CodeConflict, "it was captured more than ten minutes ago and stays as it is")
	}
	return c, nil
}

// Changeable says whether its clerk may still change a capture.
func (c *Capture) Changeable(by string, now time.Time) bool {
	return c.Clerk == by && !c.Undone && now.Sub(c.RecordedAt) <= UndoTime
}

// check brings a capture into one form and names the first field at fault.
func (c *Capture) check() error {
	if !slices.Contains(campaign.Attitudes, c.Attitude) {
		return triage.FieldErrorf("attitude", "%.40q is unknown; use accepted, hesitated, refused or annoyed", string(c.Attitude))
	}
	if c.Behaviour != "" && !slices.Contains(Behaviours, c.Behaviour) {
		return triage.FieldErrorf("behaviour", "%.40q is unknown; use came, asked, question, compared or left", string(c.Behaviour))
	}
	for _, r := range c.Reasons {
		if !slices.Contains(Reasons, r) {
			return triage.FieldErrorf("reasons", "%.40q is unknown; see the list in the documents of the API", string(r))
		}
	}
	c.Reasons = slices.DeleteFunc(slices.Clone(Reasons), func(r Reason) bool { return !slices.Contains(c.Reasons, r) })
	c.Words = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(c.Words, "\r\n", "\n"), "\uFFFD"))
	if utf8.RuneCountInString(c.Words) > maxWords {
		return &triage.Error{Code: triage.CodeTooLarge, Field: "words", Message: "is longer than 500 characters; shorten it"}
	}
	if c.At.After(c.RecordedAt.Add(skew)) {
		return triage.FieldErrorf("at", "is in the future")
	}
	if c.Clerk == "" {
		return triage.FieldErrorf("clerk", "is empty: say who spoke with the customer")
	}
	for _, f := range []struct{ name, value string }{
		{"campaign", c.Campaign}, {"customer_id", string(c.Customer)}, {"clerk", c.Clerk}, {"shop", c.Shop},
	} {
		if utf8.RuneCountInString(f.value) > maxName || !utf8.ValidString(f.value) || strings.ContainsFunc(f.value, unicode.IsControl) {
			return triage.FieldErrorf(f.name, "is longer than %d characters or no plain text", maxName)
		}
	}
	return nil
}

// understand triages the words of a capture.
func (s *Service) understand(c *Capture) {
	c.Type, c.Sentiment, c.Complains = "", "", false
	if c.Words == "" || s.d.Assessor == nil {
		return
	}
	a := s.d.Assessor.Assess(&triage.Complaint{ID: "counter", Channel: triage.ChannelCounter, At: c.At, Text: c.Words})
	c.Type, c.Sentiment = a.Type, a.Sentiment.Label
	c.Complains = complains(&a, c.Words)
}

// complains says whether words seem to be a complaint: of somebody dissatisfied,
// about something that the machine knows, or who asks for something or is angry.
func complains(a *triage.Assessment, words string) bool {
	wants := a.Demand != "" && a.Demand != nlp.DemandNone
	return a.Sentiment.Label == nlp.Negative && utf8.RuneCountInString(words) >= minComplaint &&
		(!a.NeedsReview || wants || a.Sentiment.Intensity >= 2)
}

// entry is the audit entry of a change of a capture; the customer and what they
// said are not in it.
func (s *Service) entry(by, action string, c *Capture) triage.AuditEntry {
	detail, err := json.Marshal(map[string]string{"campaign": c.Campaign, "attitude": string(c.Attitude), "shop": c.Shop})
	if err != nil {
		detail = nil // cannot happen: strings always have a JSON form
	}
	return triage.AuditEntry{At: s.d.Now(), Actor: by, Action: action, Object: Object(c.ID), Detail: string(detail)}
}
