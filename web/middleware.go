package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

const requestIDHeader = "X-Request-Id"

// request is what the middleware knows of the request being answered.
type request struct {
	id string
	// address is where it came from, see clientKey.
	address string
	// actor is "api:NAME" for a client of the API, "" outside of it; NAME is the
	// owner of an API key.
	actor string
	// client tells the tokens and keys of one actor apart.
	client string
	// user is the owner of an API key, zero for other clients.
	user triage.User
	// rights are what the client may do.
	rights []access.Permission
}

// may says whether the client has a permission.
func (r *request) may(p access.Permission) bool {
	return p == access.Public || slices.Contains(r.rights, p)
}

type requestKey struct{}

// requestOf returns the facts of the request of ctx, never nil.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

// ClientOf returns the address from which the request of a handler below a
// Server came, behind trusted proxies, too; of IPv6 the network that one client
// owns. It is "" outside of requests.
func ClientOf(r *http.Request) string { return requestOf(r.Context()).address }

// observe gives the request its id, logs it and counts it. Neither the log nor
// the metrics hold paths, queries or bodies: the route's template stands for them.
func (s *Server) observe(c *gin.Context) {
	start := time.Now()
	r := &request{id: c.GetHeader(requestIDHeader)}
	if !validRequestID(r.id) {
		r.id = uuid.NewString()
	}
	r.address = clientKey(c.ClientIP())
	c.Header(requestIDHeader, r.id)
	ctx := context.WithValue(c.Request.Context(), requestKey{}, r)
	c.Request = c.Request.WithContext(ctx)

	c.Next()

	route := cmp.Or(c.FullPath(), c.Request.Pattern, "other")
	dur := time.Since(start)
	status := c.Writer.Status()
	s.metrics.observe(c.Request.Method, route, status, dur)
	level := slog.LevelInfo
	if isProbe(c.FullPath()) && status < http.StatusBadRequest {
		level = slog.LevelDebug
	}
	s.d.Log.LogAttrs(ctx, level, "request",
		slog.String("method", method(c.Request.Method)), slog.String("route", route), slog.Int("status", status),
		slog.Duration("dur", dur), slog.String("request_id", r.id))
}

// validRequestID accepts ids that can be logged and sent back as they are.
func validRequestID(id string) bool {
	for _, r := range []byte(id) {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && r != '-' && r != '_' && r != '.' {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

func isProbe(route string) bool {
	return route == "/healthz" || route == "/readyz" || route == "/metrics"
}

// recoverPanic answers a panic with a problem that tells nothing of it; the
// stack goes to the log.
func (s *Server) recoverPanic(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v) // asks net/http to cut the connection
		}
		ctx := c.Request.Context()
		s.d.Log.ErrorContext(ctx, "panic in a handler", "request_id", requestOf(ctx).id,
			"err", clip(fmt.Sprint(v), maxMessageRunes), "stack", string(debug.Stack()))
		if c.Writer.Written() {
			c.Abort()
			return
		}
		writeProblem(c, newProblem(triage.CodeInternal, internalDetail))
	}()
	c.Next()
}

// secureHeaders sets the headers that hold for every answer. The console may
// override them.
func secureHeaders(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy",
		"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// refuseCrossOrigin keeps other sites from making a browser change anything
// through the API.
func refuseCrossOrigin() gin.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c *gin.Context) {
		if protection.Check(c.Request) != nil {
			writeProblem(c, newProblem(triage.CodeForbidden, "this request comes from another site"))
		}
	}
}
