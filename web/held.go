package web

import (
	"bytes"

	"github.com/gin-gonic/gin"
)

// heldResponse keeps an answer back until send. Headers go to the response at
// once; they are not sent before the body.
type heldResponse struct {
	gin.ResponseWriter
	status  int
	body    bytes.Buffer
	written bool
}

func (h *heldResponse) WriteHeader(status int) {
	if !h.written {
		h.status = status
	}
}

func (h *heldResponse) WriteHeaderNow() { h.written = true }

func (h *heldResponse) Write(b []byte) (int, error) {
	h.written = true
	return h.body.Write(b)
}

func (h *heldResponse) WriteString(s string) (int, error) {
	h.written = true
	return h.body.WriteString(s)
}

func (h *heldResponse) Status() int { return h.status }

func (h *heldResponse) Size() int { return h.body.Len() }

func (h *heldResponse) Written() bool { return h.written }

// Flush does nothing: the answer is not ready before it is stored.
func (h *heldResponse) Flush() {}

// send lets the answer go.
func (h *heldResponse) send() {
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // the client may be gone
}
