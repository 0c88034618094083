package mailbox

import (
	"context"
	"net/url"
	"regexp"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// tag is a case code in a subject: [#mail-0a1b…].
var tag = regexp.MustCompile(`\[#([^\[\]\s]{1,200})\]`)

// maxMerges bounds the way from a case to the one that it goes on in.
const maxMerges = 10

// thread returns the case that a mail answers, "" for none. A mail that answers
// one of ours, or one that became a case, belongs to that case whoever sends it:
// its id is known to those who have the mail. A code in the subject, and the id
// of a letter with a survey, which is a number, can be guessed; they count only
// for the address that the case came from.
func (b *box) thread(ctx context.Context, m received) (triage.ComplaintID, error) {
	id, sure, err := b.referred(ctx, m.References)
	if err != nil {
		return "", err
	}
	if found := tag.FindStringSubmatch(m.Subject); id == "" && found != nil {
		id = triage.ComplaintID(found[1])
	}
	if id == "" {
		return "", nil
	}
	for range maxMerges {
		c, err := b.d.Intake.Case(ctx, id)
		switch {
		case triage.CodeOf(err) == triage.CodeNotFound:
			return "", nil
		case err != nil:
			return "", err
		case !sure && !sentBy(&c, m.From):
			return "", nil
		case c.Status != triage.StatusMerged || c.Work.MergedInto == "":
			return id, nil
		}
		id, sure = c.Work.MergedInto, true
	}
	return "", nil
}

// numbered begins the keys of letters that follow from a number.
const numbered = "survey-"

// referred returns the case of the nearest mail that the references name, and
// whether nobody can name that mail who does not have it.
func (b *box) referred(ctx context.Context, references []string) (id triage.ComplaintID, sure bool, err error) {
	if len(references) == 0 {
		return "", false, nil
	}
	hashes, keys := make([]string, len(references)), make([]string, len(references))
	for i, r := range references {
		hashes[i], keys[i] = hash(r), letterKey(r)
	}
	mails, err := b.d.Ledger.MailCases(ctx, hashes)
	if err != nil {
		return "", false, err
	}
	letters, err := b.d.Ledger.LetterCases(ctx, keys)
	if err != nil {
		return "", false, err
	}
	for i := range references {
		if id := letters[keys[i]]; id != "" {
			return id, !strings.HasPrefix(keys[i], numbered), nil
		}
		if id := mails[hashes[i]]; id != "" {
			return id, true, nil
		}
	}
	return "", false, nil
}

// letterKey reads the key of a letter out of the Message-ID that package channel
// makes of it: the key, escaped as in a query, before the "@".
func letterKey(messageID string) string {
	local, _, _ := strings.Cut(messageID, "@")
	key, err := url.QueryUnescape(local)
	if err != nil {
		return local
	}
	return key
}

func sentBy(c *triage.Case, address string) bool {
	email, ok := c.Attrs["email"].(string)
	return ok && address != "" && strings.EqualFold(email, address)
}
