package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// Surveys is the database as a [survey.Store].
type Surveys struct{ db *DB }

// Surveys returns the part of the store that keeps surveys.
func (db *DB) Surveys() *Surveys { return &Surveys{db} }

// Key returns the secret of a name, which is made once and kept.
func (s *Surveys) Key(ctx context.Context, name string) ([]byte, error) {
	return s.db.secret(ctx, name)
}

const surveyColumns = `s.id, s.case_id, s.closed_at, s.customer_id, s.addressee, s.state, s.created_at, s.expires_at, s.letters, s.begun_at,
	s.unclear, s.next_at, s.channel, s.sent_at, s.answered_at, COALESCE(s.score, 0), s.reasons, s.text, s.via, s.by_whom, s.type, s.sentiment,
	s.new_issue, s.follow_up`

// scanSurvey reads surveyColumns.
func scanSurvey(row scanner) (v survey.Survey, err error) {
	var reasons, sentiment string
	err = row.Scan(&v.ID, &v.Case, (*instant)(&v.ClosedAt), &v.Customer, &v.Addressee, &v.State, (*instant)(&v.CreatedAt),
		(*instant)(&v.ExpiresAt), &v.Letters, (*instant)(&v.BegunAt), &v.Unclear, (*instant)(&v.NextAt), &v.Channel,
		(*instant)(&v.SentAt), (*instant)(&v.AnsweredAt), &v.Answer.Score, &reasons, &v.Answer.Text, &v.Via, &v.By, &v.Type,
		&sentiment, &v.NewIssue, &v.FollowUp)
	for _, r := range splitList(reasons) {
		v.Answer.Reasons = append(v.Answer.Reasons, survey.Reason(r))
	}
	v.Sentiment = nlp.Polarity(sentiment)
	return v, err
}

func (s *Surveys) list(ctx context.Context, query string, args ...any) ([]survey.Survey, error) {
	var list []survey.Survey
	err := collect(ctx, s.db.read, func(rows *sql.Rows) error {
		v, err := scanSurvey(rows)
		list = append(list, v)
		return err
	}, `SELECT `+surveyColumns+` FROM surveys s `+query, args...)
	return list, err
}

// Survey returns one survey, or CodeNotFound.
func (s *Surveys) Survey(ctx context.Context, id int64) (survey.Survey, error) {
	v, err := scanSurvey(s.db.read.QueryRowContext(ctx, `SELECT `+surveyColumns+` FROM surveys s WHERE s.id = $1`, id))
	return v, s.db.fail("read a survey", notFound(err, "there is no survey %d", id))
}

// OfCase returns the latest survey of a case, or CodeNotFound.
func (s *Surveys) OfCase(ctx context.Context, id triage.ComplaintID) (survey.Survey, error) {
	v, err := scanSurvey(s.db.read.QueryRowContext(ctx, `SELECT `+surveyColumns+` FROM surveys s WHERE s.case_id = $1
		ORDER BY s.id DESC LIMIT 1`, string(id)))
	return v, s.db.fail("read the survey of a case", notFound(err, "case %s has no survey", id))
}

// candidateColumns are those of scanCandidate, of fromCandidates.
const (
	candidateColumns = `k.seq, k.id, k.customer_id, k.closed_at, k.attrs, COALESCE(NULLIF(c.phone, ''), p.phone, ''),
	COALESCE(NULLIF(c.email, ''), p.email, ''), ` + personOptedOut
	fromCandidates = ` FROM cases k LEFT JOIN customers c ON c.id = k.customer_id AND k.customer_id <> '' LEFT JOIN customers p ON p.id = c.person`
)

func scanCandidate(row scanner) (c survey.Candidate, err error) {
	var attrs string
	err = row.Scan(&c.Seq, &c.Case, &c.Customer, (*instant)(&c.ClosedAt), &attrs, &c.Phone, &c.Email, &c.OptedOut)
	if err != nil || c.Phone != "" || c.Email != "" || attrs == "" {
		return c, err
	}
	facts, err := decodeAttrs(attrs)
	if err != nil {
		return c, triage.Errorf(triage.CodeInternal, "attributes of case %s: %v", c.Case, err)
	}
	phone, _ := facts["phone"].(string)
	email, _ := facts["email"].(string)
	c.Phone, c.Email = triage.Phone(phone), triage.Email(email)
	return c, nil
}

// Unasked returns closed cases without a score and without a survey of this
// closing, in order of closing, behind after.
func (s *Surveys) Unasked(ctx context.Context, from, to time.Time, after survey.Candidate, limit int) ([]survey.Candidate, error) {
	var list []survey.Candidate
	err := collect(ctx, s.db.read, func(rows *sql.Rows) error {
		c, err := scanCandidate(rows)
		list = append(list, c)
		return err
	}, `SELECT `+candidateColumns+fromCandidates+` WHERE k.status = 'closed' AND k.satisfaction IS NULL
		AND k.closed_at >= $1 AND k.closed_at < $2 AND (k.closed_at, k.seq) > ($3, $4)
		AND NOT EXISTS (SELECT 1 FROM surveys s WHERE s.case_id = k.id AND s.closed_at = k.closed_at)
		ORDER BY k.closed_at, k.seq`+limited(limit), instant(from), instant(to), instant(after.ClosedAt), after.Seq)
	return list, s.db.fail("look for cases to ask about", err)
}

