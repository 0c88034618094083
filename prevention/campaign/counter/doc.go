// Package counter is what clerks do with campaigns while a customer stands before
// them: which ones may be recommended and why not the others, and how the customer
// took the one that was.
//
// A customer is a person: everything is judged over all records that were merged
// into one, so that nobody is asked again because of a second number.
package counter
