package reply

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// Brief is what a draft is made of.
type Brief struct {
	Case triage.Case
	// Solution is the one that somebody chose, nil for none.
	Solution *solution.Version
	// Amount is what somebody grants, 0 for nothing.
	Amount solution.Money
}

// House is what a reply says of the company.
type House struct {
	// Contact is how a customer reaches it, such as 客服热线95588; "" for by
	// answering.
	Contact string
	// Zone is where times are told in.
	Zone  *time.Location
	Types triage.Catalogue
	// Products are names that only count as facts when the case has them.
	Products []string
}

// stage is how far a case has come, as far as a reply must know it.
type stage int

const (
	unclear  stage = iota // facts are not verified
	known                 // verified, without an agreed solution
	agreed                // the solution is being carried out
	finished              // carried out, the customer is asked
	ended
)

func stageOf(k *triage.Case) stage {
	switch k.Status {
	case triage.StatusAttributed, triage.StatusProposing:
		return known
	case triage.StatusAgreed, triage.StatusExecuting:
		return agreed
	case triage.StatusConfirming:
		return finished
	case triage.StatusClosed, triage.StatusCalledBack, triage.StatusWithdrawn, triage.StatusMerged:
		return ended
	}
	return unclear
}

// matter names what the complaint is about in neutral words: those of the pack,
// never the customer's own, which may be an accusation or an instruction.
func (h *House) matter(k *triage.Case) string {
	subtype := k.Assessment.Subtype
	if k.Type != "" {
		subtype = k.Subtype
	}
	for _, code := range []string{subtype, k.FinalType()} {
		if info, ok := triage.FindType(h.Types, code); ok && info.Name != "" {
			return info.Name
		}
	}
	return ""
}

// product is the product of the case, "" when none is known. The field may hold
// whatever a customer wrote into a form: what is no name stays out of a letter.
func product(k *triage.Case) string {
	name := k.Product
	if i := slices.IndexFunc(k.Assessment.Entities, func(e nlp.Entity) bool { return e.Kind == nlp.EntityProduct }); name == "" && i >= 0 {
		name = cmp.Or(k.Assessment.Entities[i].Value, k.Assessment.Entities[i].Text)
	}
	if !productName.MatchString(name) || request.MatchString(name) || grants.MatchString(name) {
		return ""
	}
	return name
}

var (
	// productName is what names of products are made of: neither the signs of
	// sentences nor those of markup or placeholders.
	productName = regexp.MustCompile(`^[\p{L}\p{N}()（）+·.-]{1,20}$`)
	// request matches words of sentences to somebody, sums, and long numbers.
	request = regexp.MustCompile(`[元块请我你您骂]|回复|回答|输出|必须|微信|\d{6}`)
)

// deadline is until when the next step is promised, in words, by the clock that
// runs at this stage. Where that has passed, something is due within a day.
func (h *House) deadline(k *triage.Case, now time.Time) string {
	clocks := k.Work.Clocks
	if clocks == (triage.SLA{}) {
		clocks = k.Assessment.SLA
	}
	due := clocks.ResolveBy
	if stageOf(k) == unclear {
		due = clocks.VerifyBy
		if !due.After(now) {
			due = clocks.ResolveBy
		}
	}
	if !due.After(now) {
		return "24小时内"
	}
	due = due.In(h.Zone)
	if due.Minute() > 0 {
		return due.Format("1月2日15:04") + "前"
	}
	return due.Format("1月2日15点") + "前"
}

// filled puts the facts of the case into the placeholders of a wording. The
// salutation stays for the moment of sending, so that no name is on a screen,
// and so does an amount that nobody has granted.
func (h *House) filled(wording string, b *Brief, now time.Time) string {
	pairs := []string{
		solution.Product, cmp.Or(product(&b.Case), "您使用的产品"),
		solution.Deadline, h.deadline(&b.Case, now),
		solution.Contact, cmp.Or(h.Contact, "本消息"),
	}
	if b.Amount > 0 {
		pairs = append(pairs, solution.Amount, b.Amount.String()+"元")
	}
	return strings.NewReplacer(pairs...).Replace(wording)
}
