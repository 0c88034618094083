package llm

import (
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
	return nlp.Redact(text, finder().Find(&n))
}
