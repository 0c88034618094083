// Package wording checks a reply to a complaining customer before it is sent:
// it finds the wordings that make things worse, with their place and a better
// way to say it. Fourteen kinds of mistakes are known, from admitting fault
// before anything was verified to leaking somebody's telephone number.
//
// It reads a reply three ways. rules.yaml, in the hands of people who train
// agents, has the phrases. Package tone hears in a sentence what no phrase has
// foreseen, and keeps the phrases from finding mistakes in sentences that sound
// proper. What neither can see is written in Go: whether the reply asks for what
// the complaint says, whether it answers the demand, whose data it shows.
package wording
