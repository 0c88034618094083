// Package demo fills an empty store with a simulated company, so that every
// page of the console has something to show.
//
// The company is 云杉生活 (Spruce Life), an invented group that sells broadband
// and mobile service, runs an online mall and a delivery platform and has a
// wallet of its own. Its complaints are texts of internal/corpus, set into a
// calendar with a weekly and daily rhythm, a promotion that brings a peak and
// two planted incidents. A batch of milk, six weeks ago, was found, its buyers
// were told, and what that prevented can be measured. A payment gateway of the
// last days takes money and does not report it; its plan waits for approval.
// What is found, who is told and who complains nevertheless comes from the
// machinery behind Prevention. A campaign that runs had its rules changed nine
// days ago; whether it should go on says the machinery behind Stream, which also
// measures what people improved. No text, name or number belongs to a real person.
package demo
