package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// recount makes the rows of a day again from what people see of each case: its
// whole record as the pages read it, one case after the other. Nothing here is
// shared with the roll-up but what a mark of a reply and a threat in a text are,
// so that a mistake in one does not hide in the other.
func (f *Facts) recount(ctx context.Context, day fact.Day) ([]fact.Row, error) {
	noon := time.Unix(int64(day)*24*60*60, 0)
	from, to := instant(noon.Add(-36*time.Hour)), instant(noon.Add(60*time.Hour)) // more than any zone needs
	cases, _, err := f.db.listCases(ctx, `SELECT `+caseColumns+` FROM cases c WHERE c.effective_at >= $1 AND c.effective_at < $2 ORDER BY c.seq`, from, to)
	if err != nil {
		return nil, err
	}
	var rows []fact.Row
	for i := range cases {
		c := &cases[i]
		if effectiveAt(c).In(f.zone).Format(time.DateOnly) != day.String() {
			continue
		}
		row, err := f.recountCase(ctx, c)
		if err != nil {
			return nil, err
		}
		row.Day = day
		rows = append(rows, row)
	}
	return rows, nil
}

func (f *Facts) recountCase(ctx context.Context, c *triage.Case) (r fact.Row, err error) {
	begin := effectiveAt(c)
	local := begin.In(f.zone).Format("15:04")
	var hour, minute uint16
	if _, err := fmt.Sscanf(local, "%d:%d", &hour, &minute); err != nil {
		return r, err
	}
	after := func(t time.Time) int32 {
		if t.IsZero() {
			return -1
		}
		return int32(min(max(0, (t.UnixMilli()-begin.UnixMilli())/60_000), math.MaxInt32))
	}
	r = fact.Row{
		Seq: c.Seq, Minute: 60*hour + minute, Satisfaction: -1,
		Respond: after(c.Work.RespondedAt), Verify: after(c.Work.VerifiedAt), Resolve: after(c.ClosedAt),
	}
	if c.Work.RespondedAt.UnixMilli() == begin.UnixMilli() {
		r.Respond = -1
	}
	if c.CustomerID != "" {
		sum := sha256.Sum256([]byte(c.CustomerID))
		r.Customer = binary.BigEndian.Uint64(sum[:8])
	}
	if c.Satisfaction != nil {
		r.Satisfaction = float32(*c.Satisfaction)
	}
	campaign, err := f.campaignOf(ctx, c)
	if err != nil {
		return r, err
	}
	recountValues(&r, c, campaign)
	if r.Flags, err = f.recountFlags(ctx, c); err != nil {
		return r, err
	}
	if err := f.recountStays(ctx, c, &r); err != nil {
		return r, err
	}
	if err := f.recountHandOvers(ctx, c, &r); err != nil {
		return r, err
	}
	return r, f.recountReplies(ctx, c, &r)
}

func (f *Facts) campaignOf(ctx context.Context, c *triage.Case) (string, error) {
	campaign := c.Campaign
	err := collect(ctx, f.db.read, func(rows *sql.Rows) error { return rows.Scan(&campaign) },
		`SELECT campaign_id FROM attributions WHERE case_id = $1`, string(c.ID))
	return campaign, err
}

func recountValues(r *fact.Row, c *triage.Case, campaign string) {
	a, w := c.Assessment, c.Work
	for dim, value := range map[fact.Dim]string{
		fact.Channel: string(c.Channel), fact.Region: c.Region, fact.Product: c.Product, fact.Campaign: campaign,
		fact.Department: w.Department, fact.Owner: w.Owner, fact.Tier: string(w.Tier), fact.Urgency: string(a.Urgency.Level),
		fact.Sentiment: string(a.Sentiment.Label), fact.Intensity: fmt.Sprint(a.Sentiment.Intensity), fact.Demand: string(a.Demand),
		fact.Style: string(a.Style), fact.Cause: string(w.Cause), fact.CauseDepartment: w.CauseDepartment, fact.Status: string(c.Status),
		fact.Type: a.Type, fact.Subtype: a.Subtype,
	} {
		r.Values[dim] = value
	}
	if c.Type != "" {
		r.Values[fact.Type], r.Values[fact.Subtype] = c.Type, c.Subtype
	}
	if w.Department == "" {
		r.Values[fact.Department] = a.Department
	}
}

