package triage

import (
	"context"
	"time"
)

// Role names what a user may do.
type Role string

// The roles; package access says what each may do.
const (
	RoleAgent     Role = "agent"
	RoleLead      Role = "lead"
	RoleQuality   Role = "quality"
	RoleMarketing Role = "marketing"
	RoleAuditor   Role = "auditor"
	RoleAdmin     Role = "admin"
)

// Roles lists every role in the order the console shows them.
var Roles = []Role{RoleAgent, RoleLead, RoleQuality, RoleMarketing, RoleAuditor, RoleAdmin}

// User is a person who may sign in to the console.
type User struct {
	Name string
	// PasswordHash is an encoded argon2id hash, never a password.
	PasswordHash string
	Role         Role
	// Failures counts wrong passwords since the last success; LockedUntil is
	// zero while the account is open.
	Failures    int
	LockedUntil time.Time
}

// Session is one sign-in. Only a hash of its token is kept.
type Session struct {
	TokenHash string
	User      string
	CreatedAt time.Time
	// SeenAt is the last use; ExpiresAt the end whatever happens.
	SeenAt    time.Time
	ExpiresAt time.Time
}

// UserStore keeps the accounts.
type UserStore interface {
	PutUser(ctx context.Context, u User) error
	// User returns CodeNotFound for an unknown name.
	User(ctx context.Context, name string) (User, error)
	CountUsers(ctx context.Context) (int, error)
}

// SessionStore keeps the sign-ins.
type SessionStore interface {
	PutSession(ctx context.Context, s Session) error
	// Session returns CodeNotFound for an unknown or deleted token.
	Session(ctx context.Context, tokenHash string) (Session, error)
	TouchSession(ctx context.Context, tokenHash string, seenAt time.Time) error
	DeleteSession(ctx context.Context, tokenHash string) error
}

// Replay is the stored answer to a request that carried an idempotency key.
type Replay struct {
	// Fingerprint is a hash of method, path and body of the first request.
	Fingerprint string
	// Done is false while the first request is still being worked on.
	Done   bool
	Status int
	Header string // content type of Body
	Body   []byte
	At     time.Time
}

// ReplayStore remembers answers by idempotency key.
type ReplayStore interface {
	// Begin claims the key for a request. When the key is already known it
	// returns the stored Replay and claimed false. A claim that is not Done
	// and older than staleAfter is taken over: its process died.
	Begin(ctx context.Context, key, fingerprint string, at time.Time, staleAfter time.Duration) (r Replay, claimed bool, err error)
	// Finish stores the answer of a claimed key.
	Finish(ctx context.Context, key string, r Replay) error
	// Abandon forgets a claim whose request failed on our side, so that a
	// retry is worked on again.
	Abandon(ctx context.Context, key string) error
	// Prune deletes answers older than before and says how many.
	Prune(ctx context.Context, before time.Time) (int, error)
}
