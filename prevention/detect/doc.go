// Package detect watches the stream of complaints and finds problems while they
// are small, by common wording and by combinations of facts.
package detect
