// Package live joins detection, cohorts and the store in a running service:
// what `qianyi detect` does with a file, it does with the change feed.
package live
