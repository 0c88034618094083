// Package store keeps everything durable, on SQLite (embedded, the default) or
// PostgreSQL, behind one SQL text.
package store
