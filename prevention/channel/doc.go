// Package channel holds the ways out of the machine: e-mail by SMTP, HTTP
// gateways for text messages and the like, the robots of WeCom, DingTalk and
// Feishu, and files that are handed over.
//
// A channel tries once. What may be done after a failure is its outcome
// (prevention.SendError): in doubt a message counts as "may have been taken",
// because a customer who is told twice is worse than one who waits for a
// person to look. No error holds a text, an address of a customer or a secret.
//
// The URLs of gateways and robots are hostile input: addresses inside the
// network are refused where the connection is made, see guard.go.
package channel
