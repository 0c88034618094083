// Package wording checks a reply to a complaining customer before it is sent:
// it finds the wordings that make things worse, with their place and a better
// way to say it. Fourteen kinds of mistakes are known, from admitting fault
// before anything was verified to leaking somebody's telephone number.
//
// Most of what it knows is in rules.yaml, in the hands of people who train
// agents. What a pattern cannot see is written in Go: whether the reply asks for
// what the complaint says, whether it answers the demand, whose data it shows.
package wording
