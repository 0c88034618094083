package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

const (
	// maxFacts bounds the complaints and the captures that are looked at of one
	// person: some sources give one id to everybody they do not know.
	maxFacts = 200
	// phoneEnd is the number of last digits that the index of phones has.
	phoneEnd = 4
)

// Customer implements [counter.People].
func (k *Counter) Customer(ctx context.Context, id triage.CustomerID, kinds []string, since time.Time) (counter.Customer, error) {
	records, err := k.db.Care().Records(ctx, id)
	if err != nil {
		return counter.Customer{}, err
	}
	c := personOf(records)
	known := make([]triage.Customer, len(records))
	for i := range records {
		known[i] = records[i].Customer
	}
	blocked, err := k.db.Suppressed(ctx, known)
	if err != nil {
		return counter.Customer{}, err
	}
	c.OptedOut = c.OptedOut || len(blocked) > 0
	if err := k.addRecords(ctx, &c, kinds); err != nil {
		return counter.Customer{}, k.db.fail("read the records of a customer", err)
	}
	if err := k.addComplaints(ctx, &c, since); err != nil {
		return counter.Customer{}, k.db.fail("read the complaints of a customer", err)
	}
	w := where{conditions: []string{"customer_id <> ''", "NOT undone"}}
	anyOf(&w, "customer_id", c.Records)
	w.add("at >=", instant(since))
	c.Captures, err = k.captures(ctx, w.String()+` ORDER BY at DESC, id DESC`+limited(maxFacts), w.args...)
	return c, k.db.fail("read the captures of a customer", err)
}

// personOf sums the records of a person up; the first stands for it. What the
// first does not say, the others do.
func personOf(records []customer.Record) counter.Customer {
	c := counter.Customer{ID: records[0].ID, Has: map[triage.RecordOf]bool{}, Joined: map[string]bool{}}
	for i := range records {
		r := &records[i]
		c.Records = append(c.Records, r.ID)
		c.Name, c.Phone = cmp.Or(c.Name, r.Name), cmp.Or(c.Phone, r.Phone)
		c.Tier, c.Region = cmp.Or(c.Tier, r.Tier), cmp.Or(c.Region, r.Region)
		c.OptedOut = c.OptedOut || r.OptedOut
		if c.JoinedAt.IsZero() || !r.JoinedAt.IsZero() && r.JoinedAt.Before(c.JoinedAt) {
			c.JoinedAt = r.JoinedAt
		}
		for _, address := range []string{r.Phone.Reveal(), r.Email.Reveal()} {
			if address != "" && !slices.Contains(c.Addresses, address) {
				c.Addresses = append(c.Addresses, address)
			}
		}
	}
	return c
}

// Kinds of exposures that say something of campaigns: a contact, whose attributes
// may say that the customer joined, and the joining itself.
const (
	kindCampaign = "campaign"
	kindJoin     = "campaign_join"
)

// addRecords reads the records of some kinds, and those of campaigns.
func (k *Counter) addRecords(ctx context.Context, c *counter.Customer, kinds []string) error {
	kinds = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(kinds), kindCampaign, kindJoin))))
	w := where{}
	anyOf(&w, "customer_id", c.Records)
	anyOf(&w, "kind", kinds)
	var attrs attrCache
	return collect(ctx, k.db.read, func(rows *sql.Rows) error {
		var kind, key, text string
		if err := rows.Scan(&kind, &key, &text); err != nil {
			return err
		}
		c.Has[triage.RecordOf{Kind: kind}], c.Has[triage.RecordOf{Kind: kind, Key: key}] = true, true
		facts, err := attrs.decode(text)
		if kind == kindJoin || kind == kindCampaign && joined(facts["joined"]) {
			c.Joined[key] = true
		}
		return err
	}, `SELECT DISTINCT kind, key, CASE WHEN kind = 'campaign' THEN attrs ELSE '' END FROM exposures`+k.db.dialect.drivenBy("exposures_customer")+w.String(), w.args...)
}

// joined says whether an attribute means yes: sources write it in many ways.
func joined(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case float64:
		return v == 1
	case string:
		return slices.Contains([]string{"1", "true", "yes", "y", "是", "已参加"}, strings.ToLower(strings.TrimSpace(v)))
	}
	return false
}

// addComplaints reads what is open, and what came in or ended from since on.
func (k *Counter) addComplaints(ctx context.Context, c *counter.Customer, since time.Time) error {
	w := where{args: []any{instant(since)}, conditions: []string{"status <> 'merged'", "(open OR effective_at >= $1 OR closed_at >= $1)"}}
	anyOf(&w, "customer_id", c.Records)
	return collect(ctx, k.db.read, func(rows *sql.Rows) error {
		var x counter.Complaint
		var mood struct {
			Sentiment nlp.Sentiment
			Urgency   nlp.Urgency
		}
		err := rows.Scan(&x.ID, &x.Type, &x.Open, (*instant)(&x.At), (*instant)(&x.EndedAt), document{"assessment", &mood})
		x.Angry = mood.Sentiment.Intensity >= 2 || mood.Urgency.Level == nlp.UrgencyCritical
		c.Complaints = append(c.Complaints, x)
		return err
	}, `SELECT id, type, open, effective_at, closed_at, assessment FROM cases`+w.String()+
		` ORDER BY effective_at DESC, seq DESC`+limited(maxFacts), w.args...)
}

// PhoneEnds implements [counter.People].
func (k *Counter) PhoneEnds(ctx context.Context, ending string, limit int) ([]triage.Customer, error) {
	if len(ending) < phoneEnd || digits(ending) != ending {
		return nil, triage.FieldErrorf("phone", "give the last %d digits or more", phoneEnd)
	}
	var list []triage.Customer
	err := collect(ctx, k.db.read, func(rows *sql.Rows) error {
		c, err := scanCustomer(rows)
		list = append(list, c)
		return err
	}, `SELECT `+customerColumns+fromCustomers+` WHERE c.phone_key <> '' AND SUBSTR(c.phone_key, LENGTH(c.phone_key) - 3) = $1
		AND c.phone_key LIKE $2 ORDER BY c.id`+limited(limit), ending[len(ending)-phoneEnd:], "%"+ending)
	return list, k.db.fail("look for phones by their end", err)
}
