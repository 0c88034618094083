// Package launch looks at a campaign before it starts: whether its copy and
// rules keep to the law and to each other, which of its promises brought
// complaints before, and how many complaints campaigns like it bring.
//
// The check is deterministic and says its reasons. rules.yaml, in the hands of
// people who know marketing, has the phrases, what excuses them, the better
// wording and the law. What phrases cannot see is written in Go: the conditions
// that the rules have and the copy hides, dates and amounts that disagree, the
// value of a prize, what a text message needs.
//
// The check is help for the one who writes, no legal advice: it names an article
// of a law only where the article is plainly about the wording.
package launch
