// Package reply helps people answer a customer: a draft from the solution and
// the facts of the case, by a template or by a language model whose words are
// checked against these facts; a check of what somebody is about to send; and
// the sending, which only a person starts, with the record of the conversation.
package reply
