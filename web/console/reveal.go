package console

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// revealFor is how long an unmasked text stays visible on reload.
const revealFor = 5 * time.Minute

// revealKey signs the permission to see one case unmasked. It lives as long as
// the process: after a restart the case is simply masked again.
type revealKey [32]byte

func newRevealKey() (k revealKey) {
	_, _ = rand.Read(k[:]) // never fails
	return k
}

// grant returns a token that opens the case for this session alone, so that an
// address that is passed on shows nobody more than before.
func (k *revealKey) grant(session string, id triage.ComplaintID, now time.Time) string {
	end := strconv.FormatInt(now.Add(revealFor).Unix(), 36)
	return end + "." + k.sign(session, id, end)
}

func (k *revealKey) valid(token, session string, id triage.ComplaintID, now time.Time) bool {
	end, mac, ok := strings.Cut(token, ".")
	if !ok || session == "" {
		return false
	}
	seconds, err := strconv.ParseInt(end, 36, 64)
	if err != nil || !now.Before(time.Unix(seconds, 0)) {
		return false
	}
	return hmac.Equal([]byte(mac), []byte(k.sign(session, id, end)))
}

func (k *revealKey) sign(session string, id triage.ComplaintID, end string) string {
	h := hmac.New(sha256.New, k[:])
	h.Write([]byte(tokenHash(session) + "\n" + end + "\n" + string(id)))
	return hex.EncodeToString(h.Sum(nil)[:16])
}
