// Package triage is the domain: what a complaint is, how it is accepted,
// judged, linked to its predecessors and confirmed by people.
//
// It knows neither SQL nor HTTP nor the search engine; it declares the small
// interfaces it needs of them (ports.go).
package triage
