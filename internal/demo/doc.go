// Package demo fills an empty store with a simulated company, so that every
// page of the console has something to show.
//
// The company is 云杉生活 (Spruce Life), an invented group that sells broadband
// and mobile service, runs an online mall and a delivery platform and has a
// wallet of its own. Its complaints are texts of internal/corpus, set into a
// calendar with a weekly and daily rhythm, a promotion that brings a peak and
// one planted incident of the last days: a payment gateway that takes money and
// does not report it. No text, name or number belongs to a real person.
package demo
