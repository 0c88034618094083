// Package nlp understands one Chinese complaint text: it normalises and
// segments it, finds entities, judges type, sentiment, intensity, urgency,
// demand and handling style, and says for every judgement which words or rules
// led to it.
//
// Everything here is a pure function of its inputs: no storage, no network, no
// clock. All offsets that leave the package count runes of the original text,
// whatever normalisation did in between.
package nlp
