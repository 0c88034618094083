// Package customer knows one customer across channels: which records are the
// same person, what happened to them, when they are to be contacted, and what
// somebody has to do about them.
//
// A record is one entry of the customer file, as its source gave it. A person
// is one or more records that a person of ours has linked; the record into
// which the others were merged stands for them. Nothing is moved or destroyed
// by a merge: every view is taken over all records of the person, so that
// taking a merge back restores what was before.
//
// The contact plan, the tiers and the task that a low score opens follow the
// customer care procedure of the source documents (tiers high, potential and
// ordinary; below 80 points a named person within three working days and a
// first plan within 24 hours; three scores of 90 or more in a row make a VIP).
package customer
