package channeltest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/channel"
)

// GatewayFault is a way in which a gateway fails one request.
type GatewayFault int

// The faults of a gateway; Down makes it refuse connections.
const (
	GatewayFine           GatewayFault = iota
	GatewayAcceptHang                  // takes the message, never answers
	GatewayAcceptDrop                  // takes the message, loses the connection
	GatewayAcceptNonsense              // takes the message, answers something unreadable
	GatewayHang                        // never answers
	GatewayNonsense                    // answers something unreadable
	GatewayThrottled                   // 429 with Retry-After: 30
	GatewayUnavailable                 // 503
	GatewayBroken                      // 500
	GatewayBusy                        // 200 with the code BUSY
	GatewayBadNumber                   // 200 with the code BAD_NUMBER
	GatewayRedirect                    // 307 to another address, which takes anything
)

// takes says whether the message is taken all the same.
func (f GatewayFault) takes() bool {
	return f == GatewayFine || f == GatewayAcceptHang || f == GatewayAcceptDrop || f == GatewayAcceptNonsense
}

// GatewayOptions describe a gateway.
type GatewayOptions struct {
	// Secret signs requests and callbacks.
	Secret string
	// Forgetful gateways do not know the keys: a repeated send tells the
	// customer again.
	Forgetful bool
	// Now is the clock against which requests must not be old.
	Now func() time.Time
}

// Gateway is a gateway for text messages that signs, knows keys and calls
// back. It is safe for concurrent use.
type Gateway struct {
	Inbox
	faults[GatewayFault]
	*webServer

	options GatewayOptions

	mu       sync.Mutex
	nonces   map[string]bool
	messages []*gatewayMessage
	byKey    map[string]*gatewayMessage
}

// gatewayMessage is a message that was taken.
type gatewayMessage struct {
	id, key, to string
	state       string
	reported    bool
}

