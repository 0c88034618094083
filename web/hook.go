package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/triage"
)

// Hooks takes what gateways call back with. Implementations check the
// signature, CodeUnauthed when it is wrong, and may be called again with the
// same callback; CodeNotFound is a channel that is not known or takes none.
type Hooks interface {
	// Receipts stores delivery receipts. Unknown counts those of messages nobody
	// knows.
	Receipts(ctx context.Context, name string, c channel.Callback) (unknown int, err error)
	// Replies stores what customers answered.
	Replies(ctx context.Context, name string, c channel.Callback) error
}

// mountHooks puts the callbacks of gateways beside the API: gateways sign, they
// have no token and send no Idempotency-Key. The bounds of the API on rate and
// size hold for them too.
func (s *Server) mountHooks(engine *gin.Engine) {
	hooks := engine.Group("/hooks", decodeParams, readBody)
	hooks.POST("/:channel/receipts", s.takeReceipts)
	hooks.POST("/:channel/replies", s.takeReplies)
}

func (s *Server) takeReceipts(c *gin.Context) {
	unknown, err := s.d.Hooks.Receipts(c.Request.Context(), c.Param("channel"), callback(c))
	if err == nil && unknown > 0 {
		// The end of the attempt may not be stored yet: let the gateway ask again.
		detail := fmt.Sprintf("%d receipts are of messages that are not known yet; repeat them", unknown)
		writeProblem(c, newProblem(triage.CodeUnavailable, detail))
		return
	}
	s.answerHook(c, err)
}

func (s *Server) takeReplies(c *gin.Context) {
	s.answerHook(c, s.d.Hooks.Replies(c.Request.Context(), c.Param("channel"), callback(c)))
}

func callback(c *gin.Context) channel.Callback {
	return channel.Callback{HTTPHeader: c.Request.Header, Query: c.Request.URL.Query(), Body: bodyOf(c)}
}

func (s *Server) answerHook(c *gin.Context, err error) {
	if err == nil {
		c.Status(http.StatusNoContent)
		return
	}
	s.logFailure(c.Request.Context(), err)
	writeProblem(c, problemOf(err, "request"))
}
