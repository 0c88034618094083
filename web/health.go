package web

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// probeTimeout bounds each readiness check.
const probeTimeout = 2 * time.Second

// healthz says that the process answers.
func (s *Server) healthz(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"status": "ok"})
}

// readyz says whether requests should be sent here. It names the checks that
// fail; why they fail is in the log.
func (s *Server) readyz(c *gin.Context) {
	failed := []string{}
	if s.draining.Load() {
		failed = append(failed, "shutdown")
	}
	ctx := c.Request.Context()
	for _, check := range s.d.Checks {
		if err := probe(ctx, check); err != nil {
			failed = append(failed, check.Name)
			s.d.Log.WarnContext(ctx, "not ready", "check", check.Name, "err", err)
		}
	}
	if len(failed) > 0 {
		c.JSON(http.StatusServiceUnavailable, gin.H{"status": "unready", "failed": failed})
		return
	}
	c.JSON(http.StatusOK, gin.H{"status": "ready"})
}

func probe(ctx context.Context, check Check) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	return check.Probe(ctx)
}
