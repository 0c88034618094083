// Package cluster groups a stream of complaints by wording, one at a time:
// each joins an issue or starts one, and people's corrections bind for ever.
//
// It is single-pass clustering (Allan, Papka and Lavrenko, "On-line New Event
// Detection and Tracking", SIGIR 1998) over words weighed by rarity. The
// weights of a text are fixed when it arrives, so a word does not lose its
// weight because the issue grows. The same input gives the same output.
package cluster
