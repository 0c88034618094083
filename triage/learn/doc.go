// Package learn makes models of what people decide: confirmations and
// corrections become labels, labels a candidate, and a candidate the model in
// use when it is better on cases that neither of the two has seen, by more than
// chance. It never learns from the program's own guesses or from those of a
// language model.
//
// Every labelled case is placed once, for training or for testing, and never
// moves; what resembles a case, or comes from the same customer, goes where it
// is. A test case is never trained on by any model.
package learn
