package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// streamEvery is how often a stream looks for news.
	streamEvery = 2 * time.Second
	// streamLife ends a stream, so that the browser opens it again and rights
	// and session are looked at anew.
	streamLife = 5 * time.Minute
	// streamQuiet is the longest silence: proxies cut silent connections.
	streamQuiet = 20 * time.Second
)

// isStream says whether a browser asks for events, which it does by itself as
// long as a page is open: that is no sign of a person, and does not keep a
// session alive.
func isStream(r *http.Request) bool { return r.Header.Get("Accept") == "text/event-stream" }

// eventStream writes server-sent events to one reader.
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	silent  time.Duration
}

// stream answers with events until the reader goes, the service stops or the
// stream has lived its time. look is called at once and then every two
// seconds; it sends what is new. An error of look ends the stream, after which
// the browser tries again.
func (c *Console) stream(v *visit, look func(s *eventStream) error) error {
	s := &eventStream{w: v.w, control: http.NewResponseController(v.w)}
	// The ordinary time-outs of the server would cut the stream. A writer that
	// has none, as in tests, is fine.
	_ = s.control.SetReadDeadline(time.Time{})
	_ = s.control.SetWriteDeadline(time.Time{})
	h := v.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	if err := s.write("retry: 5000\n\n"); err != nil {
		return triage.Errorf(triage.CodeUnavailable, "this connection cannot carry events")
	}
	tick := time.NewTicker(streamEvery)
	defer tick.Stop()
	end := time.NewTimer(streamLife)
	defer end.Stop()
	ctx := v.r.Context()
	for {
		if err := look(s); err != nil {
			if ctx.Err() == nil {
				c.d.Log.InfoContext(ctx, "event stream ended", "route", v.r.Pattern, "err", err)
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-c.d.Life.Stopping:
			return nil
		case <-end.C:
			return nil
		case <-tick.C:
		}
		if s.silent += streamEvery; s.silent >= streamQuiet {
			if err := s.write(":\n\n"); err != nil {
				return nil //nolint:nilerr // the reader has gone
			}
		}
	}
}

// send writes one event with its data as JSON.
func (s *eventStream) send(event string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("event %s: %w", event, err)
	}
	return s.write("event: " + event + "\ndata: " + string(text) + "\n\n")
}

func (s *eventStream) write(text string) error {
	s.silent = 0
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
