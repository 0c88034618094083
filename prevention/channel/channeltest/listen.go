package channeltest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// webServer is an HTTP server on 127.0.0.1 that can be down for a while.
type webServer struct {
	handler http.Handler
	// stopping ends requests that hang.
	stopping chan struct{}
	stop     sync.Once

	mu     sync.Mutex
	addr   *net.TCPAddr
	server *http.Server // nil while down
	done   chan struct{}
}

// anyPort lets the system choose a port of this machine.
func anyPort() *net.TCPAddr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func newWebServer(handler http.Handler) (*webServer, error) {
	s := &webServer{handler: handler, stopping: make(chan struct{}), addr: anyPort()}
	return s, s.Up()
}

// Up listens again, at the same address.
func (s *webServer) Up() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		return nil
	}
	l, err := net.ListenTCP("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("local server: %w", err)
	}
	s.addr = l.Addr().(*net.TCPAddr)
	server := &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	s.server, s.done = server, done
	go func() {
		defer close(done)
		_ = server.Serve(l) // ends with http.ErrServerClosed
	}()
	return nil
}

// Down closes the port and all connections: dialling is refused until Up.
func (s *webServer) Down() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil {
		return nil
	}
	err := s.server.Close()
	<-s.done
	s.server = nil
	return err
}

// Close stops the server for good; requests that hang end.
func (s *webServer) Close() error {
	s.stop.Do(func() { close(s.stopping) })
	return s.Down()
}

// URL returns the address of a path.
func (s *webServer) URL(path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return "http://" + s.addr.String() + path
}

// hang waits until the client gives up or the server stops, and answers
// nothing.
func (s *webServer) hang(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-s.stopping:
	}
	panic(http.ErrAbortHandler)
}
