// Package silence turns prevented complaints into money: what it would have cost
// to stay silent. The model is plain on purpose. Every figure that it rests on is
// an assumption with a range and a source that people can see and change, and
// the result is a range, written out with its arithmetic.
//
// The money is that of prevented dissatisfaction: each complaint that did not
// come about stands for one customer who would have complained and for silent
// ones who feel the same. Some of them would have left, and some told others.
// A customer who leaves is either replaced, at the cost of winning one, or not,
// at the margin that is lost: never both. Handling saved is added, the cost of
// the programme taken off.
package silence
