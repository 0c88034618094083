package reply

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// MaxText bounds a reply, in runes.
const MaxText = 5000

// Reason is why a reply cannot be sent, or only by somebody who has read why.
type Reason string

// The reasons. The first five block, the others ask for a confirmation.
const (
	Empty     Reason = "empty"
	TooLong   Reason = "too_long"
	Unfilled  Reason = "unfilled"   // a placeholder that nobody has filled
	Leak      Reason = "leak"       // personal data that is not this customer's
	OverLimit Reason = "over_limit" // more than the policy allows
	NoPolicy  Reason = "no_policy"  // money is granted without a policy
	Own       Reason = "own_data"   // the customer's own data, better masked
	Flagged   Reason = "flagged"    // the wording check has something against it
)

// Finding is one reason with the words that led to it.
type Finding struct {
	Reason Reason `json:"reason"`
	// Text is the words, personal data masked.
	Text string `json:"text,omitempty"`
	// Limit is what the policy allows, in yuan, for OverLimit.
	Limit string `json:"limit,omitempty"`
}

// Verdict is the judgement of a reply before it is sent.
type Verdict struct {
	wording.Report
	// Blocks forbid sending, Warnings ask for a confirmation.
	Blocks   []Finding `json:"blocks"`
	Warnings []Finding `json:"warnings"`
}

// Answer is a reply as a person wrote it.
type Answer struct {
	Complaint triage.ComplaintID
	Text      string
	// Solution is the id of the solution it offers, Version that version in
	// force; both may be empty.
	Solution string
	// Amount is what is granted apart from what the text says.
	Amount solution.Money
}

// judge checks an answer. The customer may be zero, version nil.
func (d *Desk) judge(k *triage.Case, c *triage.Customer, a *Answer, version *solution.Version) Verdict {
	v := Verdict{
		Report: d.d.Check.Check(a.Text, about(&Brief{Case: *k})), Blocks: []Finding{}, Warnings: []Finding{},
	}
	block := func(why Reason, words string) { v.Blocks = append(v.Blocks, Finding{Reason: why, Text: words}) }
	switch n := utf8.RuneCountInString(a.Text); {
	case strings.TrimSpace(a.Text) == "":
		block(Empty, "")
	case n > MaxText:
		block(TooLong, "")
	}
	for _, h := range holder.FindAllString(a.Text, -1) {
		if h != solution.Salutation {
			block(Unfilled, h)
		}
	}
	judgeData(&v, k, c)
	judgeMoney(&v, a, version, tierOf(k, c))
	if slices.ContainsFunc(v.Flags, func(f wording.Flag) bool { return f.Kind != wording.PersonalData }) {
		v.Warnings = append(v.Warnings, Finding{Reason: Flagged})
	}
	return v
}

// tierOf is the customer's tier: that of the file, else as the case knew it.
func tierOf(k *triage.Case, c *triage.Customer) triage.Tier {
	if c.Tier != "" {
		return c.Tier
	}
	return k.Work.Tier
}

// judgeData tells the customer's own data, which they gave us, from that of
// others, which no reply may hold.
func judgeData(v *Verdict, k *triage.Case, c *triage.Customer) {
	own := plain(strings.Join([]string{k.Body(), c.Phone.Reveal(), c.Email.Reveal(), c.Name.Reveal(), attr(k, "email"), attr(k, "phone"), attr(k, "name")}, "\n"))
	for _, f := range v.Flags {
		if f.Kind != wording.PersonalData {
			continue
		}
		found := Finding{Reason: Leak, Text: masked(f.Text)}
		if strings.Contains(own, plain(f.Text)) {
			found.Reason = Own
			v.Warnings = append(v.Warnings, found)
			continue
		}
		v.Blocks = append(v.Blocks, found)
	}
}

// judgeMoney compares what is granted with the policy: the amount of the form,
// and every amount of a sentence that grants something.
func judgeMoney(v *Verdict, a *Answer, version *solution.Version, tier triage.Tier) {
	most, words := a.Amount, ""
	for _, s := range strings.FieldsFunc(a.Text, func(r rune) bool { return strings.ContainsRune("。！？；\n!?;", r) }) {
		if !grants.MatchString(plain(s)) {
			continue
		}
		n := nlp.Normalize(s)
		for _, e := range plainFinder().Find(&n) {
			if m, ok := solution.ParseMoney(e.Value); ok && e.Kind == nlp.EntityAmount && m > most {
				most, words = m, e.Text
			}
		}
	}
	if most == 0 {
		return
	}
	var policy solution.Policy
	if version != nil {
		policy = version.Policy
	}
	limit, stated := policy.For(tier)
	switch {
	case !stated:
		v.Warnings = append(v.Warnings, Finding{Reason: NoPolicy, Text: words})
	case most > limit.Amount:
		v.Blocks = append(v.Blocks, Finding{Reason: OverLimit, Text: words, Limit: limit.Amount.String()})
	}
}

func attr(k *triage.Case, name string) string {
	s, _ := k.Attrs[name].(string)
	return s
}

var plainFinder = sync.OnceValue(func() *nlp.EntityFinder { return nlp.NewEntityFinder(nlp.EntityLexicon{}) })

// masked hides personal data.
func masked(text string) string {
	n := nlp.Normalize(text)
	return nlp.MaskText(text, plainFinder().Find(&n))
}
