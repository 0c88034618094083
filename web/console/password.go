package console

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/qianyi-dev/qianyi/triage"
)

// The cost of one hash: 19 MiB and two passes, some tens of milliseconds.
const (
	hashMemory  = 19 * 1024 // KiB
	hashPasses  = 2
	hashThreads = 1
	hashBytes   = 32
	saltBytes   = 16

	maxPasswordRunes = 200
)

// HashPassword returns the encoded argon2id hash of a password
// ($argon2id$v=19$m=19456,t=2,p=1$salt$hash). An empty or overlong password is
// an Error of CodeInvalid; how good it must be is for the caller to say.
func HashPassword(password string) (string, error) {
	if n := utf8.RuneCountInString(password); n == 0 || n > maxPasswordRunes {
		return "", triage.FieldErrorf("password", "has %d characters, want 1 to %d", n, maxPasswordRunes)
	}
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	key := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashThreads, hashBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// passwordMatches compares in constant time. A hash that cannot be read, or
// asks for more work than a sign-in may cost, matches nothing.
func passwordMatches(encoded, password string) bool {
	h, ok := parseHash(encoded)
	if !ok || utf8.RuneCountInString(password) > maxPasswordRunes {
		return false
	}
	key := argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.threads, uint32(len(h.key)))
	return subtle.ConstantTimeCompare(key, h.key) == 1
}

type passwordHash struct {
	memory, passes uint32
	threads        uint8
	salt, key      []byte
}

func parseHash(encoded string) (h passwordHash, ok bool) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.threads); err != nil {
		return h, false
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return h, false
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return h, false
	}
	const maxMemory, maxPasses = 256 * 1024, 16
	ok = h.memory >= 8 && h.memory <= maxMemory && h.passes >= 1 && h.passes <= maxPasses &&
		h.threads >= 1 && len(h.salt) >= 8 && len(h.key) >= 16 && len(h.key) <= 64
	return h, ok
}
