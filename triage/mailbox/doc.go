// Package mailbox takes complaints from mailboxes over IMAP.
//
// A mail becomes a complaint, a message on the case that it answers, or, when a
// program wrote it, nothing but a count. What holds at every moment, also when
// the process is killed:
//
//   - A mail is stored before it is marked as taken, and everything made of it
//     has an id that follows from the mail. Reading a mail again changes nothing.
//   - No mail is ever deleted. It stays where it is, unread as it was, or is
//     moved to another folder after it was taken.
//   - One mail that cannot be understood does not keep the next from being taken;
//     one mailbox that does not answer does not keep the others.
package mailbox
