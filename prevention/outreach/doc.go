// Package outreach tells the silent customers under a common problem, once
// each: plans with two-person approval, the sender with its guards, replies and
// receipts, and event rules that act before any complaint.
//
// Nobody is told twice about the same cause. That rests on three things: the
// store keeps one notice for each cause and customer; an attempt begins durably
// before anything leaves the machine and only one sender can begin it; and an
// attempt whose end is unknown is repeated only on a channel that honours the
// idempotency key, never on another one.
package outreach
