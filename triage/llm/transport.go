package llm

import (
	"fmt"
	"io"
	"net/http" //nolint:depguard // the client of a service; what we serve lives in web
	"strconv"
	"time"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 4 << 20

// statusError is an HTTP answer other than 200. The body is left out: it may
// repeat the prompt.
type statusError struct {
	status int
	// after is what Retry-After asked for, zero when it did not.
	after time.Duration
}

func (e *statusError) Error() string { return fmt.Sprintf("answered HTTP %d", e.status) }

// temporary says whether the same call may succeed later.
func (e *statusError) temporary() bool {
	return e.status == http.StatusTooManyRequests || e.status >= 500
}

// doer turns bad statuses into errors and bounds answers.
type doer struct{ client *http.Client }

// newDoer follows no redirect: prompt and key are for one address.
func newDoer() doer {
	return doer{&http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Do returns a *statusError for any status but 200.
func (d doer) Do(req *http.Request) (*http.Response, error) {
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		resp.Body = bounded{io.LimitReader(resp.Body, maxAnswer), resp.Body}
		return resp, nil
	}
	e := &statusError{status: resp.StatusCode}
	if seconds, err := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 31); err == nil {
		e.after = time.Duration(seconds) * time.Second
	}
	// Reading to the end keeps the connection for the next attempt.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer))
	_ = resp.Body.Close()
	return nil, e
}

// bounded reads a part of a body and closes the whole.
type bounded struct {
	io.Reader
	io.Closer
}
