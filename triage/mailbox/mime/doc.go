// Package mime reads one e-mail: bytes in, what the writer said and what a
// program has to know about the mail out. Mails come from anybody, so that
// reading promises:
//
//   - No bytes make it fail or panic. What cannot be understood is left out,
//     and a mail that is no mail at all is its own text.
//   - Work and memory are bounded, whatever the mail claims of itself.
//   - Nothing is fetched, run or opened; of an attachment only name, type and
//     size are kept.
//
// It knows nothing of servers, cases or the store.
package mime
