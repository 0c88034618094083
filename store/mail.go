package store

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
)

// LastMail returns the highest UID that was taken from a box under a
// UIDVALIDITY, 0 for none.
func (db *DB) LastMail(ctx context.Context, box string, validity uint32) (uid uint32, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(uid), 0) FROM mails WHERE box = $1 AND uid_validity = $2`,
		box, int64(validity)).Scan(&uid)
	return uid, db.fail("read the last mail", err)
}

// TakenMail returns the case of a mail that was taken before, from any box, ""
// when it was ignored.
func (db *DB) TakenMail(ctx context.Context, key string) (id triage.ComplaintID, found bool, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT case_id FROM mails WHERE mail_key = $1 ORDER BY at, case_id DESC LIMIT 1`, key).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return id, err == nil, db.fail("look for a mail", err)
}

// MailCases returns the cases of mails by the hash of their Message-ID; of
// several mails with one id the first.
func (db *DB) MailCases(ctx context.Context, hashes []string) (map[string]triage.ComplaintID, error) {
	cases, err := db.casesBy(ctx, `SELECT message_hash, case_id FROM mails
		WHERE case_id <> '' AND message_hash <> '' AND message_hash IN`, hashes)
	return cases, db.fail("look for the cases of mails", err)
}

// surveyLetter is the key of a letter that package survey sends.
var surveyLetter = regexp.MustCompile(`^survey-([0-9]{1,18})-[0-9]{1,9}$`)

// LetterCases returns the cases that letters to customers were about, by key:
// replies of people, and surveys.
func (db *DB) LetterCases(ctx context.Context, keys []string) (map[string]triage.ComplaintID, error) {
	cases, err := db.casesBy(ctx, `SELECT letter_key, case_id FROM case_messages
		WHERE direction = 'out' AND letter_key <> '' AND letter_key IN`, keys)
	if err != nil {
		return nil, db.fail("look for the cases of letters", err)
	}
	for _, k := range keys {
		m := surveyLetter.FindStringSubmatch(k)
		if m == nil {
			continue
		}
		number, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			continue
		}
		var id triage.ComplaintID
		err = db.read.QueryRowContext(ctx, `SELECT case_id FROM surveys WHERE id = $1`, number).Scan(&id)
		if err == nil {
			cases[k] = id
		} else if !errors.Is(err, sql.ErrNoRows) {
			return nil, db.fail("look for the case of a survey", err)
		}
	}
	return cases, nil
}

// casesBy runs a query for pairs of a key and a case; the first case of a key
// counts.
func (db *DB) casesBy(ctx context.Context, query string, keys []string) (map[string]triage.ComplaintID, error) {
	cases := make(map[string]triage.ComplaintID, len(keys))
	err := each(ctx, db.read, query, keys, func(rows *sql.Rows) error {
		var key string
		var id triage.ComplaintID
		if err := rows.Scan(&key, &id); err != nil {
			return err
		}
		if _, known := cases[key]; !known {
			cases[key] = id
		}
		return nil
	})
	return cases, err
}

// RecordMail marks a mail as taken; a mail that is marked stays as it is. The
// new case has an audit entry of its own, so that a mail that made none needs
// none either: nobody decided anything.
func (db *DB) RecordMail(ctx context.Context, e mailbox.Entry) error {
	return db.exec(ctx, "record a mail", nil, `INSERT INTO mails (box, uid_validity, uid, mail_key, message_hash, outcome, reason, case_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (box, uid_validity, uid) DO NOTHING`,
		clean(e.Box), int64(e.Validity), int64(e.UID), e.Key, e.Message, string(e.Outcome), clean(e.Reason), string(e.Case), instant(e.At))
}
