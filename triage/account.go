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
	// PasswordHash is an encoded argon2id hash, never a password; "" for who
	// signs in through an identity provider only.
	PasswordHash string
	Role         Role
	// DisplayName is what others read, "" for the name itself.
	DisplayName string
	// Department bounds the cases a user sees; "" sees all of them.
	Department string
	Email      Email
	// Disabled accounts cannot sign in; their name stays in the trail.
	Disabled bool
	// MustChange asks for a new password before anything else.
	MustChange bool
	// Failures counts wrong passwords and codes since the last success;
	// LockedUntil is zero while the account is open.
	Failures    int
	LockedUntil time.Time
	Second      SecondFactor
	// Issuer and Subject are the identity at a provider that the account belongs
	// to, "" for a local one.
	Issuer, Subject string
	CreatedAt       time.Time
	// SignedInAt is the last sign-in, zero before the first.
	SignedInAt time.Time
}

// Shown is how a page calls the user.
func (u *User) Shown() string {
	if u.DisplayName != "" {
		return u.DisplayName
	}
	return u.Name
}

// SecondFactor is the one-time codes of an account; the zero value is none.
type SecondFactor struct {
	// Sealed is the secret, encrypted by an access.Sealer; "" without one.
	Sealed string `json:"sealed,omitempty"`
	// On is false until a first code has proven that the person has the secret.
	On bool `json:"on,omitempty"`
	// Step is the time step of the last code that was taken: each works once.
	Step int64 `json:"step,omitempty"`
	// Recovery are the SHA-256 hashes of the recovery codes not used yet, in hex.
	Recovery []string `json:"recovery,omitempty"`
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
	// PutUser inserts or replaces an account by name, without an audit entry: it
	// is for setting up, not for changing what people use.
	PutUser(ctx context.Context, u User) error
	// User returns CodeNotFound for an unknown name.
	User(ctx context.Context, name string) (User, error)
	// Users returns all accounts by name.
	Users(ctx context.Context) ([]User, error)
	CountUsers(ctx context.Context) (int, error)
	// EditUser lets edit change the account as it is now and stores it, with the
	// audit entries that edit returns, in one transaction; an error of edit
	// changes nothing. The name stays. CodeConflict is a change after which no
	// administrator could sign in.
	EditUser(ctx context.Context, name string, edit func(*User) ([]AuditEntry, error)) (User, error)
}

// AccountStore makes accounts and finds those of identity providers.
type AccountStore interface {
	// AddUser stores a new account with its audit entry; CodeConflict is a name
	// or an identity that is taken.
	AddUser(ctx context.Context, u User, e AuditEntry) error
	// UserBySubject returns the account of an identity, or CodeNotFound.
	UserBySubject(ctx context.Context, issuer, subject string) (User, error)
}

// SessionStore keeps the sign-ins.
type SessionStore interface {
	PutSession(ctx context.Context, s Session) error
	// Session returns CodeNotFound for an unknown or deleted token.
	Session(ctx context.Context, tokenHash string) (Session, error)
	TouchSession(ctx context.Context, tokenHash string, seenAt time.Time) error
	DeleteSession(ctx context.Context, tokenHash string) error
}

// SessionKeeper lists and ends the sign-ins of a person.
type SessionKeeper interface {
	// SessionsOf returns the sign-ins that are stored for a user, latest use first.
	SessionsOf(ctx context.Context, user string) ([]Session, error)
	// EndSessions ends all sign-ins of a user but the one with the token hash
	// except, "" for none, and says how many.
	EndSessions(ctx context.Context, user, except string) (int, error)
}

// Key is the right of a program to use the API in the name of a person.
type Key struct {
	ID   int64
	Name string
	// Owner is the user the program acts for: what it does is theirs, and what
	// needs two people takes another one.
	Owner string
	// Hash is the SHA-256 of the secret in lower-case hex; the secret is nowhere.
	Hash string
	// Permissions are a part of those of the owner's role.
	Permissions []string
	CreatedBy   string
	CreatedAt   time.Time
	// ExpiresAt is the end of the key, zero for none; UsedAt its last use, to the
	// minute; RevokedAt is zero while it is good.
	ExpiresAt time.Time
	UsedAt    time.Time
	RevokedAt time.Time
}

// KeyStore keeps the API keys. None is ever deleted: the trail names them.
type KeyStore interface {
	// AddKey stores a key with its audit entry and returns its id.
	AddKey(ctx context.Context, k Key, e AuditEntry) (int64, error)
	// Keys returns all keys, newest first.
	Keys(ctx context.Context) ([]Key, error)
	// KeyByHash returns the key of a secret, or CodeNotFound. Whether it is still
	// good is for the caller to judge.
	KeyByHash(ctx context.Context, hash string) (Key, error)
	TouchKey(ctx context.Context, id int64, at time.Time) error
	// RevokeKey ends a key with its audit entry; CodeNotFound is an unknown one,
	// CodeConflict one that has ended.
	RevokeKey(ctx context.Context, id int64, at time.Time, e AuditEntry) error
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
