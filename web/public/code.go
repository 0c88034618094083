package public

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// crockford has no letters that are taken for digits or for each other
// (Crockford's Base32).
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// codeLength is in characters of five bits.
const codeLength = 10

// newToken returns the token of one form: 130 random bits.
func newToken() string { return rand.Text() }

var validToken = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// digest hashes texts that cannot run into each other.
func digest(parts ...string) []byte {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return h.Sum(nil)
}

// formID is the id of what a form holds: the same for every attempt to send it,
// another one when the customer goes back and changes something.
func formID(token string, content ...string) string {
	return "web-" + hex.EncodeToString(digest(append([]string{"id", token}, content...)...)[:12])
}

// newCode is the code that goes with a form. It follows from the random token,
// which only the customer's browser and this answer know, so that a page that
// is loaded again shows the same code although none is stored.
func newCode(token string, content ...string) string {
	return crockford.EncodeToString(digest(append([]string{"code", token}, content...)...))[:codeLength]
}

// shown is a code as people read and write it.
func shown(code string) string { return code[:5] + "-" + code[5:] }

// readCode returns the code that somebody typed, "" when it cannot be one.
func readCode(typed string) string {
	code := strings.Map(func(r rune) rune {
		switch r {
		case 'o', 'O':
			return '0'
		case 'i', 'I', 'l', 'L':
			return '1'
		case '-', ' ', '\u2010', '\u2013', '\u2014', '－', '\t':
			return -1
		}
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, strings.TrimSpace(typed))
	code = strings.ToUpper(code)
	if len(code) != codeLength {
		return ""
	}
	if _, err := crockford.DecodeString(code); err != nil {
		return ""
	}
	return code
}

// codeHash is what is stored of a code, with the last digits of the phone ("" for
// a complaint without one): a wrong digit looks like a wrong code.
func codeHash(code, tail string) string {
	return hex.EncodeToString(digest("follow", code, tail))
}

// tailOf returns the last four digits of a phone number, "" when it has fewer.
func tailOf(phone string) string {
	digits := digitsOf(phone)
	if len(digits) < 4 {
		return ""
	}
	return digits[len(digits)-4:]
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r += '0' - '０'
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
