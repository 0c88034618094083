// Package alert tells the quality team about clusters, through robots and
// e-mail, as good alert managers do: what comes together goes out in one
// message, nothing is repeated within an interval, an escalation swallows the
// alarm that still waits, silences and quiet hours hold back, and an end is told
// only to those who were told of the beginning. The model is the notification
// pipeline of Prometheus Alertmanager.
//
// Unlike customers, the team is told at least once: after an attempt of unknown
// end the alarm is sent again, because one too many harms less than none.
package alert
