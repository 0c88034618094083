package outreach

import (
	"strings"
	"unicode/utf16"

	"github.com/qianyi-dev/qianyi/prevention"
)

// Segments counts the text messages that carriers bill for a text: 70 UTF-16
// units in one, 67 in each of several; for plain ASCII 160 and 153 (3GPP TS
// 23.040, with a user data header in each part of several). An empty text has
// none.
func Segments(text string) int {
	n, one, each := 0, 160, 153
	for _, r := range text {
		if r > 0x7f {
			one, each = 70, 67
		}
		n += max(1, utf16.RuneLen(r))
	}
	if n <= one {
		return min(n, 1)
	}
	return (n + each - 1) / each
}

// dress gives a text what its channel demands: a text message opens with the
// signature and ends with the hint how to opt out.
func (p *Policy) dress(text string, address prevention.Address) string {
	if address != prevention.AddressPhone {
		return text
	}
	if p.Signature != "" && !strings.Contains(text, p.Signature) {
		text = p.Signature + text
	}
	if p.OptOutHint != "" && !strings.Contains(text, p.OptOutHint) {
		text += " " + p.OptOutHint
	}
	return text
}
