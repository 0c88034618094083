// Package prevention holds the domain of finding a common problem early and
// telling the customers under it: clusters, cohorts, plans and notices, and the
// ports through which its parts reach the store and the channels.
package prevention
