package attribution

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

// tracked is a campaign and what was learned about its complaints.
type tracked struct {
	triage.Campaign
	names []name
	// terms and amounts are the words, and the numbers with what they count, of
	// rules and copy.
	terms   map[uint64]bool
	amounts map[string]bool
	// reached counts the complaints of those whom it reached, named those that
	// name it or that people or the source gave it.
	reached, named counts
	// counted are the customers that reached has: one who complains every day
	// must not make their words those of the campaign.
	counted map[uint64]bool
	// contacts says that the campaign has reached anybody: then it means
	// something that it did not reach a customer.
	contacts bool
}

// otherOffer says whether a text has numbers of an offer, and none of those of
// the campaign, which has some.
func (k *tracked) otherOffer(f *folded) bool {
	said := offersIn(f)
	if len(said) == 0 {
		return false
	}
	has := false
	for i := range k.names {
		for _, o := range k.names[i].offers {
			has = true
			if slices.ContainsFunc(said, o.same) {
				return false
			}
		}
	}
	return has
}

// Know adds campaigns, or replaces what is known of them; what was learned stays.
func (e *Engine) Know(list ...triage.Campaign) {
	for _, c := range list {
		k := e.campaigns[c.ID]
		if k == nil {
			k = &tracked{counted: map[uint64]bool{}}
			e.campaigns[c.ID] = k
			e.order = append(e.order, c.ID)
		}
		k.Campaign, k.names, k.terms, k.amounts = c, nil, map[uint64]bool{}, map[string]bool{}
		for i, s := range slices.Concat([]string{nameOf(&c)}, c.Aliases) {
			if s != "" {
				k.names = append(k.names, newName(s, i > 0, e.d.Tokenizer))
			}
		}
		for _, s := range []string{c.Rules, c.Copy} {
			f := fold(s)
			words, _ := e.wordsOf(f)
			for _, w := range words {
				k.terms[w.hash] = true
			}
			for _, a := range amountsIn(f.text) {
				k.amounts[a.text] = true
			}
			if offers := offersIn(f); len(offers) > 0 {
				k.names = append(k.names, name{offers: offers})
			}
		}
	}
	slices.Sort(e.order)
}

// nameOf returns the name of a campaign: of one without, its id when that is in
// Chinese.
func nameOf(c *triage.Campaign) string {
	if c.Name == "" && inChinese(c.ID) {
		return c.ID
	}
	return c.Name
}

// Knows says whether a campaign, and by its present name if that is not "", is
// known.
func (e *Engine) Knows(id, name string) bool {
	k := e.campaigns[id]
	return k != nil && (name == "" || k.Name != "")
}
