package web

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/webhook"
)

// Webhooks takes complaints that other systems send by themselves; see
// webhook.Set.
type Webhooks interface {
	Take(ctx context.Context, source string, r webhook.Request) (triage.Receipt, error)
}

// mountWebhooks puts them beside the API, as the callbacks of gateways are:
// sources sign instead of having a token, and the id makes a call idempotent.
func (s *Server) mountWebhooks(engine *gin.Engine) {
	engine.POST("/hooks/intake/:source", decodeParams, readBody, s.takeComplaint)
}

func (s *Server) takeComplaint(c *gin.Context) {
	r, err := s.d.Webhooks.Take(c.Request.Context(), c.Param("source"), webhook.Request{
		Timestamp: c.GetHeader("X-Qianyi-Timestamp"), Signature: c.GetHeader("X-Qianyi-Signature"), Body: bodyOf(c),
	})
	if err != nil {
		s.logFailure(c.Request.Context(), err)
		writeProblem(c, problemOf(err, "body"))
		return
	}
	status := http.StatusCreated
	if r.Duplicate {
		status = http.StatusOK
	}
	c.JSON(status, struct {
		ID        triage.ComplaintID `json:"id"`
		Duplicate bool               `json:"duplicate"`
	}{r.Case.ID, r.Duplicate})
}
