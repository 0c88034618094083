package triage

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// AuditHash is a link of the chain that the audit trail is: it depends on its
// entry and on every entry before.
type AuditHash [sha256.Size]byte

// String returns the hash in lower-case hex.
func (h AuditHash) String() string { return hex.EncodeToString(h[:]) }

// ChainedEntry is an entry at its place in the trail.
type ChainedEntry struct {
	ID int64
	AuditEntry
	Prev, Hash AuditHash
}

// Link returns the hash that the entry must have: SHA-256 over the 32 bytes of
// Prev, then ID and the time in unix milliseconds as 8 bytes each, then actor,
// action, object and detail, each as the number of its bytes in 8 bytes and the
// bytes. Numbers are big-endian. The lengths keep two different entries from
// having the same encoding.
func (e *ChainedEntry) Link() AuditHash {
	b := make([]byte, 0, 256)
	b = append(b, e.Prev[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.ID))
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMilli()))
	for _, text := range [...]string{e.Actor, e.Action, e.Object, e.Detail} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(text)))
		b = append(b, text...)
	}
	return sha256.Sum256(b)
}

// AuditFilter narrows the trail. Zero fields do not filter.
type AuditFilter struct {
	Actor, Action, Object string
	// From and To bound the time: From <= At < To.
	From, To time.Time
	// Before continues with the entries before this id, as a page's Next.
	Before int64
	// Limit is at most 500; 0 means 50.
	Limit int
}

// AuditPage is one page of the trail, newest first. Next is 0 on the last one.
type AuditPage struct {
	Entries []ChainedEntry
	Next    int64
}

// AuditProof is what a walk along the whole chain found.
type AuditProof struct {
	// Entries counts the entries that hold, from the first on.
	Entries int64
	// Last and Head are id and hash of the last of them. Who notes them outside
	// of the database can see later whether the trail was written anew.
	Last int64
	Head AuditHash
	// Broken is the id of the first entry that does not hold, 0 for none; Reason
	// says why.
	Broken int64
	Reason string
}

// Holds says whether the trail is as it was written.
func (p *AuditProof) Holds() bool { return p.Reason == "" }

// AuditReader reads the whole trail.
type AuditReader interface {
	// AuditPage returns the entries of a filter, newest first.
	AuditPage(ctx context.Context, f AuditFilter) (AuditPage, error)
	// EachAudit calls do for the entries with from <= At < to, oldest first;
	// zero times do not bound.
	EachAudit(ctx context.Context, from, to time.Time, do func(ChainedEntry) error) error
	// VerifyAudit walks along the chain. noted are hashes of entries that were
	// written down outside, by id; they must be what the trail has.
	VerifyAudit(ctx context.Context, noted map[int64]AuditHash) (AuditProof, error)
}
