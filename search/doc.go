// Package search finds past cases: by words, by filters, and by likeness to
// another complaint. It is the only importer of Bleve.
//
// The index is a shadow of the database. It holds no text, only what is needed
// to find a case; it may be deleted at any time and is built again from the
// change feed. Everything that enters it is read from that feed, in the order
// of change numbers and in one place (CatchUp), so that the checkpoint stored
// with each batch always stands for a gap-free prefix of the changes. Being
// told of new cases (Follower.Enqueue) therefore only wakes the reader: a case
// that was dropped, doubled or delayed on the way cannot leave a hole.
package search
