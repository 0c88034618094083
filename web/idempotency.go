package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotency-Replayed"
	maxKeyLength   = 255
	// claimLifetime is after how long a claim without an answer counts as left
	// behind by a process that died; no request lives longer.
	claimLifetime = readTimeout + writeTimeout
	// replayWait is how long a second request waits for the first one's answer.
	replayWait  = 2 * time.Second
	firstPoll   = 10 * time.Millisecond
	longestPoll = 250 * time.Millisecond
	// settleTimeout bounds storing an answer whose client may be gone.
	settleTimeout = 5 * time.Second
)

// idempotent makes a POST with an Idempotency-Key happen once: the same
// request with the same key gets the stored answer, another request with it is
// refused. Keys belong to the client that uses them. Answers that are our
// fault (5xx) are not stored, so that a retry is worked on.
func (s *Server) idempotent(c *gin.Context) {
	key := c.GetHeader(keyHeader)
	if c.Request.Method != http.MethodPost || key == "" {
		return
	}
	if !validKey(key) {
		message := fmt.Sprintf("want at most %d visible ASCII characters", maxKeyLength)
		writeProblem(c, newProblem(triage.CodeInvalid, keyHeader+": "+message).at("header."+keyHeader, message))
		return
	}
	ctx := c.Request.Context()
	key = requestOf(ctx).client + " " + key
	fingerprint := fingerprint(c.Request, bodyOf(c))
	replay, claimed, err := s.claim(ctx, key, fingerprint)
	switch {
	case err != nil:
		s.logFailure(ctx, err)
		writeProblem(c, problemOf(err, "header"))
	case claimed:
		s.record(c, key, fingerprint)
	case replay.Fingerprint != fingerprint:
		message := "this key was used for another request; use a new one"
		writeProblem(c, newProblem(triage.CodeInvalid, keyHeader+": "+message).at("header."+keyHeader, message))
	case !replay.Done:
		writeProblem(c, newProblem(triage.CodeConflict, "the first request with this key is still being worked on").retryAfter("1"))
	default:
		c.Header(replayedHeader, "true")
		c.Abort()
		c.Data(replay.Status, replay.Header, replay.Body)
	}
}

// validKey accepts 1 to 255 visible ASCII characters.
func validKey(key string) bool {
	for i := range len(key) {
		if key[i] < 0x21 || key[i] > 0x7e {
			return false
		}
	}
	return key != "" && len(key) <= maxKeyLength
}

// fingerprint tells requests apart: method, path, query and body.
func fingerprint(r *http.Request, body []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n", r.Method, r.URL.EscapedPath(), r.URL.RawQuery)
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// claim claims the key, or returns what is known of it. While another request
// with the same content is being worked on it waits, in growing steps, for about
// replayWait.
func (s *Server) claim(ctx context.Context, key, fingerprint string) (triage.Replay, bool, error) {
	waited, step := time.Duration(0), firstPoll
	for {
		r, claimed, err := s.d.Replays.Begin(ctx, key, fingerprint, s.d.Now(), claimLifetime)
		if err != nil || claimed || r.Done || r.Fingerprint != fingerprint || waited >= replayWait {
			return r, claimed, err
		}
		select {
		case <-time.After(step):
		case <-ctx.Done():
			return r, false, ctx.Err()
		}
		waited += step
		step = min(2*step, longestPoll)
	}
}

// record works on the request and stores its answer before it is sent.
func (s *Server) record(c *gin.Context, key, fingerprint string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), claimLifetime)
	defer cancel()
	held := &heldResponse{ResponseWriter: c.Writer, status: http.StatusOK}
	c.Writer = held
	done := false
	defer func() {
		c.Writer = held.ResponseWriter
		if !done { // an answer of ours to retry, or a panic on its way up
			s.settle(ctx, func(ctx context.Context) error { return s.d.Replays.Abandon(ctx, key) })
		}
	}()
	c.Next()
	if held.status < http.StatusInternalServerError {
		done = true
		s.settle(ctx, func(ctx context.Context) error {
			return s.d.Replays.Finish(ctx, key, triage.Replay{
				Fingerprint: fingerprint, Done: true, Status: held.status,
				Header: held.Header().Get("Content-Type"), Body: held.body.Bytes(), At: s.d.Now(),
			})
		})
	}
	held.send()
}

// settle finishes or abandons a claim. A failure is logged only: the work is
// done, and a claim left behind expires.
func (s *Server) settle(ctx context.Context, do func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	if err := do(ctx); err != nil {
		s.d.Log.WarnContext(ctx, "idempotency key not settled", "request_id", requestOf(ctx).id, "err", err)
	}
}
