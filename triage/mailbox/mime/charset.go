package mime

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message/charset" // decodes the charsets of parts, too
	"golang.org/x/text/encoding/simplifiedchinese"
)

// toUTF8 reads bytes of an unknown charset. What is not UTF-8 is taken for
// GB18030, which contains GBK and GB2312: the programs that leave the charset
// unsaid, or say us-ascii, are Chinese ones.
func toUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b); err == nil {
		return string(decoded)
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}

// fromCharset reads bytes of a named charset, and as toUTF8 does when the name
// is unknown or wrong.
func fromCharset(name string, b []byte) string {
	switch strings.ToLower(name) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return toUTF8(b)
	}
	r, err := charset.Reader(name, bytes.NewReader(b))
	if err != nil {
		return toUTF8(b)
	}
	decoded, err := io.ReadAll(r)
	if err != nil || !utf8.Valid(decoded) {
		return toUTF8(b)
	}
	return string(decoded)
}
