// Package dispatch sends the weekly report to those who are on its schedules.
//
// Each schedule sends the report of a week once, whatever crashes: the report is
// kept with one line for each receiver before anything is sent (the store does
// not take it twice), a line is claimed before its mail goes out, and settled
// after. A line that was claimed and never settled may have been sent: it is
// shown as unclear and only a person sends it again.
package dispatch
