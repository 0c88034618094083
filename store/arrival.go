package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// replayRows is how many cases are read at once. Between two portions no
// transaction is open, so that a long replay does not hold up the log.
const replayRows = 500

// Replay calls each with the cases received up to upTo whose time (that of the
// receipt where it is unknown) is at or after since, in the order of
// acceptance, and the cluster of each, "" for none. It stops at the first error
// and returns it.
//
// Of a case's assessment only type and subtype are read.
func (db *DB) Replay(ctx context.Context, since time.Time, upTo int64, each func(c triage.Case, in prevention.ClusterID) error) error {
	type replayed struct {
		triage.Case
		in prevention.ClusterID
	}
	for after := int64(0); after < upTo; {
		var portion []replayed
		err := collect(ctx, db.read, func(rows *sql.Rows) error {
			var r replayed
			err := scanLean(rows, &r.Case, &r.in)
			portion = append(portion, r)
			return err
		}, `SELECT `+leanColumns+`, COALESCE(m.cluster_id, '')
			FROM cases c LEFT JOIN cluster_members m ON m.complaint_id = c.id
			WHERE c.seq > $1 AND c.seq <= $2 AND c.effective_at >= $3 ORDER BY c.seq LIMIT $4`,
			after, upTo, instant(since), replayRows)
		if err != nil {
			return db.fail("replay cases", err)
		}
		for i := range portion {
			if err := each(portion[i].Case, portion[i].in); err != nil {
				return err
			}
		}
		if len(portion) < replayRows {
			return nil
		}
		after = portion[len(portion)-1].Seq
	}
	return nil
}

// Arrived returns the cases with a greater Seq, in order of it, at most limit.
// Of a case's assessment only type and subtype are read. Seq is the order of
// commits: no case appears behind one that was returned.
func (db *DB) Arrived(ctx context.Context, after int64, limit int) ([]triage.Case, error) {
	var cases []triage.Case
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var c triage.Case
		err := scanLean(rows, &c)
		cases = append(cases, c)
		return err
	}, `SELECT `+leanColumns+` FROM cases c WHERE c.seq > $1 ORDER BY c.seq LIMIT $2`, after, max(limit, 0))
	return cases, db.fail("read the cases that came in", err)
}

// leanColumns leave out how a case ended.
const leanColumns = `c.seq, c.id, c.customer_id, c.channel, c.at, c.title, c.text, c.region, c.product, c.campaign, c.order_id,
	c.attrs, c.label_type, c.label_subtype, c.assessment, c.status, c.received_at, c.predecessor`

// scanLean reads leanColumns and more.
func scanLean(s scanner, c *triage.Case, more ...any) error {
	var attrs, assessment string
	err := s.Scan(append([]any{
		&c.Seq, &c.ID, &c.CustomerID, &c.Channel, (*instant)(&c.At), &c.Title, &c.Text, &c.Region, &c.Product, &c.Campaign,
		&c.OrderID, &attrs, &c.Type, &c.Subtype, &assessment, &c.Status, (*instant)(&c.ReceivedAt), &c.Predecessor,
	}, more...)...)
	if err != nil {
		return err
	}
	if c.Attrs, err = decodeAttrs(attrs); err != nil {
		return triage.Errorf(triage.CodeInternal, "attributes of case %s: %v", c.ID, err)
	}
	c.Assessment.ID = c.ID
	c.Assessment.Type, c.Assessment.Subtype, err = suggestedType(assessment)
	if err != nil {
		return triage.Errorf(triage.CodeInternal, "assessment of case %s: %v", c.ID, err)
	}
	return nil
}

// suggestedType reads type and subtype, which come early in what
// encodeAssessment writes, and leaves the rest alone.
func suggestedType(assessment string) (typ, subtype string, err error) {
	d := json.NewDecoder(strings.NewReader(assessment))
	if _, err := d.Token(); err != nil { // the brace
		return "", "", err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return "", "", err
		}
		switch name {
		case "type":
			err = d.Decode(&typ)
		case "subtype":
			err = d.Decode(&subtype)
			return typ, subtype, err
		default:
			var skipped json.RawMessage
			err = d.Decode(&skipped)
		}
		if err != nil {
			return "", "", err
		}
	}
	return typ, "", nil
}
