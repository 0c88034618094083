// Package search finds past cases: by words, by filters, and by likeness to
// another complaint. It is the only importer of Bleve.
package search
