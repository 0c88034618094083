// Package cascade asks a language model for a second opinion on the complaints
// whose type is in doubt. Intake never waits for it, a person's word always
// stands, and what the model says counts only when it names a type of the pack
// in the form asked for.
//
// Complaints are written by strangers, so a text may be an attack on the model.
// What it may do is bounded in layers: a text that reads like instructions is
// not sent at all; what is sent has lost personal data and every sign that is
// not plain Chinese; types are named by codes drawn anew for every call; two
// calls with other codes, in another order, must agree, the second of which does
// not see the names of types that the text has; and only a type that our own
// model holds possible is ever taken over.
package cascade
