package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/qianyi-dev/qianyi/triage"
)

// maxBody bounds the body of a request in bytes.
const maxBody = 1 << 20

const notUTF8 = "is not valid UTF-8; files in GB18030 can be imported with qianyi import"

// readBody reads the body once, so that later steps may read it again, and
// refuses what is too large or not UTF-8. A byte order mark is dropped.
func readBody(c *gin.Context) {
	if c.Request.Body == nil {
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	if err != nil {
		writeProblem(c, bodyProblem(err))
		return
	}
	if at := invalidUTF8(body); at >= 0 {
		writeProblem(c, newProblem(codeMalformed, fmt.Sprintf("the body %s (byte %d)", notUTF8, at)).at("body", "is not valid UTF-8"))
		return
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	c.Set(gin.BodyBytesKey, body)
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	c.Request.ContentLength = int64(len(body))
}

func bodyProblem(err error) *problem {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return newProblem(triage.CodeTooLarge, fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit)).at("body", "is too large")
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return newProblem(codeTimeout, "the body did not arrive in time")
	}
	return newProblem(codeMalformed, "the body could not be read to its end")
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	at := 0
	for at < len(b) {
		r, size := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// bodyOf returns what readBody has read.
func bodyOf(c *gin.Context) []byte {
	body, _ := c.Get(gin.BodyBytesKey)
	b, _ := body.([]byte)
	return b
}

// decodeParams unescapes the values in the path and refuses paths and queries
// that are not UTF-8.
func decodeParams(c *gin.Context) {
	for i, p := range c.Params {
		value, err := url.PathUnescape(p.Value)
		if err != nil || !utf8.ValidString(value) {
			writeProblem(c, newProblem(codeMalformed, "the address is not valid UTF-8").at("path."+p.Key, "is not valid UTF-8"))
			return
		}
		c.Params[i].Value = value
	}
	query, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		writeProblem(c, newProblem(codeMalformed, "the query cannot be read; escape special characters").at("query", "cannot be read"))
		return
	}
	for name, values := range query {
		for _, v := range values {
			if !utf8.ValidString(name) || !utf8.ValidString(v) {
				writeProblem(c, newProblem(codeMalformed, "the query is not valid UTF-8").at("query", "is not valid UTF-8"))
				return
			}
		}
	}
}
