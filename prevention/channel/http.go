package channel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 1 << 20

// defaultTimeout bounds one attempt from connecting to the end of the answer.
const defaultTimeout = 15 * time.Second

// answer is a complete HTTP answer.
type answer struct {
	status int
	body   []byte
	// after is what Retry-After asked for, zero when it did not.
	after time.Duration
}

// exchange makes one request. An error is a *prevention.SendError: retry when
// no connection was made, unknown from then on.
func exchange(client *http.Client, req *http.Request, now func() time.Time) (answer, error) {
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	resp, err := client.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		outcome := prevention.OutcomeRetry
		if _, refused := errors.AsType[*internalError](err); refused {
			outcome = prevention.OutcomeRejected
		} else if connected.Load() {
			outcome = prevention.OutcomeUnknown
		}
		return answer{}, &prevention.SendError{Outcome: outcome, Err: withoutURL(err)}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("is longer than %d bytes", maxAnswer)
	}
	if err != nil {
		return answer{}, failf(prevention.OutcomeUnknown, "answer: %w", err)
	}
	return answer{resp.StatusCode, body, retryAfter(resp.Header.Get("Retry-After"), now())}, nil
}

// withoutURL takes the URL, which may hold a secret, out of an error.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// longestPause bounds what a server may ask for.
const longestPause = 24 * time.Hour

// retryAfter reads the header's two forms (RFC 9110, 10.2.3); zero when it is
// absent, in the past or neither.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, longestPause)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, at.Sub(now)), longestPause)
	}
	return 0
}

// statusRule says what an HTTP status means that is no success.
type statusRule struct{ retry, rejected []int }

// defaultStatuses are those that RFC 9110 lets mean nothing else.
var defaultStatuses = statusRule{
	retry:    []int{http.StatusTooManyRequests, http.StatusServiceUnavailable},
	rejected: []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity},
}

// notSetUp are answers about the set-up, not about the message: it was not
// taken, and will be once somebody has put things right.
var notSetUp = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
	http.StatusProxyAuthRequired, http.StatusGone, http.StatusUnsupportedMediaType,
}

func (r statusRule) outcome(status int) prevention.Outcome {
	switch {
	case slices.Contains(r.rejected, status):
		return prevention.OutcomeRejected
	case slices.Contains(r.retry, status), slices.Contains(notSetUp, status), status >= 300 && status < 400:
		return prevention.OutcomeRetry
	}
	return prevention.OutcomeUnknown
}

func failf(o prevention.Outcome, format string, args ...any) error {
	return &prevention.SendError{Outcome: o, Err: fmt.Errorf(format, args...)}
}

// limited bounds an attempt; 0 means defaultTimeout.
func limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit == 0 {
		limit = defaultTimeout
	}
	return context.WithTimeout(ctx, limit)
}
