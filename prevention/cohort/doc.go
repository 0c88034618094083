// Package cohort answers "who else is affected but silent": it compares what
// complainants had to do with before they complained with what all customers
// had to do with in the same time, finds the smallest exact rule that explains
// them, and lists, scores and counts the customers whom a rule matches.
//
// # Finding a rule
//
// A pattern is one exposure: a kind, a key and up to three attributes that it
// has at once, from a time on. For every pattern that several complainants
// share, c of the n complainants with known exposures have it before their
// complaint, where e are expected from the share of all known customers who
// had it by then. Its likelihood ratio
//
//	c ln(c/e) + (n-c) ln((n-c)/(n-e))
//
// bounds the chance of such a c by exp(-ratio) (Chernoff), so that ratio minus
// the logarithm of the number of patterns looked at bounds the chance that any
// of them is that common by accident. The best patterns are extended, by a set
// of regions or a second exposure, while the same ratio among those who match
// already is worth its own number of choices. Unrelated complaints and missing
// records lower c and n, never the correctness of the bound. When nothing is
// significant there is no rule.
package cohort