// Address returns how the customer of a case is reached now.
func (s *Surveys) Address(ctx context.Context, id triage.ComplaintID) (survey.Candidate, error) {
	c, err := scanCandidate(s.db.read.QueryRowContext(ctx, `SELECT `+candidateColumns+fromCandidates+` WHERE k.id = $1`, string(id)))
	return c, s.db.fail("look for an address", notFound(err, "there is no case %s", id))
}

// LastAsked returns when customers, over all records of their persons, and
// addressees were last asked.
func (s *Surveys) LastAsked(ctx context.Context, customers []triage.CustomerID, addressees []string) (map[triage.CustomerID]time.Time, map[string]time.Time, error) {
	asked := make(map[triage.CustomerID]time.Time)
	at := make(map[string]time.Time)
	records, err := s.siblings(ctx, customers)
	if err != nil {
		return nil, nil, s.db.fail("read linked records", err)
	}
	all := make([]triage.CustomerID, 0, len(records))
	for id := range records {
		all = append(all, id)
	}
	err = each(ctx, s.db.read, `SELECT customer_id, created_at FROM surveys WHERE customer_id <> '' AND customer_id IN`, all, func(rows *sql.Rows) error {
		var id triage.CustomerID
		var created instant
		err := rows.Scan(&id, &created)
		for _, of := range records[id] {
			if created.time().After(asked[of]) {
				asked[of] = created.time()
			}
		}
		return err
	})
	if err != nil {
		return nil, nil, s.db.fail("look for earlier surveys", err)
	}
	known := slices.DeleteFunc(slices.Clone(addressees), func(a string) bool { return a == "" })
	err = each(ctx, s.db.read, `SELECT addressee, created_at FROM surveys WHERE addressee <> '' AND addressee IN`, known, func(rows *sql.Rows) error {
		var a string
		var created instant
		err := rows.Scan(&a, &created)
		if created.time().After(at[a]) {
			at[a] = created.time()
		}
		return err
	})
	return asked, at, s.db.fail("look for earlier surveys", err)
}

// siblings returns every record of the customers' persons, with the customers
// that it is a record of.
func (s *Surveys) siblings(ctx context.Context, customers []triage.CustomerID) (map[triage.CustomerID][]triage.CustomerID, error) {
	of := make(map[triage.CustomerID][]triage.CustomerID, len(customers))
	for _, id := range customers {
		if !slices.Contains(of[id], id) {
			of[id] = append(of[id], id)
		}
	}
	add := func(rows *sql.Rows) error {
		var record, asked triage.CustomerID
		err := rows.Scan(&record, &asked)
		if !slices.Contains(of[record], asked) {
			of[record] = append(of[record], asked)
		}
		return err
	}
	// The other records of the person of c: the one that stands for it, and those
	// that belong to the same one.
	for _, query := range []string{
		`SELECT c.person, c.id FROM customers c WHERE c.person <> '' AND c.id IN`,
		`SELECT s.id, c.id FROM customers c JOIN customers s ON s.person = ` + personID + ` WHERE s.person <> '' AND c.id IN`,
	} {
		if err := each(ctx, s.db.read, query, customers, add); err != nil {
			return nil, err
		}
	}
	return of, nil
}

// Create adds surveys in one transaction and returns their ids, 0 for one whose
// closing has been asked about.
func (s *Surveys) Create(ctx context.Context, list []survey.Survey) ([]int64, error) {
	ids := make([]int64, len(list))
	if len(list) == 0 {
		return ids, nil
	}
	err := s.db.writer.submit(ctx, len(list), func(ctx context.Context, tx *sql.Tx) error {
		for i := range list {
			v := &list[i]
			err := tx.QueryRowContext(ctx, `INSERT INTO surveys (case_id, closed_at, customer_id, addressee, state, created_at, expires_at, letters,
				begun_at, unclear, next_at, channel, sent_at, answered_at, reasons, text, via, by_whom, type, sentiment, new_issue, follow_up, followed)
				VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, FALSE, $9, '', $8, $8, '', '', '', '', '', '', FALSE, '', FALSE)
				ON CONFLICT DO NOTHING RETURNING id`,
				string(v.Case), instant(v.ClosedAt), clean(string(v.Customer)), v.Addressee, string(v.State), instant(v.CreatedAt),
				instant(v.ExpiresAt), zeroInstant, instant(v.NextAt)).Scan(&ids[i])
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.db.fail("store surveys", err)
	}
	return ids, nil
}

// joinReasons is the form in which reasons are stored.
func joinReasons(reasons []survey.Reason) string {
	names := make([]string, len(reasons))
	for i, r := range reasons {
		names[i] = string(r)
	}
	return clean(strings.Join(names, ","))
}