// NewGateway starts a gateway on a free port of 127.0.0.1; Close stops it.
func NewGateway(options GatewayOptions) (*Gateway, error) {
	g := &Gateway{options: options, nonces: map[string]bool{}, byKey: map[string]*gatewayMessage{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /send", g.send)
	mux.HandleFunc("GET /state", g.state)
	mux.HandleFunc("/elsewhere", func(w http.ResponseWriter, _ *http.Request) {
		g.add(Received{To: "elsewhere"})
		reply(w, http.StatusOK, map[string]any{"code": "OK"})
	})
	var err error
	g.webServer, err = newWebServer(mux)
	return g, err
}

// Config returns what makes a channel of this gateway.
func (g *Gateway) Config() channel.GatewayConfig {
	sign := channel.SignConfig{Secret: g.options.Secret, Header: "X-Signature"}
	callback := sign
	sign.Over = "{{.Method}}\n{{.Path}}\n{{.Query}}\n{{.Body}}"
	return channel.GatewayConfig{
		Request: channel.RequestConfig{
			URL:     g.URL("/send"),
			Headers: map[string]string{"Content-Type": "application/json", "Idempotency-Key": "{{.Key}}"},
			Body:    `{"to":{{json .To}},"text":{{json .Text}},"time":{{.Time.Unix}},"nonce":{{json .Nonce}}}`,
			Sign:    &sign,
		},
		Idempotent: !g.options.Forgetful,
		Answer: channel.AnswerConfig{
			Code: "code", Success: []string{"OK"}, Retry: []string{"BUSY"}, Rejected: []string{"BAD_NUMBER"}, Reference: "id",
		},
		Lookup: &channel.LookupConfig{
			Request: channel.RequestConfig{Method: http.MethodGet, URL: g.URL("/state?key={{urlquery .Key}}"), Sign: &sign},
			State:   "state", Absent: []string{"ABSENT"}, Accepted: []string{"ACCEPTED"}, Delivered: []string{"DELIVERED"}, Failed: []string{"FAILED"},
		},
		Receipts: &channel.ReceiptConfig{
			CallbackConfig: channel.CallbackConfig{Items: "receipts", At: "at", TimeLayout: "unix", Sign: &callback},
			Key:            "key", Reference: "id", State: "state", Delivered: []string{"DELIVERED"}, Failed: []string{"FAILED"}, Reason: "reason",
		},
		Replies: &channel.ReplyConfig{
			CallbackConfig: channel.CallbackConfig{Items: "replies", At: "at", TimeLayout: "unix", Sign: &callback},
			From:           "from", Text: "text",
		},
		AllowPrivate: true,
	}
}

func (g *Gateway) signature(text string) string {
	mac := hmac.New(sha256.New, []byte(g.options.Secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// genuine checks the signature of a request.
func (g *Gateway) genuine(r *http.Request, body []byte) bool {
	want := g.signature(r.Method + "\n" + r.URL.Path + "\n" + r.URL.RawQuery + "\n" + string(body))
	return hmac.Equal([]byte(want), []byte(r.Header.Get("X-Signature")))
}

// maxAge is how old a request may be.
const maxAge = 5 * time.Minute

func (g *Gateway) send(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var m struct {
		To, Text, Nonce string
		Time            int64
	}
	switch {
	case err != nil || json.Unmarshal(body, &m) != nil || m.To == "" || m.Text == "":
		reply(w, http.StatusBadRequest, map[string]any{"code": "MALFORMED"})
		return
	case !g.genuine(r, body) || g.options.Now().Sub(time.Unix(m.Time, 0)).Abs() > maxAge || !g.fresh(m.Nonce):
		reply(w, http.StatusUnauthorized, map[string]any{"code": "SIGNATURE"})
		return
	}
	fault := g.take()
	id := ""
	if fault.takes() {
		id = g.accept(r.Header.Get("Idempotency-Key"), m.To, m.Text)
	}
	g.answer(w, r, fault, id)
}

func (g *Gateway) answer(w http.ResponseWriter, r *http.Request, fault GatewayFault, id string) {
	switch fault {
	case GatewayAcceptHang, GatewayHang:
		g.hang(r.Context())
	case GatewayAcceptDrop:
		panic(http.ErrAbortHandler) // closes the connection without an answer
	case GatewayAcceptNonsense, GatewayNonsense:
		_, _ = io.WriteString(w, "<html>系统维护中</html>")
	case GatewayThrottled:
		w.Header().Set("Retry-After", "30")
		reply(w, http.StatusTooManyRequests, map[string]any{"code": "THROTTLED"})
	case GatewayUnavailable:
		reply(w, http.StatusServiceUnavailable, map[string]any{})
	case GatewayBroken:
		reply(w, http.StatusInternalServerError, map[string]any{})
	case GatewayBusy:
		reply(w, http.StatusOK, map[string]any{"code": "BUSY"})
	case GatewayBadNumber:
		reply(w, http.StatusOK, map[string]any{"code": "BAD_NUMBER"})
	case GatewayRedirect:
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	default:
		reply(w, http.StatusOK, map[string]any{"code": "OK", "id": id})
	}
}

func reply(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}

// fresh says whether a nonce is used for the first time.
func (g *Gateway) fresh(nonce string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	seen := g.nonces[nonce]
	g.nonces[nonce] = true
	return !seen && nonce != ""
}

// accept delivers a message, once for each key, and returns its id.
func (g *Gateway) accept(key, to, text string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if m, known := g.byKey[key]; known && !g.options.Forgetful {
		return m.id
	}
	m := &gatewayMessage{id: "m-" + strconv.Itoa(len(g.messages)+1), key: key, to: to, state: "DELIVERED"}
	if strings.HasSuffix(to, "0000") {
		m.state = "FAILED" // such numbers are switched off
	} else {
		g.add(Received{Key: key, To: to, Text: text})
	}
	g.messages = append(g.messages, m)
	g.byKey[key] = m
	return m.id
}

func (g *Gateway) state(w http.ResponseWriter, r *http.Request) {
	if !g.genuine(r, nil) {
		reply(w, http.StatusUnauthorized, map[string]any{"code": "SIGNATURE"})
		return
	}
	g.mu.Lock()
	state := "ABSENT"
	if m, ok := g.byKey[r.URL.Query().Get("key")]; ok {
		state = "ACCEPTED"
		if m.reported {
			state = m.state
		}
	}
	g.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"state": state})
}
