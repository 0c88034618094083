package watch

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/triage"
)

// maxLesson bounds a lesson, in characters.
const maxLesson = 4000

// CorrectCause says by hand what a complaint is caused by; the machine never
// changes it.
func (d *Desk) CorrectCause(ctx context.Context, id triage.ComplaintID, cause card.Cause, by string) error {
	if !slices.Contains(card.Causes, cause) {
		return triage.FieldErrorf("cause", "is no cause: choose one of the list")
	}
	return d.d.Causes.CorrectCause(ctx, card.Judged{Complaint: id, Cause: cause, By: by}, triage.AuditEntry{
		At: d.d.Now(), Actor: by, Action: "campaign.cause", Object: "case:" + string(id), Detail: string(cause),
	})
}

// Learn stores what people learnt from a campaign. version is the latest that the
// writer has read, 0 for none: CodeConflict when there is a newer one.
func (d *Desk) Learn(ctx context.Context, id, text string, version int64, by string) error {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return triage.FieldErrorf("text", "is empty: write what was learnt")
	case utf8.RuneCountInString(text) > maxLesson:
		return triage.FieldErrorf("text", "has more than %d characters", maxLesson)
	}
	if _, err := d.d.Register.Campaign(ctx, id); err != nil {
		return err
	}
	now := d.d.Now()
	return d.d.Cards.PutLesson(ctx, card.Lesson{Campaign: id, Version: version + 1, Text: text, By: by, At: now}, triage.AuditEntry{
		At: now, Actor: by, Action: "campaign.lesson", Object: campaign.Object(id), Detail: "version " + strconv.FormatInt(version+1, 10),
	})
}

// Assume changes the assumptions of the cost of handling.
func (d *Desk) Assume(ctx context.Context, a card.Assumptions, by string) error {
	if err := a.Check(); err != nil {
		return err
	}
	a.By, a.At = by, d.d.Now()
	return d.d.Cards.PutCostAssumptions(ctx, a, triage.AuditEntry{
		At: a.At, Actor: by, Action: "campaign.assume", Object: "campaign-cost",
		Detail: strconv.FormatFloat(a.Hourly, 'f', -1, 64) + " CNY/h",
	})
}
