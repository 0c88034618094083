// Package store keeps everything durable, on SQLite (embedded, the default) or
// PostgreSQL, behind one SQL text.
//
// Reads go through a pool; every write goes through one goroutine that puts
// concurrent calls into common transactions (see writer). Cases are numbered
// by a row that each of their transactions locks first, so that the order of
// Seq and of the change numbers is the order of commits, also with several
// processes on one PostgreSQL.
package store
