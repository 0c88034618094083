package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// window is how far the clocks of both sides may be apart.
const window = 5 * time.Minute

// prefix names the method before the signature.
const prefix = "sha256="

// Sign returns the signature of a call: "sha256=" and HMAC-SHA256 in hex over
// the time in unix seconds, a dot and the body.
func Sign(secret string, at time.Time, body []byte) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	return timestamp, prefix + hex.EncodeToString(digest(secret, timestamp, body))
}

func digest(secret, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp))
	mac.Write([]byte("."))
	mac.Write(body)
	return mac.Sum(nil)
}

// verify refuses with CodeUnauthed. That the time is wrong is said only to
// those who know the secret.
func verify(secret string, r Request, now time.Time) error {
	given, found := strings.CutPrefix(r.Signature, prefix)
	signature, err := hex.DecodeString(given)
	if !found || err != nil || !hmac.Equal(signature, digest(secret, r.Timestamp, r.Body)) {
		return triage.Errorf(triage.CodeUnauthed, "the signature is missing or wrong")
	}
	seconds, err := strconv.ParseInt(r.Timestamp, 10, 64)
	if err != nil {
		return triage.Errorf(triage.CodeUnauthed, "the time %q is no number of unix seconds", r.Timestamp)
	}
	if off := now.Sub(time.Unix(seconds, 0)); off > window || off < -window {
		return triage.Errorf(triage.CodeUnauthed, "the time is more than %v from ours; check the clock", window)
	}
	return nil
}
