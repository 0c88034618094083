package mime

import (
	"slices"
	"strings"

	"github.com/emersion/go-message"
)

// Reason is why a mail was written by a program.
type Reason string

// The reasons, in the order in which they are looked for.
const (
	// Bounce is a report on delivery or reading (RFC 3462, 3464), and what has
	// the empty return path (RFC 5321, 4.5.5).
	Bounce Reason = "bounce"
	// AutoSubmitted says so itself (RFC 3834).
	AutoSubmitted Reason = "auto_submitted"
	// AutoResponse is known by what mail programs add to holiday notes.
	AutoResponse Reason = "auto_response"
	// Bulk is for many readers: a mailing list, a newsletter.
	Bulk Reason = "bulk"
	// Daemon is from the mail system itself.
	Daemon Reason = "daemon"
)

// automatic says why a program wrote the mail of this header. A name such as
// noreply is no reason: forms of a web site write under it for people.
func automatic(h *message.Header) Reason {
	media, _, _ := h.ContentType()
	from, _ := sender(h.Get("From"))
	local, _, _ := strings.Cut(from, "@")
	submitted, _, _ := strings.Cut(value(h, "Auto-Submitted"), ";")
	switch {
	case media == "multipart/report", strings.HasPrefix(media, "message/delivery"), strings.HasPrefix(media, "message/disposition"),
		h.Has("Return-Path") && value(h, "Return-Path") == "<>":
		return Bounce
	case h.Has("Auto-Submitted") && strings.TrimSpace(submitted) != "no":
		return AutoSubmitted
	case asksForSilence(value(h, "X-Auto-Response-Suppress")), h.Has("X-Autoreply"), h.Has("X-Autorespond"), h.Has("X-Autoresponder"):
		return AutoResponse
	case slices.Contains([]string{"bulk", "junk", "list"}, value(h, "Precedence")), h.Has("List-Id"), h.Has("List-Unsubscribe"):
		return Bulk
	case value(h, "Precedence") == "auto_reply":
		return AutoResponse
	case local == "mailer-daemon" || local == "postmaster":
		return Daemon
	}
	return ""
}

// asksForSilence reads X-Auto-Response-Suppress (MS-OXCMAIL 2.2.3.2.14): a mail
// that only wants no receipts (DR, RN, NRN) may come from a person.
func asksForSilence(list string) bool {
	for v := range strings.SplitSeq(list, ",") {
		switch strings.TrimSpace(v) {
		case "all", "oof", "autoreply":
			return true
		}
	}
	return false
}

func value(h *message.Header, name string) string {
	return strings.ToLower(strings.TrimSpace(h.Get(name)))
}
