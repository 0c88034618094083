// Package tone hears in one sentence of a reply which mistakes it may be. It
// knows speech acts by example, where package wording knows them by pattern: a
// linear classifier per mistake over character sequences, learnt from written
// sentences.
package tone
