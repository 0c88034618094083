package channeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/qianyi-dev/qianyi/prevention/channel"
)

// Reply is what a customer writes back.
type Reply struct{ From, Text string }

// Receipts returns the callback about the messages that were taken since the
// last one, signed; false when there is nothing to report. Numbers that end in
// 0000 are switched off and fail.
func (g *Gateway) Receipts() (channel.Callback, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var list []map[string]any
	for _, m := range g.messages {
		if m.reported {
			continue
		}
		m.reported = true
		entry := map[string]any{"key": m.key, "id": m.id, "state": m.state, "at": g.options.Now().Unix()}
		if m.state == "FAILED" {
			entry["reason"] = "SWITCHED_OFF"
		}
		list = append(list, entry)
	}
	return g.callback(map[string]any{"receipts": list}), len(list) > 0
}

// Replies returns the callback about what customers wrote back, signed.
func (g *Gateway) Replies(replies ...Reply) channel.Callback {
	var list []map[string]any
	for _, r := range replies {
		list = append(list, map[string]any{"from": r.From, "text": r.Text, "at": g.options.Now().Unix()})
	}
	return g.callback(map[string]any{"replies": list})
}

func (g *Gateway) callback(content map[string]any) channel.Callback {
	body, err := json.Marshal(content)
	if err != nil {
		body = nil // maps of texts and numbers always fit
	}
	return channel.Callback{
		HTTPHeader: http.Header{"Content-Type": {"application/json"}, "X-Signature": {g.signature(string(body))}},
		Body:       body,
	}
}

// Post calls back over HTTP, as the gateway of a provider does. An answer other
// than 2xx is an error.
func Post(ctx context.Context, client *http.Client, url string, c channel.Callback) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(c.Body))
	if err != nil {
		return fmt.Errorf("callback: %w", err)
	}
	req.Header = c.HTTPHeader.Clone()
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("callback: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("callback was answered HTTP %d", resp.StatusCode)
	}
	return nil
}
