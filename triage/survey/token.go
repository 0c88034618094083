package survey

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// A token is the survey's number and its last second, 8 bytes each, and the
// first 16 bytes of their HMAC-SHA256 (RFC 2104 section 5 allows to cut it to
// half its length), in base64url: 43 characters that fit into a text message.
const (
	tokenFacts = 16
	tokenMAC   = 16
)

// tokenPurpose keeps a token from being taken for one of another kind.
const tokenPurpose = "qianyi survey 1\x00"

func sign(key []byte, id int64, expires time.Time) string {
	b := make([]byte, 0, tokenFacts+tokenMAC)
	b = binary.BigEndian.AppendUint64(b, uint64(id))
	b = binary.BigEndian.AppendUint64(b, uint64(expires.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(b, mac(key, b)...))
}

// verify returns the survey's number; the comparison takes the same time
// whatever is wrong.
func verify(key []byte, token string) (id int64, expires time.Time, ok bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != tokenFacts+tokenMAC {
		return 0, time.Time{}, false
	}
	if !hmac.Equal(mac(key, b[:tokenFacts]), b[tokenFacts:]) {
		return 0, time.Time{}, false
	}
	id = int64(binary.BigEndian.Uint64(b))
	return id, time.Unix(int64(binary.BigEndian.Uint64(b[8:])), 0), true
}

func mac(key, facts []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(tokenPurpose))
	h.Write(facts)
	return h.Sum(nil)[:tokenMAC]
}
