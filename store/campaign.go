package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// campaignColumns are those of encodeCampaign and scanCampaign.
const campaignColumns = `id, name, starts_at, ends_at, channel, rules, audience, copy, objective, owner, department, aliases, eligible, version`

func encodeCampaign(c *triage.Campaign) ([]any, error) {
	var aliases, eligible string
	var err error
	if len(c.Aliases) > 0 {
		if aliases, err = encodeJSON("aliases", c.Aliases); err != nil {
			return nil, err
		}
	}
	if !reflect.ValueOf(c.Eligible).IsZero() {
		if eligible, err = encodeJSON("eligible", c.Eligible); err != nil {
			return nil, err
		}
	}
	return []any{
		clean(c.ID), clean(c.Name), instant(c.From), instant(c.To), clean(c.Channel), clean(c.Rules), clean(c.Audience), clean(c.Copy),
		clean(c.Objective), clean(c.Owner), clean(c.Department), clean(aliases), clean(eligible), c.Version,
	}, nil
}

func scanCampaign(s scanner) (c triage.Campaign, err error) {
	err = s.Scan(&c.ID, &c.Name, (*instant)(&c.From), (*instant)(&c.To), &c.Channel, &c.Rules, &c.Audience, &c.Copy,
		&c.Objective, &c.Owner, &c.Department, document{"aliases", &c.Aliases}, document{"eligibility", &c.Eligible}, &c.Version)
	return c, err
}

// Campaigns implements [campaign.RegisterStore].
func (db *DB) Campaigns(ctx context.Context) ([]triage.Campaign, error) {
	var list []triage.Campaign
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		c, err := scanCampaign(rows)
		list = append(list, c)
		return err
	}, `SELECT `+campaignColumns+` FROM campaigns ORDER BY starts_at DESC, id`)
	if err != nil {
		return nil, db.fail("read campaigns", err)
	}
	err = collect(ctx, db.read, func(rows *sql.Rows) error {
		var c triage.Campaign
		err := rows.Scan(&c.ID, &c.Name)
		list = append(list, c)
		return err
	}, `SELECT s.campaign_id, s.name FROM campaign_seen s
		WHERE NOT EXISTS (SELECT 1 FROM campaigns c WHERE c.id = s.campaign_id) ORDER BY s.first_at DESC, s.campaign_id`)
	return list, db.fail("read campaigns", err)
}

