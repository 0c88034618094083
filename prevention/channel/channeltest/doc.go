// Package channeltest holds local servers that behave like the real ones behind
// package channel, failures included: a mail server, a gateway for text
// messages, and the robots of three chat services. They are for tests and the
// demo, listen on 127.0.0.1 only, and keep what they got in memory.
//
// Each server has an Inbox: what real people would have received. That nobody
// is told twice is read off there, not off what the sender believes.
package channeltest
