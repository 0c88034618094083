package mime

import (
	"encoding/base64"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message"
)

// word is an encoded word of RFC 2047.
var word = regexp.MustCompile(`=\?([^?*\s]{1,40})(?:\*[^?\s]*)?\?([BbQq])\?([^?\s]*)\?=`)

// decodeHeader decodes the value of a header. Words beside each other are put
// together before their charset is applied, because some programs split a
// character between two of them.
func decodeHeader(s string) string {
	var out strings.Builder
	var held []byte // bytes of neighbouring words of one charset
	charset := ""
	flush := func() {
		out.WriteString(fromCharset(charset, held))
		held = held[:0]
	}
	at := 0
	for _, m := range word.FindAllStringSubmatchIndex(s, -1) {
		between := s[at:m[0]]
		name := s[m[2]:m[3]]
		beside := len(held) > 0 && strings.TrimSpace(between) == ""
		if !beside || !strings.EqualFold(name, charset) {
			flush()
		}
		if !beside {
			out.WriteString(toUTF8([]byte(between)))
		}
		charset = name
		held = append(held, wordBytes(s[m[4]:m[5]], s[m[6]:m[7]])...)
		at = m[1]
	}
	flush()
	out.WriteString(toUTF8([]byte(s[at:])))
	return out.String()
}

// wordBytes decodes the content of an encoded word as far as it is well-formed.
func wordBytes(encoding, content string) []byte {
	if encoding == "B" || encoding == "b" {
		b, _ := base64.RawStdEncoding.DecodeString(strings.TrimRight(content, "=")) // the bytes before an error count
		return b
	}
	var b []byte
	for i := 0; i < len(content); i++ {
		c := content[i]
		switch {
		case c == '_':
			c = ' '
		case c == '=' && i+2 < len(content):
			if high, low := unhex(content[i+1]), unhex(content[i+2]); high >= 0 && low >= 0 {
				c = byte(high<<4 | low)
				i += 2
			}
		}
		b = append(b, c)
	}
	return b
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

var (
	bracketed = regexp.MustCompile(`<([^<>\s]{1,300}@[^<>\s]{1,300})>`)
	bare      = regexp.MustCompile(`[^\s<>"'(),;:]{1,300}@[^\s<>"'(),;:]{1,300}`)
	msgID     = regexp.MustCompile(`<([^<>\s]{1,990})>`)
)

// sender returns the address and the name of a From header.
func sender(raw string) (address, name string) {
	list := addresses(raw)
	if len(list) == 0 {
		return "", ""
	}
	name, _, _ = strings.Cut(raw, "<")
	name = strings.Trim(oneLine(decodeHeader(name)), `"' `)
	if strings.EqualFold(name, list[0]) {
		name = ""
	}
	return list[0], cut(name, maxNameRunes)
}

// addresses returns the addresses of a header in lower case. A value that no
// parser takes, as with a name in raw GBK, is searched for what looks like one.
func addresses(raw string) []string {
	var list []string
	if parsed, err := mail.ParseAddressList(raw); err == nil {
		for _, a := range parsed {
			list = append(list, strings.ToLower(token(a.Address)))
		}
		return list
	}
	for _, m := range bracketed.FindAllStringSubmatch(raw, maxReferences) {
		list = append(list, strings.ToLower(token(m[1])))
	}
	if found := bare.FindString(raw); len(list) == 0 && found != "" {
		list = append(list, strings.ToLower(token(found)))
	}
	return list
}

// firstID returns the first message id of a header, without brackets.
func firstID(raw string) string {
	if ids := messageIDs(raw); len(ids) > 0 {
		return ids[0]
	}
	return token(cut(strings.Trim(raw, "<> "), 990))
}

// token drops what no address and no id may hold.
func token(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

func messageIDs(raw string) []string {
	var ids []string
	for _, m := range msgID.FindAllStringSubmatch(raw, -1) {
		ids = append(ids, token(m[1]))
	}
	return ids
}

// references returns In-Reply-To, then References from its end, which is where
// RFC 5322 puts the nearest.
func references(h *message.Header) []string {
	ids := messageIDs(h.Get("In-Reply-To"))
	for _, id := range slices.Backward(messageIDs(h.Get("References"))) {
		ids = append(ids, id)
	}
	return ids[:min(len(ids), maxReferences)]
}

// date returns the Date header, zero when there is none that can be read.
func date(h *message.Header) time.Time {
	t, err := mail.ParseDate(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t
}
