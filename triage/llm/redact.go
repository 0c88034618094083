package llm

import (
	"cmp"
	"slices"
	"sync"

	"github.com/qianyi-dev/qianyi/nlp"
)

var finder = sync.OnceValue(func() *nlp.EntityFinder { return nlp.NewEntityFinder(nlp.EntityLexicon{}) })

// Redacted replaces the personal data of a text by placeholders, as nlp.Redact
// does, before it leaves the house; restore puts them back into the answer.
// Texts that belong to one question are redacted as one, so that no two
// wordings share a placeholder.
func Redacted(text string) (redacted string, restore func(string) string) {
	n := nlp.Normalize(text)
	return nlp.Redact(text, withNames(finder().Find(&n), nlp.FindNames(text)))
}

// withNames puts names among the other entities, in order; a name that touches
// one of these is left to it.
func withNames(found, names []nlp.Entity) []nlp.Entity {
	all := slices.Clone(found)
	for _, name := range names {
		if !slices.ContainsFunc(found, func(e nlp.Entity) bool { return e.Start < name.End && name.Start < e.End }) {
			all = append(all, name)
		}
	}
	slices.SortStableFunc(all, func(a, b nlp.Entity) int { return cmp.Compare(a.Start, b.Start) })
	return all
}
