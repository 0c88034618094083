package pack

import (
	"fmt"
	"maps"
	"path"
	"sync"
)

// generalCode is the pack whose types the shipped model knows.
const generalCode = "general"

// shippedGeneral is the general pack as the shipped model knows it, whatever a
// folder puts in its place.
var shippedGeneral = sync.OnceValues(func() (*Pack, error) {
	name := generalCode + ".yaml"
	b, err := embedded.ReadFile(path.Join("packs", name))
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	return read(name, b)
})

// relate finds out what the shipped model's sub-types mean in this pack. A
// general pack of other types than the shipped one is a pack like any other:
// its types mean those of the same code unless they say what else.
func (p *Pack) relate() error {
	general, err := shippedGeneral()
	if err != nil {
		return err
	}
	own := p.Code == generalCode
	if own && maps.Equal(p.codes(), general.codes()) {
		return nil
	}
	subtypes := general.expansions()
	p.meaning = map[string]string{}
	for _, t := range p.Types {
		names := t.General
		if _, same := subtypes[t.Code]; own && same && len(names) == 0 {
			names = []string{t.Code}
		}
		for _, name := range names {
			meant, found := subtypes[name]
			if !found {
				return fmt.Errorf("types: %s: general: the general pack has no type or sub-type %q", t.Code, name)
			}
			if err := p.claim(t.Code, meant); err != nil {
				return err
			}
		}
	}
	return nil
}

// claim says that sub-types of the general pack mean a type of this one.
func (p *Pack) claim(typ string, subtypes []string) error {
	for _, sub := range subtypes {
		if other, taken := p.meaning[sub]; taken && other != typ {
			return fmt.Errorf("types: general: %s is claimed by both %s and %s; name it in one of them", sub, other, typ)
		}
		p.meaning[sub] = typ
	}
	return nil
}

// expansions returns, for every code of the pack, the sub-types that it names:
// a type all of its own, a sub-type itself.
func (p *Pack) expansions() map[string][]string {
	m := map[string][]string{}
	for _, t := range p.Types {
		for _, s := range t.Subtypes {
			m[t.Code] = append(m[t.Code], s.Code)
			m[s.Code] = []string{s.Code}
		}
	}
	return m
}

// codes returns the codes of all types and sub-types.
func (p *Pack) codes() map[string]bool {
	m := map[string]bool{}
	for _, t := range p.Types {
		m[t.Code] = true
		for _, s := range t.Subtypes {
			m[s.Code] = true
		}
	}
	return m
}
