package customer

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// minOrder is the length from which an order number says who somebody is;
// shorter ones ("1", "无") come from many sources.
const minOrder = 6

// Match finds who an identity belongs to: by id, then by phone, e-mail and
// order. Two persons by one basis, or by two bases, or a name that is not that
// of the record, make candidates for a person to choose from and never a guess.
// Nobody found is no error.
func (s *Service) Match(ctx context.Context, who Identity) (Found, error) {
	found, err := s.MatchAll(ctx, []Identity{who})
	if err != nil {
		return Found{}, err
	}
	return found[0], nil
}

// MatchAll does what Match does for many, with as many look-ups as for one.
func (s *Service) MatchAll(ctx context.Context, list []Identity) ([]Found, error) {
	var m matching
	if err := m.load(ctx, s.d.Store, list); err != nil {
		return nil, err
	}
	found := make([]Found, len(list))
	for i := range list {
		found[i] = m.decide(&list[i])
	}
	return found, nil
}

// matching is what the directory knows about a list of identities.
type matching struct {
	byID      map[triage.CustomerID]Record
	byAddress map[string][]Record
	byOrder   map[string][]triage.CustomerID
}

func (m *matching) load(ctx context.Context, d Directory, list []Identity) (err error) {
	wanted, addresses, orders := map[triage.CustomerID]bool{}, map[string]bool{}, map[string]bool{}
	for i := range list {
		who := &list[i]
		if who.ID != "" {
			wanted[who.ID] = true
		}
		for _, a := range []string{who.Phone.Reveal(), who.Email.Reveal()} {
			if strings.TrimSpace(a) != "" {
				addresses[a] = true
			}
		}
		if utf8.RuneCountInString(who.OrderID) >= minOrder {
			orders[who.OrderID] = true
		}
	}
	if len(addresses) > 0 {
		if m.byAddress, err = d.ByAddress(ctx, sorted(addresses)); err != nil {
			return err
		}
	}
	if len(orders) > 0 {
		if m.byOrder, err = d.ByOrder(ctx, sorted(orders)); err != nil {
			return err
		}
	}
	for _, customers := range m.byOrder {
		for _, id := range customers {
			wanted[id] = true
		}
	}
	named, err := d.ByID(ctx, sorted(wanted))
	if err != nil {
		return err
	}
	m.byID = make(map[triage.CustomerID]Record, len(named))
	maps.Copy(m.byID, named)
	return m.loadPersons(ctx, d)
}

// loadPersons reads the records that stand for those found.
func (m *matching) loadPersons(ctx context.Context, d Directory) error {
	missing := map[triage.CustomerID]bool{}
	for _, records := range m.byAddress {
		for _, r := range records {
			m.byID[r.ID] = r
		}
	}
	for _, r := range m.byID {
		if _, known := m.byID[r.Person]; !known {
			missing[r.Person] = true
		}
	}
	persons, err := d.ByID(ctx, sorted(missing))
	maps.Copy(m.byID, persons)
	return err
}

// decide settles one identity.
func (m *matching) decide(who *Identity) Found {
	if r, known := m.byID[who.ID]; who.ID != "" && known {
		return Found{Customer: r.Person, Basis: ByID, Strength: Certain}
	}
	var candidates []Candidate
	add := func(r Record, b Basis, strength Strength) {
		if !samePersonName(who.Name, r.Name) {
			strength = Weak
		}
		person, known := m.byID[r.Person]
		if !known {
			person = r
		}
		if !slices.ContainsFunc(candidates, func(c Candidate) bool { return c.Record.Person == r.Person }) {
			candidates = append(candidates, Candidate{Record: person, Basis: b, Strength: strength})
		}
	}
	for _, r := range m.byAddress[who.Phone.Reveal()] {
		add(r, ByPhone, Strong)
	}
	for _, r := range m.byAddress[who.Email.Reveal()] {
		add(r, ByEmail, Strong)
	}
	for _, id := range m.byOrder[who.OrderID] {
		r, known := m.byID[id]
		if !known { // a customer of cases alone, without an entry in the file
			r = Record{Customer: triage.Customer{ID: id}, Person: id}
		}
		add(r, ByOrder, Likely)
	}
	if len(candidates) == 1 && candidates[0].Strength != Weak {
		c := candidates[0]
		return Found{Customer: c.Record.Person, Basis: c.Basis, Strength: c.Strength}
	}
	if len(candidates) > 1 {
		for i := range candidates {
			candidates[i].Strength = Weak
		}
	}
	return Found{Candidates: candidates}
}

// Twins proposes records of other persons that have the same phone or e-mail
// address as a record of this one. Whether they are one person is for people
// to say.
func (s *Service) Twins(ctx context.Context, id triage.CustomerID) ([]Candidate, error) {
	records, err := s.d.Store.Records(ctx, id)
	if err != nil {
		return nil, err
	}
	addresses := map[string]bool{}
	basis := map[string]Basis{}
	for i := range records {
		for b, a := range map[Basis]string{ByPhone: records[i].Phone.Reveal(), ByEmail: records[i].Email.Reveal()} {
			if strings.TrimSpace(a) != "" {
				addresses[a], basis[a] = true, b
			}
		}
	}
	if len(addresses) == 0 {
		return nil, nil
	}
	hits, err := s.d.Store.ByAddress(ctx, sorted(addresses))
	if err != nil {
		return nil, err
	}
	var twins []Candidate
	for _, a := range sorted(addresses) {
		for _, r := range hits[a] {
			known := slices.ContainsFunc(twins, func(c Candidate) bool { return c.Record.ID == r.ID })
			if r.Person == records[0].ID || known {
				continue
			}
			strength := Strong
			if !samePersonName(records[0].Name, r.Name) {
				strength = Weak
			}
			twins = append(twins, Candidate{Record: r, Basis: basis[a], Strength: strength})
		}
	}
	return twins, nil
}

// sorted returns the keys of a set in order.
func sorted[K ~string](set map[K]bool) []K {
	list := make([]K, 0, len(set))
	for k := range set {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}
