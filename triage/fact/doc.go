// Package fact holds what the figures of quality, campaigns and reports are
// counted from: one row of plain values for each case, in columns by day. The
// rows are rolled up from the cases by a job, a day at a time, and can be rolled
// up again from nothing; a [Book] keeps them in memory and counts them by any
// dimension, under any filter, and names the cases behind every count.
//
// A million rows take some 100 MB and a few milliseconds a pass: that is why
// there is one general way to count and no table for each page.
package fact
