package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// factColumns are the columns in the order of scanFactCase: what rows are built
// from, of tables c (cases) and a (attributions).
const factColumns = `c.seq, c.id, c.customer_id, c.channel, c.at, c.title, c.text, c.region, c.product, COALESCE(a.campaign_id, c.campaign),
	c.label_type, c.label_subtype, c.closed_at, c.satisfaction, c.assessment, c.status, c.received_at, c.predecessor,
	c.owner, c.department, c.respond_by, c.verify_by, c.settle_by, c.responded_at, c.verified_at, c.cause, c.cause_department,
	c.reopened, c.tier, c.escalations`

// judged is the part of an assessment that rows hold; reading no more of it is
// much of the speed.
type judged struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	NeedsReview bool   `json:"needs_review"`
	Sentiment   struct {
		Label     nlp.Polarity `json:"label"`
		Intensity int          `json:"intensity"`
	} `json:"sentiment"`
	Urgency struct {
		Level nlp.UrgencyLevel `json:"level"`
	} `json:"urgency"`
	Demand     nlp.Demand `json:"demand"`
	Style      nlp.Style  `json:"customer_style"`
	Department string     `json:"department"`
}

func scanFactCase(rows *sql.Rows, s *fact.Source) error {
	var assessment []byte
	c := &s.Case
	w := &c.Work
	err := rows.Scan(&c.Seq, &c.ID, &c.CustomerID, &c.Channel, (*instant)(&c.At), &c.Title, &c.Text, &c.Region, &c.Product, &c.Campaign,
		&c.Type, &c.Subtype, (*instant)(&c.ClosedAt), &c.Satisfaction, &assessment, &c.Status, (*instant)(&c.ReceivedAt), &c.Predecessor,
		&w.Owner, &w.Department, (*instant)(&w.Clocks.RespondBy), (*instant)(&w.Clocks.VerifyBy), (*instant)(&w.Clocks.ResolveBy),
		(*instant)(&w.RespondedAt), (*instant)(&w.VerifiedAt), &w.Cause, &w.CauseDepartment, &w.Reopened, &w.Tier,
		&s.Kept.Escalations)
	if err != nil {
		return err
	}
	var j judged
	if err := json.Unmarshal(assessment, &j); err != nil {
		return triage.Errorf(triage.CodeInternal, "assessment of case %s: %v", c.ID, err)
	}
	c.Assessment = triage.Assessment{
		Type: j.Type, Subtype: j.Subtype, NeedsReview: j.NeedsReview, Demand: j.Demand, Style: j.Style, Department: j.Department,
		Sentiment: nlp.Sentiment{Label: j.Sentiment.Label, Intensity: j.Sentiment.Intensity}, Urgency: nlp.Urgency{Level: j.Urgency.Level},
	}
	return nil
}

// factDay are the sources of one day.
type factDay struct {
	list []*fact.Source // by seq
	byID map[triage.ComplaintID]*fact.Source
}

// rowsOf builds the rows of a day, and returns the replies that have got their
// mark. What is written meanwhile may be in some of
// them and not in others; it makes the day stale again.
func (f *Facts) rowsOf(ctx context.Context, day fact.Day) (rows []fact.Row, marked []fact.Reply, err error) {
	d := factDay{byID: make(map[triage.ComplaintID]*fact.Source)}
	from, to := instant(day.In(f.zone)), instant((day + 1).In(f.zone))
	for _, part := range d.parts() {
		query := "SELECT " + part.columns + " FROM cases c" + f.db.dialect.drivenBy("cases_newest") + part.join +
			" WHERE c.effective_at >= $1 AND c.effective_at < $2" + part.rest
		if err := collect(ctx, f.db.read, part.scan, query, from, to); err != nil {
			return nil, nil, err
		}
	}
	rows = make([]fact.Row, len(d.list))
	for i, s := range d.list {
		known := make([]bool, len(s.Replies))
		for k := range s.Replies {
			known[k] = s.Replies[k].Marked
		}
		rows[i] = fact.Build(s, f.zone, f.mark)
		for k, r := range s.Replies {
			if r.Marked && !known[k] {
				marked = append(marked, r)
			}
		}
	}
	return rows, marked, nil
}