// Campaign implements [campaign.RegisterStore].
func (db *DB) Campaign(ctx context.Context, id string) (triage.Campaign, error) {
	c, err := scanCampaign(db.read.QueryRowContext(ctx, `SELECT `+campaignColumns+` FROM campaigns WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = db.read.QueryRowContext(ctx, `SELECT campaign_id, name FROM campaign_seen WHERE campaign_id = $1`, id).Scan(&c.ID, &c.Name)
	}
	return c, db.fail("read a campaign", notFound(err, "there is no campaign %.100q", id))
}

// PutCampaign implements [campaign.RegisterStore].
func (db *DB) PutCampaign(ctx context.Context, c triage.Campaign, e triage.AuditEntry) (int64, error) {
	read := c.Version
	c.Version++
	values, err := encodeCampaign(&c)
	if err != nil {
		return 0, err
	}
	err = db.writer.submit(ctx, 3, func(ctx context.Context, tx *sql.Tx) error {
		if err := reviseCampaigns(ctx, tx); err != nil {
			return err
		}
		var stored int64
		err := tx.QueryRowContext(ctx, `SELECT version FROM campaigns WHERE id = $1`, clean(c.ID)).Scan(&stored)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		switch {
		case read == 0 && stored != 0:
			return triage.Errorf(triage.CodeConflict, "the campaign %.100q is registered already", c.ID)
		case read != 0 && stored == 0:
			return triage.Errorf(triage.CodeNotFound, "there is no campaign %.100q", c.ID)
		case read != stored:
			return triage.Errorf(triage.CodeConflict, "the campaign %.100q was changed meanwhile; look at it again", c.ID)
		}
		if err := replaceCampaigns(ctx, tx, [][]any{values}); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return 0, db.fail("store a campaign", err)
	}
	return c.Version, nil
}

// reviseCampaigns notes that a campaign changes, and keeps other transactions
// from changing one until this one has ended.
func reviseCampaigns(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE campaign_marks SET revision = revision + 1 WHERE id = 1`)
	return err
}

func replaceCampaigns(ctx context.Context, tx *sql.Tx, rows [][]any) error {
	_, err := insertRows(ctx, tx, `INSERT INTO campaigns (`+campaignColumns+`)`, rows, replaceByID([]string{
		"id", "name", "starts_at", "ends_at", "channel", "rules", "audience", "copy", "objective", "owner", "department", "aliases",
		"eligible", "version",
	}))
	return err
}

// PutCampaigns adds imported campaigns to the register and returns how many ids
// were new. Of one that is registered, what the import does not bring stays; one
// that says nothing new is left alone. Of several with one id the last counts.
func (db *DB) PutCampaigns(ctx context.Context, campaigns []triage.Campaign) (added int, err error) {
	for i := range campaigns {
		if campaigns[i].ID == "" {
			return 0, triage.FieldErrorf("id", "is empty")
		}
	}
	for part := range slices.Chunk(campaigns, groupRows) {
		var n int
		err := db.writer.submit(ctx, len(part), func(ctx context.Context, tx *sql.Tx) (err error) {
			n, err = importCampaigns(ctx, tx, part)
			return err
		})
		if err != nil {
			return added, db.fail("store campaigns", err)
		}
		added += n
	}
	return added, nil
}

func importCampaigns(ctx context.Context, tx *sql.Tx, part []triage.Campaign) (added int, err error) {
	stored := make(map[string]triage.Campaign, len(part))
	ids := make([]string, len(part))
	for i := range part {
		ids[i] = clean(part[i].ID)
	}
	err = each(ctx, tx, `SELECT `+campaignColumns+` FROM campaigns WHERE id IN`, ids, func(rows *sql.Rows) error {
		c, err := scanCampaign(rows)
		stored[c.ID] = c
		return err
	})
	if err != nil {
		return 0, err
	}
	changed := map[string][]any{}
	var order []string
	for i := range part {
		id := ids[i]
		old, known := stored[id]
		merged := keepCampaign(&old, &part[i])
		if known && reflect.DeepEqual(merged, old) {
			continue
		}
		if !known {
			added++
		}
		if changed[id] == nil {
			merged.Version++
			order = append(order, id)
		}
		stored[id] = merged
		if changed[id], err = encodeCampaign(&merged); err != nil {
			return 0, err
		}
	}
	rows := make([][]any, len(order))
	for i, id := range order {
		rows[i] = changed[id]
	}
	if len(rows) == 0 {
		return 0, nil
	}
	if err := reviseCampaigns(ctx, tx); err != nil {
		return 0, err
	}
	return added, replaceCampaigns(ctx, tx, rows)
}

// keepCampaign returns what an import says, and what is stored where it says
// nothing.
func keepCampaign(old, in *triage.Campaign) triage.Campaign {
	c := *old
	c.ID = clean(in.ID)
	for _, f := range []struct {
		to   *string
		text string
	}{
		{&c.Name, in.Name}, {&c.Channel, in.Channel}, {&c.Rules, in.Rules}, {&c.Audience, in.Audience}, {&c.Copy, in.Copy},
		{&c.Objective, in.Objective}, {&c.Owner, in.Owner}, {&c.Department, in.Department},
	} {
		if f.text != "" {
			*f.to = clean(f.text)
		}
	}
	if !in.From.IsZero() {
		c.From = storedTime(in.From)
	}
	if !in.To.IsZero() {
		c.To = storedTime(in.To)
	}
	if len(in.Aliases) > 0 {
		c.Aliases = slices.Clone(in.Aliases)
	}
	if !reflect.ValueOf(in.Eligible).IsZero() {
		c.Eligible = eligibilityAsStored(in.Eligible)
	}
	return c
}

// storedTime is a time as it comes back.
func storedTime(t time.Time) time.Time { return time.UnixMilli(t.UnixMilli()).UTC() }

// eligibilityAsStored makes rules comparable with those that come back.
func eligibilityAsStored(e triage.Eligibility) (stored triage.Eligibility) {
	b, err := json.Marshal(e)
	if err != nil || json.Unmarshal(b, &stored) != nil {
		return e // cannot happen: it has a JSON form
	}
	return stored
}
