// Package watch follows the running campaigns: it reads what they did and what
// came of it, judges them every day, and answers with signals, score cards and
// ranks.
package watch