// factPart is one of the queries behind a day.
type factPart struct {
	columns, join, rest string
	scan                func(*sql.Rows) error
}

// parts are the queries, the cases first.
func (d *factDay) parts() []factPart {
	return []factPart{
		{factColumns, ` LEFT JOIN attributions a ON a.case_id = c.id`, ` ORDER BY c.seq`, d.addCase},
		{
			`s.case_id, s.from_status, s.to_status, s.owner, s.department, s.entered_at`,
			` JOIN case_steps s ON s.case_id = c.id`, ` ORDER BY s.case_id, s.n`, d.addStep,
		},
		{`h.case_id, h.facts, h.needed, h.known`, ` JOIN hand_overs h ON h.case_id = c.id`, ` ORDER BY h.id`, d.addHandOver},
		{`l.case_id, l.suggested`, ` JOIN labels l ON l.case_id = c.id`, ` ORDER BY l.id`, d.addLabel},
		{
			`v.case_id, v.reasons`, ` JOIN surveys v ON v.case_id = c.id AND v.closed_at = c.closed_at`,
			` AND v.state = '` + string(survey.StateAnswered) + `'`, d.addReasons,
		},
		{
			`m.case_id, m.id, m.text, m.mark, m.mark_form`, ` JOIN case_messages m ON m.case_id = c.id`,
			` AND m.direction = '` + string(reply.Out) + `' AND m.state = '' ORDER BY m.id`, d.addReply,
		},
	}
}

func (d *factDay) addCase(rows *sql.Rows) error {
	s := new(fact.Source)
	err := scanFactCase(rows, s)
	d.list = append(d.list, s)
	d.byID[s.Case.ID] = s
	return err
}

// of returns the source of a case; one that came in between two queries has
// none, and what is added to it then is read the next time.
func (d *factDay) of(id triage.ComplaintID) *fact.Source {
	if s := d.byID[id]; s != nil {
		return s
	}
	return new(fact.Source)
}

func (d *factDay) addStep(rows *sql.Rows) error {
	var s life.Step
	err := rows.Scan(&s.Case, &s.From, &s.To, &s.Owner, &s.Department, (*instant)(&s.Entered))
	to := d.of(s.Case)
	to.Steps = append(to.Steps, s)
	return err
}

func (d *factDay) addHandOver(rows *sql.Rows) error {
	var h life.HandOver
	var needed, known int
	err := rows.Scan(&h.Case, document{"facts of a hand-over", &h.Facts}, &needed, &known)
	to := d.of(h.Case)
	to.Kept.Needed, to.Kept.Known = to.Kept.Needed+needed, to.Kept.Known+known
	to.HandOvers = append(to.HandOvers, h)
	return err
}

func (d *factDay) addLabel(rows *sql.Rows) error {
	id, suggested, err := twoTexts(rows)
	d.of(id).Suggested = suggested
	return err
}

func (d *factDay) addReasons(rows *sql.Rows) error {
	id, reasons, err := twoTexts(rows)
	to := d.of(id)
	for r := range strings.SplitSeq(reasons, ",") {
		to.Reasons = append(to.Reasons, survey.Reason(r))
	}
	return err
}

func (d *factDay) addReply(rows *sql.Rows) error {
	var id triage.ComplaintID
	var r fact.Reply
	var form int
	err := rows.Scan(&id, &r.ID, &r.Text, &r.Mark, &form)
	r.Marked = form == fact.Format || form != 0 && r.Text == ""
	to := d.of(id)
	to.Replies = append(to.Replies, r)
	return err
}

func twoTexts(rows *sql.Rows) (id triage.ComplaintID, text string, err error) {
	err = rows.Scan(&id, &text)
	return id, text, err
}
