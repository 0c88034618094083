// Package solution is the library of standard solutions: what is done about a
// type of complaint, what the customer is told, and what may be paid.
//
// Every edit is a version of its own. A version is approved by somebody else
// than its author, at most one of a solution is in force, and none is ever
// changed or deleted, so that any case can be read with the text it was settled
// by. What a version is worth is what the customers said whose cases it settled.
package solution
