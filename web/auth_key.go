package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// keyring finds API keys and their owners.
type keyring interface {
	KeyByHash(ctx context.Context, hash string) (triage.Key, error)
	TouchKey(ctx context.Context, id int64, at time.Time) error
	User(ctx context.Context, name string) (triage.User, error)
}

// touchKeyEvery keeps busy programs from causing a write with every request.
const touchKeyEvery = time.Minute

// admitKey fills in who is behind the secret of an API key; false when it is
// unknown, has ended, or its owner may not sign in any more. The program acts as
// its owner, so that one person with two keys is still one person, and may do
// what both the key and the owner's role allow.
func (s *Server) admitKey(ctx context.Context, r *request, secret string) (bool, error) {
	if s.d.Keys == nil {
		return false, nil
	}
	sum := sha256.Sum256([]byte(secret))
	k, err := s.d.Keys.KeyByHash(ctx, hex.EncodeToString(sum[:]))
	if err != nil {
		return false, unlessNotFound(err)
	}
	now := s.d.Now()
	if !k.RevokedAt.IsZero() || !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt) {
		return false, nil
	}
	owner, err := s.d.Keys.User(ctx, k.Owner)
	if err != nil {
		return false, unlessNotFound(err)
	}
	if owner.Disabled {
		return false, nil
	}
	if now.Sub(k.UsedAt) >= touchKeyEvery {
		if err := s.d.Keys.TouchKey(ctx, k.ID, now); err != nil {
			return false, err
		}
	}
	r.actor, r.client = "api:"+owner.Name, "key:"+strconv.FormatInt(k.ID, 10)
	r.user = owner
	for _, p := range access.Of(owner.Role) {
		if slices.Contains(k.Permissions, string(p)) {
			r.rights = append(r.rights, p)
		}
	}
	return true, nil
}

func unlessNotFound(err error) error {
	if triage.CodeOf(err) == triage.CodeNotFound {
		return nil
	}
	return err
}
