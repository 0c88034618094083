// Package quality says what the figures of the cases mean: a period against the
// one before it and against the year before, with intervals so that chance is
// not taken for a rise; what most complaints are about; how the year and the
// week usually run, and the days that stand out.
//
// It counts nothing itself: the rows are counted by a [fact.Book]. A comparison
// is of finished days only. The day of today and days to come take no part in
// it, nor does a time that reaches back before the first day of the book.
package quality
