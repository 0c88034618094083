// Package effect measures whether telling customers prevented complaints.
//
// A part of every cohort is drawn at random, before anything is sent, and not
// told. All who were drawn count, whether a notice reached them or not
// (intention to treat): comparing those who were reached with those who were
// not is biased, because the two complain differently anyway.
//
// Results may be looked at every day. Intervals are confidence sequences: the
// chance that the truth is ever outside, at any of all looks, is at most 5 %.
package effect
