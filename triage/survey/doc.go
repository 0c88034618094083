// Package survey asks customers how satisfied they were with the end of their
// case: who is asked and when, the signed link, reminders, the answer and what
// follows from it.
//
// A case is asked about once. Every letter (the invitation, each reminder) is
// begun durably before it is sent, so that a process that dies between sending
// and noting it never sends it again: such a letter counts as sent. Invitations
// are therefore sent at most once; what the customer may miss is made up by the
// reminder or a call.
package survey
