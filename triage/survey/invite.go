package survey

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// batch bounds what is read at once.
	batch = 200
	// lease is how long sending one letter may take; what takes longer was left
	// by a process that died.
	lease = 10 * time.Minute
	// sendTimeout bounds one letter; it is well below the lease.
	sendTimeout = time.Minute
	// maxDeferred is after how many letters a run gives up on channels that are
	// not available.
	maxDeferred = 20
	// retry is the time to the next attempt when the channels were not
	// available.
	retry = time.Hour
)

// Counts is what one run of Invite did.
type Counts struct {
	Created  int // surveys made
	Passed   int // closed cases not asked about: no address, opted out, asked lately
	Invited  int
	Reminded int
	Called   int // call-back tasks opened
	Deferred int // channels not available: tried again later
	Failed   int // no channel reaches the customer
	Unclear  int // may not have gone out; never sent again
	Expired  int
	Followed int // answers whose consequences had to be made up
}

// Invite is a job: it asks about cases that were closed, reminds, opens
// call-back tasks for high and VIP customers who did not answer, ends what has
// expired and makes up what should have followed from answers. It may be
// stopped anywhere and run again, also by two processes at once: each letter is
// sent at most once. In quiet hours nothing is sent.
func (s *Service) Invite(ctx context.Context) (Counts, error) {
	var n Counts
	if err := s.catchUp(ctx, &n); err != nil {
		return n, err
	}
	if !s.d.Config.Enabled || s.d.Postman == nil {
		return n, nil
	}
	key, err := s.d.Store.Key(ctx, keyName)
	if err != nil {
		return n, err
	}
	if err := s.ask(ctx, key, &n); err != nil {
		return n, err
	}
	if err := s.settleStranded(ctx, &n); err != nil {
		return n, err
	}
	return n, s.sendDue(ctx, key, &n)
}

// catchUp follows answers whose process died.
func (s *Service) catchUp(ctx context.Context, n *Counts) error {
	left, err := s.d.Store.Unfollowed(ctx, batch)
	if err != nil {
		return err
	}
	for i := range left {
		err := s.follow(ctx, &left[i])
		switch {
		case err == nil:
			n.Followed++
		case ctx.Err() != nil || triage.CodeOf(err) == triage.CodeUnavailable:
			return err
		default: // one answer must not keep the others waiting
			s.d.Log.Error("survey: an answer cannot be followed up", "survey", left[i].ID, "err", err)
		}
	}
	return nil
}

// ask makes surveys of closed cases.
func (s *Service) ask(ctx context.Context, key []byte, n *Counts) error {
	now := s.d.Now()
	var last Candidate
	for {
		list, err := s.d.Store.Unasked(ctx, now.Add(-s.d.Config.Within), now.Add(-s.d.Config.After), last, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		last = list[len(list)-1]
		chosen, err := s.choose(ctx, key, list, now)
		if err != nil {
			return err
		}
		created, err := s.d.Store.Create(ctx, chosen)
		if err != nil {
			return err
		}
		n.Passed += len(list) - len(chosen)
		for _, id := range created {
			if id != 0 {
				n.Created++
			}
		}
	}
}

// choose makes the surveys of those candidates who may be asked.
func (s *Service) choose(ctx context.Context, key []byte, list []Candidate, now time.Time) ([]Survey, error) {
	customers := make([]triage.CustomerID, 0, len(list))
	addressees := make([]string, 0, len(list))
	for i := range list {
		if list[i].Customer != "" {
			customers = append(customers, list[i].Customer)
		}
		addressees = append(addressees, addressee(key, &list[i]))
	}
	asked, askedAt, err := s.d.Store.LastAsked(ctx, customers, addressees)
	if err != nil {
		return nil, err
	}
	barred, err := s.barred(ctx, list)
	if err != nil {
		return nil, err
	}
	var chosen []Survey
	lately := func(t time.Time) bool { return !t.IsZero() && now.Sub(t) < s.d.Config.Every }
	for i := range list {
		c, to := &list[i], addressees[i]
		if to == "" || barred[i] || lately(asked[c.Customer]) || lately(askedAt[to]) {
			continue
		}
		// Later ones of this batch are after this one.
		if c.Customer != "" {
			asked[c.Customer] = now
		}
		askedAt[to] = now
		chosen = append(chosen, Survey{
			Case: c.Case, ClosedAt: c.ClosedAt, Customer: c.Customer, Addressee: to, State: StateWaiting, CreatedAt: now,
			ExpiresAt: now.Add(s.d.Config.Expires), NextAt: now,
		})
	}
	return chosen, nil
}

// barred says of each candidate whether they do not want to hear of us. The
// guard answers by customer: those without an id are asked for under one of
// their own.
func (s *Service) barred(ctx context.Context, list []Candidate) ([]bool, error) {
	barred := make([]bool, len(list))
	who := make([]triage.Customer, len(list))
	for i := range list {
		barred[i] = list[i].OptedOut
		id := cmp.Or(list[i].Customer, triage.CustomerID("\uFFFD"+number(int64(i))))
		who[i] = triage.Customer{ID: id, Phone: list[i].Phone, Email: list[i].Email}
	}
	if s.d.Guard == nil {
		return barred, nil
	}
	suppressed, err := s.d.Guard.Suppressed(ctx, who)
	for i := range who {
		barred[i] = barred[i] || suppressed[who[i].ID]
	}
	return barred, err
}

// addressee is a fingerprint of an address, which nobody without the key can
// try numbers against; "" without one.
func addressee(key []byte, c *Candidate) string {
	address := strings.ToLower(strings.TrimSpace(c.Email.Reveal()))
	if phone := digits(c.Phone.Reveal()); phone != "" {
		address = phone
	}
	if address == "" {
		return ""
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte("qianyi addressee 1\x00" + address))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// digits of a phone, at most the last eleven: those of a Chinese mobile number
// without its country code.
func digits(phone string) string {
	d := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	return d[max(0, len(d)-11):]
}

// letter writes the text of a survey's next letter.
func (s *Service) letter(key []byte, sv *Survey, to *Candidate, product string) triage.Letter {
	c := &s.d.Config
	text := c.Text
	if sv.Letters > 0 {
		text = c.Reminder
	}
	link := strings.TrimRight(c.BaseURL, "/") + "/p/s/" + sign(key, sv.ID, sv.ExpiresAt)
	return triage.Letter{
		Key:   "survey-" + number(sv.ID) + "-" + number(int64(sv.Letters+1)),
		Phone: to.Phone, Email: to.Email, Subject: c.Subject,
		Text: strings.NewReplacer(linkMark, link, productMark, product).Replace(text),
	}
}
