// Package segment cuts normalised Chinese text into words.
//
// It is the only importer of gse. A Segmenter uses gse's shortest path over its
// simplified dictionary, trimmed to words of frequency 10 and more: more
// accurate than the full dictionary with the hidden Markov model, three times
// faster to load, linear in the length of the text.
package segment
