package channel

import (
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/prevention"
)

// addresses are those of customers.
var addresses = []prevention.Address{prevention.AddressPhone, prevention.AddressEmail, prevention.AddressCustomer}

// maxKey is the length of idempotency keys that every channel takes, in bytes.
const maxKey = 64

// checkMessage refuses what no channel can send. Errors are rejections.
func checkMessage(m prevention.Message, needsAddress bool) error {
	switch {
	case m.Key == "" || len(m.Key) > maxKey || strings.ContainsFunc(m.Key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return failf(prevention.OutcomeRejected, "key: want 1 to %d printable ASCII characters", maxKey)
	case strings.TrimSpace(m.Text) == "":
		return failf(prevention.OutcomeRejected, "text: is empty")
	case needsAddress && strings.TrimSpace(m.To) == "":
		return failf(prevention.OutcomeRejected, "to: is empty")
	case strings.ContainsFunc(m.To, unicode.IsControl):
		return failf(prevention.OutcomeRejected, "to: has control characters")
	}
	return nil
}

// cut shortens a text to a number of bytes, at the border of a rune, and says
// so at its end.
func cut(s string, limit int) string {
	const note = "…（内容过长，已截断）"
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit-len(note)], "") + note
}