func (f *Facts) recountFlags(ctx context.Context, c *triage.Case) (fact.Flags, error) {
	w, status := c.Work, c.Status
	suggested := c.Assessment.Type
	err := collect(ctx, f.db.read, func(rows *sql.Rows) error {
		var said string
		err := rows.Scan(&said)
		if said != "" {
			suggested = said
		}
		return err
	}, `SELECT suggested FROM labels WHERE case_id = $1 ORDER BY id DESC LIMIT 1`, string(c.ID))
	if err != nil {
		return 0, err
	}
	late := func(by, at time.Time) bool { return !by.IsZero() && !at.IsZero() && by.UnixMilli() < at.UnixMilli() }
	var flags fact.Flags
	if err := f.db.read.QueryRowContext(ctx, `SELECT escalations FROM cases WHERE id = $1`, string(c.ID)).Scan(&flags); err != nil {
		return 0, err
	}
	flags |= fact.EscalationsIn(c.Body())
	for flag, is := range map[fact.Flags]bool{
		fact.Repeat: c.Predecessor != "", fact.Reopened: w.Reopened != 0,
		fact.Ended:        status == triage.StatusClosed || status == triage.StatusCalledBack,
		fact.Withdrawn:    status == triage.StatusWithdrawn || status == triage.StatusMerged,
		fact.LateResponse: late(w.Clocks.RespondBy, w.RespondedAt), fact.LateVerify: late(w.Clocks.VerifyBy, w.VerifiedAt),
		fact.LateResolve: late(w.Clocks.ResolveBy, c.ClosedAt),
		fact.NeedsReview: c.Type == "" && c.Assessment.NeedsReview,
		fact.Labelled:    c.Type != "", fact.Corrected: c.Type != "" && c.Type != suggested,
	} {
		if is {
			flags |= flag
		}
	}
	surveys, err := f.db.Surveys().list(ctx, `WHERE s.case_id = $1`, string(c.ID))
	for _, s := range surveys {
		if s.State != survey.StateAnswered || !s.ClosedAt.Equal(c.ClosedAt) {
			continue
		}
		for _, reason := range s.Answer.Reasons {
			switch reason {
			case survey.ReasonSlow:
				flags |= fact.Slow
			case survey.ReasonSolution:
				flags |= fact.BadSolution
			case survey.ReasonAttitude:
				flags |= fact.BadAttitude
			case survey.ReasonOther:
				flags |= fact.OtherReason
			}
		}
	}
	return flags, err
}

func (f *Facts) recountStays(ctx context.Context, c *triage.Case, r *fact.Row) error {
	record, err := f.db.StepsOf(ctx, []triage.ComplaintID{c.ID})
	steps := record[c.ID]
	if err != nil || len(steps) == 0 {
		return err
	}
	// Every entry with the one before it; entries that change nothing are skipped.
	where, since := [3]string{string(steps[0].From), c.Assessment.Department, ""}, effectiveAt(c)
	for _, s := range steps {
		to := [3]string{string(s.To), s.Department, s.Owner}
		if to != where {
			minutes := min(max(0, (s.Entered.UnixMilli()-since.UnixMilli())/60_000), math.MaxInt32)
			r.Stays = append(r.Stays, fact.Stay{Status: where[0], Department: where[1], Owner: where[2], Minutes: int32(minutes)})
			where, since = to, s.Entered
		}
	}
	return nil
}

func (f *Facts) recountHandOvers(ctx context.Context, c *triage.Case, r *fact.Row) error {
	list, err := f.db.HandOvers(ctx, c.ID)
	if err == nil {
		err = f.db.read.QueryRowContext(ctx, `SELECT COALESCE(SUM(needed), 0), COALESCE(SUM(known), 0) FROM hand_overs WHERE case_id = $1`,
			string(c.ID)).Scan(&r.FactsNeeded, &r.FactsKnown)
	}
	for _, h := range list {
		r.HandOvers++
		for _, key := range []string{"contact", "demand", "product", "checked", "promised", "task", "due"} {
			if len(h.Facts) == 0 {
				break
			}
			r.FactsNeeded++
			if said := strings.TrimSpace(h.Facts[key]); said != "" && !strings.HasPrefix(strings.ToLower(said), "unknown:") {
				r.FactsKnown++
			}
		}
	}
	return err
}

// recountReplies marks every text anew; of one that is forgotten its mark is all
// there is.
func (f *Facts) recountReplies(ctx context.Context, c *triage.Case, r *fact.Row) error {
	if f.mark == nil {
		return nil
	}
	return collect(ctx, f.db.read, func(rows *sql.Rows) error {
		var text string
		var mark int
		err := rows.Scan(&text, &mark)
		if text != "" {
			mark = min(f.mark(text, c.Body()), 5)
		}
		if mark > 0 {
			r.Replies++
			r.Points += uint16(mark)
		}
		return err
	}, `SELECT text, mark FROM case_messages WHERE case_id = $1 AND direction = $2 AND state = ''`, string(c.ID), string(reply.Out))
}
