// Package detect watches the stream of complaints and raises a cluster while a
// problem is still small: by common wording, by combinations of facts, and by
// both together.
//
// One statistic serves both ways: the number of distinct customers in windows of
// six hours to 28 days against the unit's own past, on the message clock, that
// is per complaint of the service rather than per day. Volume, weekdays,
// holidays and growth cancel. How surprising a count must be is set by decoys
// (calibrate.go): the same stream with its texts dealt out to other moments.
//
// Nothing later than a complaint is used to judge it, replay and live service
// run the same code, and the same input gives the same output.
package detect
