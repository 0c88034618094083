package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// The time-outs of the server. A request has to arrive within readTimeout and
// be answered within writeTimeout.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
)

// Server answers HTTP requests. It is safe for concurrent use.
type Server struct {
	d        Deps
	metrics  *metrics
	limits   *limiter
	handler  http.Handler
	draining atomic.Bool
}

// New makes a Server. The error names the field of d that is missing or wrong.
func New(d Deps) (*Server, error) {
	if err := d.complete(); err != nil {
		return nil, err
	}
	s := &Server{d: d, limits: newLimiter(d.RateLimit, d.Now)}
	s.metrics = newMetrics(d)
	engine, err := s.router()
	if err != nil {
		return nil, err
	}
	s.handler = engine
	return s, nil
}

// Handler returns all routes with their middleware.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers requests from l until ctx ends. It then reports itself as not
// ready, stops accepting, and lets accepted requests go on for as long as grace
// at most; their contexts are not cancelled by ctx. It returns nil when all of
// them were answered. Serve closes l and is called once.
func (s *Server) Serve(ctx context.Context, l net.Listener, grace time.Duration) error {
	lasting := context.WithoutCancel(ctx)
	srv := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.d.Log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return lasting },
	}
	stopped := make(chan error, 1)
	go func() { stopped <- srv.Serve(l) }()
	select {
	case err := <-stopped:
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	s.draining.Store(true)
	limit, cancel := context.WithTimeout(lasting, grace)
	defer cancel()
	err := srv.Shutdown(limit)
	if err != nil {
		_ = srv.Close() // cut off what is left; the error below tells
		err = fmt.Errorf("stop serving on %s: requests still running after %s: %w", l.Addr(), grace, err)
	}
	if served := <-stopped; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = fmt.Errorf("serve on %s: %w", l.Addr(), served)
	}
	return err
}
