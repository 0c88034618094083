// Package life is the life of a case from hand to hand: the moves between its
// statuses, who has to act until when, hand-overs between departments, waiting
// for the customer, priority, the watch over time limits and the tracking
// sheet.
//
// One table ([Rules]) has every allowed move; whatever is not in it is refused
// with what is allowed instead. Every change appends a [Step] to the record of
// the case, which nobody can alter, and an audit entry in the same transaction.
package life
