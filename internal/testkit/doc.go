// Package testkit holds what tests of several packages need: a clock that is
// set by hand, golden files, the folder of shared data and throw-away
// PostgreSQL schemas; browsers are in chromium. Only tests import it.
package testkit
