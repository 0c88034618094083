package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

const apiRoot = "/api/v1"

// router builds the routes. Everything passes the middleware of the engine;
// the API adds authentication, body checks and idempotency. The console guards
// its own forms.
func (s *Server) router() (*gin.Engine, error) {
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	// Path values stay escaped while they are matched, so that an id may hold a
	// slash; decodeParams unescapes them. Gin's own unescaping is that of query
	// strings, which turns a plus sign into a blank.
	engine.UseEscapedPath = true
	engine.UnescapePathValues = false
	if err := engine.SetTrustedProxies(s.d.TrustedProxies); err != nil {
		return nil, fmt.Errorf("web: trusted proxies: %w", err)
	}
	engine.Use(s.observe, s.recoverPanic, secureHeaders, s.limitRate)
	engine.NoRoute(s.elsewhere)
	engine.NoMethod(func(c *gin.Context) {
		writeProblem(c, newProblem(codeMethod, "this address does not answer "+c.Request.Method+"; see the Allow header"))
	})

	for _, method := range []string{http.MethodGet, http.MethodHead} {
		engine.Handle(method, "/healthz", s.healthz)
		engine.Handle(method, "/readyz", s.readyz)
	}
	engine.GET("/metrics", gin.WrapH(s.metrics.handler()))

	if s.d.Hooks != nil {
		s.mountHooks(engine)
	}
	if s.d.Webhooks != nil {
		s.mountWebhooks(engine)
	}
	open := engine.Group(apiRoot)
	guarded := open.Group("", refuseCrossOrigin(), s.authenticate, decodeParams, readBody, s.idempotent)
	if err := s.mountAPI(engine, open, guarded); err != nil {
		return nil, err
	}
	return engine, nil
}

// elsewhere hands what is no route of ours to the console.
func (s *Server) elsewhere(c *gin.Context) {
	path := c.Request.URL.Path
	if s.d.Public != nil && strings.HasPrefix(path, "/p/") {
		c.Status(http.StatusOK)
		s.d.Public.ServeHTTP(c.Writer, c.Request)
		return
	}
	if s.d.Console == nil || path == "/api" || strings.HasPrefix(path, "/api/") {
		writeProblem(c, newProblem(codeNotFound, "there is nothing at this address"))
		return
	}
	c.Status(http.StatusOK) // gin has set 404 already; the console decides
	s.d.Console.ServeHTTP(c.Writer, c.Request)
}
