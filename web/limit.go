package web

import (
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

// idleClient is how long the allowance of a silent client is remembered.
const idleClient = time.Minute

// limiter gives every client address its own token bucket.
type limiter struct {
	limit RateLimit
	now   func() time.Time

	mu      sync.Mutex
	clients map[string]*allowance
	swept   time.Time
}

type allowance struct {
	bucket *rate.Limiter
	seen   time.Time
}

func newLimiter(l RateLimit, now func() time.Time) *limiter {
	return &limiter{limit: l, now: now, clients: map[string]*allowance{}, swept: now()}
}

// take takes one token of the client and returns 0, or how long the client
// has to wait for one.
func (l *limiter) take(client string) time.Duration {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	a := l.clients[client]
	if a == nil {
		a = &allowance{bucket: rate.NewLimiter(rate.Limit(l.limit.PerSecond), l.limit.Burst)}
		l.clients[client] = a
	}
	a.seen = now
	r := a.bucket.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// sweep forgets clients that have been silent long enough to have a full
// bucket again.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < idleClient {
		return
	}
	l.swept = now
	refill := time.Duration(float64(l.limit.Burst) / l.limit.PerSecond * float64(time.Second))
	for name, a := range l.clients {
		if now.Sub(a.seen) > max(idleClient, refill) {
			delete(l.clients, name)
		}
	}
}

// limitRate refuses clients that ask too much; probes are always answered.
func (s *Server) limitRate(c *gin.Context) {
	if isProbe(c.FullPath()) {
		return
	}
	wait := s.limits.take(clientKey(c.ClientIP()))
	if wait == 0 {
		return
	}
	seconds := strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
	writeProblem(c, newProblem(codeRateLimited, "too many requests from this address; wait as Retry-After says").retryAfter(seconds))
}

// clientKey is the address, and of IPv6 the network that one client owns.
func clientKey(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil || !addr.Is6() || addr.Is4In6() {
		return ip
	}
	network, err := addr.Prefix(64)
	if err != nil {
		return ip
	}
	return network.String()
}
