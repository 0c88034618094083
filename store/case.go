package store

import (
	"encoding/json"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// insertCase names the columns in the order of encodeCase.
const insertCase = `INSERT INTO cases (seq, change, id, customer_id, channel, at, effective_at, title, text,
	region, product, campaign, order_id, attrs, label_type, label_subtype, type, resolution, closed_at,
	satisfaction, assessment, status, urgency_rank, resolve_by, needs_review, received_at, predecessor,
	` + workColumns + `, open)`

// caseColumns are the columns in the order of scanCase.
const caseColumns = `c.seq, c.change, c.id, c.customer_id, c.channel, c.at, c.title, c.text,
	c.region, c.product, c.campaign, c.order_id, c.attrs, c.label_type, c.label_subtype, c.resolution,
	c.closed_at, c.satisfaction, c.assessment, c.status, c.received_at, c.predecessor,
	c.owner, c.department, c.entered_at, c.due_at, c.task_by, c.execute_by, c.respond_by, c.verify_by, c.settle_by,
	c.waiting_since, c.responded_at, c.verified_at, c.cause, c.cause_department, c.watch_at, c.raised, c.reopened,
	c.merged_into, c.version, c.tier, c.priority_at`

// row is a case ready to be inserted; seq and change go into the first two
// values.
type row struct {
	id     triage.ComplaintID
	values []any
	facets []facet
}

// encodeCase makes the row of a case. What follows from the texts of others
// (similar cases, suggestions) is not stored, because it changes with them.
func encodeCase(c *triage.Case) (row, error) {
	if c.ID == "" || !utf8.ValidString(string(c.ID)) || strings.ContainsRune(string(c.ID), 0) {
		return row{}, triage.FieldErrorf("id", "is empty or not valid UTF-8")
	}
	attrs, err := encodeAttrs(c.Attrs)
	if err != nil {
		return row{}, triage.FieldErrorf("attrs", "of case %s cannot be stored: %v", c.ID, err)
	}
	assessment, err := encodeAssessment(c.Assessment)
	if err != nil {
		return row{}, triage.FieldErrorf("assessment", "of case %s cannot be stored: %v", c.ID, err)
	}
	status := c.Status
	if status == "" {
		status = triage.StatusReceived
	}
	rank := urgencyRank(c.Assessment.Urgency.Level)
	review := c.Assessment.NeedsReview && c.Type == ""
	counted := state{
		typ: clean(c.FinalType()), status: status, channel: clean(string(c.Channel)), product: clean(c.Product),
		owner: clean(c.Work.Owner), department: clean(c.Work.Department), rank: rank, review: review,
	}
	return row{
		id: c.ID,
		values: append(append([]any{
			int64(0), int64(0), string(c.ID), clean(string(c.CustomerID)), clean(string(c.Channel)),
			instant(c.At), instant(effectiveAt(c)), clean(c.Title), clean(c.Text), clean(c.Region),
			clean(c.Product), clean(c.Campaign), clean(c.OrderID), attrs, clean(c.Type), clean(c.Subtype),
			clean(c.FinalType()), clean(c.Resolution), instant(c.ClosedAt), c.Satisfaction, assessment,
			clean(string(status)), rank, resolveBy(c.Assessment.SLA), review, instant(c.ReceivedAt),
			clean(string(c.Predecessor)),
		}, workValues(c.Work)...), status.Open()),
		facets: counted.facets(),
	}, nil
}

// clean replaces what PostgreSQL refuses in a text, on both databases alike:
// zero bytes and invalid UTF-8 become U+FFFD.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// effectiveAt is the time by which lists are ordered and filtered.
func effectiveAt(c *triage.Case) time.Time {
	if c.At.IsZero() {
		return c.ReceivedAt
	}
	return c.At
}

// urgencyLevels are the levels in the order of their rank.
var urgencyLevels = [...]nlp.UrgencyLevel{nlp.UrgencyCritical, nlp.UrgencyHigh, nlp.UrgencyNormal, nlp.UrgencyLow}

// urgencyRank orders the most urgent first; an unknown level counts as low.
func urgencyRank(level nlp.UrgencyLevel) int64 {
	for rank, l := range urgencyLevels {
		if l == level {
			return int64(rank)
		}
	}
	return int64(len(urgencyLevels) - 1)
}

// resolveBy is the sort key of the deadline: no deadline comes last.
func resolveBy(s triage.SLA) int64 {
	if s.ResolveBy.IsZero() {
		return math.MaxInt64
	}
	return encodable(s.ResolveBy).UnixMilli()
}

func encodeAttrs(attrs map[string]any) (string, error) {
	if len(attrs) == 0 {
		return "", nil
	}
	b, err := json.Marshal(attrs)
	return string(b), err
}

func decodeAttrs(s string) (map[string]any, error) {
	if s == "" {
		return nil, nil //nolint:nilnil // no attributes is a nil map, not an error
	}
	var attrs map[string]any
	err := json.Unmarshal([]byte(s), &attrs)
	return attrs, err
}

func encodeAssessment(a triage.Assessment) (string, error) {
	a.Similar, a.Suggestions = nil, nil
	a.SLA = triage.SLA{
		RespondBy: encodable(a.SLA.RespondBy),
		VerifyBy:  encodable(a.SLA.VerifyBy),
		ResolveBy: encodable(a.SLA.ResolveBy),
	}
	b, err := json.Marshal(a)
	return string(b), err
}

// lastInstant is the end of what RFC 3339 can write.
var lastInstant = time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)

// encodable moves a deadline that a complaint of the year 9999 has in the year
// 10000 to the last time that JSON can hold.
func encodable(t time.Time) time.Time {
	if t.After(lastInstant) {
		return lastInstant
	}
	return t.UTC()
}

// scanner is a row of either kind.
type scanner interface{ Scan(dest ...any) error }

// scanCase reads caseColumns; the second result is the change number.
func scanCase(s scanner) (c triage.Case, change int64, err error) {
	var attrs, assessment string
	work := workDest(&c.Work)
	err = s.Scan(append([]any{
		&c.Seq, &change, &c.ID, &c.CustomerID, &c.Channel, (*instant)(&c.At), &c.Title, &c.Text,
		&c.Region, &c.Product, &c.Campaign, &c.OrderID, &attrs, &c.Type, &c.Subtype, &c.Resolution,
		(*instant)(&c.ClosedAt), &c.Satisfaction, &assessment, &c.Status, (*instant)(&c.ReceivedAt), &c.Predecessor,
	}, work...)...)
	if err != nil {
		return c, 0, err
	}
	if c.Attrs, err = decodeAttrs(attrs); err != nil {
		return c, 0, triage.Errorf(triage.CodeInternal, "attributes of case %s: %v", c.ID, err)
	}
	if err = json.Unmarshal([]byte(assessment), &c.Assessment); err != nil {
		return c, 0, triage.Errorf(triage.CodeInternal, "assessment of case %s: %v", c.ID, err)
	}
	return c, change, nil
}
