// Package card sums a campaign up on one page that can be compared with that of
// any other: whom it reached, how they took it, who complained and why, what
// that cost, and what was learnt. It also ranks campaigns.
package card
