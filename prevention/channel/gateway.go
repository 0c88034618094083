package channel

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// GatewayConfig is a service that takes messages over HTTP: text messages,
// push, a company's own message bus.
type GatewayConfig struct {
	// Address is what messages are sent to: phone (default), email or customer.
	Address prevention.Address `yaml:"address"`
	// Request sends one message.
	Request RequestConfig `yaml:"request"`
	// Secrets are for {{secret "name"}} in templates.
	Secrets map[string]string `yaml:"secrets"`
	// Idempotent is the gateway's promise that a key is delivered once, however
	// often it is sent. The request must then hold {{.Key}} somewhere.
	Idempotent bool `yaml:"idempotent"`
	// Answer says how to read the answer to Request.
	Answer AnswerConfig `yaml:"answer"`
	// Lookup asks for the state of a message; nil when the gateway cannot say.
	Lookup *LookupConfig `yaml:"lookup"`
	// Receipts and Replies are what the gateway calls us with; nil when it does
	// not.
	Receipts *ReceiptConfig `yaml:"receipts"`
	Replies  *ReplyConfig   `yaml:"replies"`
	// AllowPrivate lets the URLs lead to an address inside the network.
	AllowPrivate bool `yaml:"allow_private"`
	// Timeout bounds one attempt; 0 means 15 s.
	Timeout time.Duration `yaml:"timeout"`
}

// AnswerConfig says what an answer means. Codes win over HTTP statuses; an
// answer that nothing here describes leaves the outcome unknown.
type AnswerConfig struct {
	// Code is the path of the code in a JSON answer, such as "data.code" or
	// "list.0.code"; "" when the HTTP status alone counts (2xx: taken).
	Code string `yaml:"code"`
	// Success, Retry and Rejected list codes.
	Success  []string `yaml:"success"`
	Retry    []string `yaml:"retry"`
	Rejected []string `yaml:"rejected"`
	// RetryStatuses and RejectedStatuses list HTTP statuses, by default 429 and
	// 503, and 400, 413 and 422. Redirects and the statuses of a wrong set-up
	// (401, 403, 404, …) are retried.
	RetryStatuses    []int `yaml:"retry_statuses"`
	RejectedStatuses []int `yaml:"rejected_statuses"`
	// Reference is the path of the gateway's own id.
	Reference string `yaml:"reference"`
}

// Gateway sends by HTTP requests. It is safe for concurrent use.
type Gateway struct {
	config   GatewayConfig
	request  *requestTemplate
	lookup   *requestTemplate
	receipts *callbackReader
	replies  *callbackReader
	client   *http.Client
	now      func() time.Time
}

// NewGateway checks the configuration, trying the templates; an error is a
// *triage.Error that names the field. No connection is made.
func NewGateway(config GatewayConfig, now func() time.Time) (*Gateway, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	g := &Gateway{config: config, client: newHTTPClient(config.AllowPrivate, config.Idempotent), now: now}
	var err error
	if g.request, err = g.compile("request.", config.Request); err != nil {
		return nil, err
	}
	probe, err := g.request.probe(config.Request, plainText)
	if err != nil {
		return nil, err
	}
	if config.Idempotent && !probe.carriesKey() {
		return nil, triage.FieldErrorf("idempotent", "is set but no part of the request holds {{.Key}}")
	}
	if config.Lookup != nil {
		if g.lookup, err = g.compile("lookup.", config.Lookup.Request); err != nil {
			return nil, err
		}
	}
	if config.Receipts != nil {
		if g.receipts, err = newReceiptReader(config.Receipts, config.Secrets); err != nil {
			return nil, err
		}
	}
	if config.Replies != nil {
		if g.replies, err = newReplyReader(config.Replies, config.Secrets); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (c *GatewayConfig) validate() error {
	if c.Address == "" {
		c.Address = prevention.AddressPhone
	}
	switch {
	case !slices.Contains(addresses, c.Address):
		return triage.FieldErrorf("address", "%q is unknown; use phone, email or customer", c.Address)
	case c.Answer.Code != "" && len(c.Answer.Success) == 0:
		return triage.FieldErrorf("answer.success", "is empty; list the codes that mean taken")
	case c.Answer.Code == "" && len(c.Answer.Success)+len(c.Answer.Retry)+len(c.Answer.Rejected) > 0:
		return triage.FieldErrorf("answer.code", "is empty while codes are listed; name the path of the code")
	case c.Timeout < 0:
		return triage.FieldErrorf("timeout", "%v is negative", c.Timeout)
	case c.Lookup != nil && c.Lookup.State == "":
		return triage.FieldErrorf("lookup.state", "is empty; name the path of the state")
	}
	return nil
}

func (g *Gateway) compile(field string, config RequestConfig) (*requestTemplate, error) {
	r, err := compileRequest(field, config, g.config.Secrets)
	if err != nil {
		return nil, err
	}
	return r, r.check(field, config, g.config.AllowPrivate)
}

// Send makes one request.
func (g *Gateway) Send(ctx context.Context, m prevention.Message) (prevention.Receipt, error) {
	if err := checkMessage(m, true); err != nil {
		return prevention.Receipt{}, err
	}
	a, err := g.ask(ctx, g.request, requestData{To: m.To, Subject: m.Subject, Text: m.Text, Key: m.Key, Vars: m.Vars})
	if err != nil {
		return prevention.Receipt{}, err
	}
	return g.config.Answer.judge(a)
}

func (g *Gateway) ask(ctx context.Context, r *requestTemplate, d requestData) (answer, error) {
	d.Time, d.Nonce = g.now(), rand.Text()
	out, err := r.render(d)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := limited(ctx, g.config.Timeout)
	defer cancel()
	req, err := out.request(ctx)
	if err != nil {
		return answer{}, err
	}
	return exchange(g.client, req, g.now)
}

// Close gives idle connections back.
func (g *Gateway) Close() error {
	g.client.CloseIdleConnections()
	return nil
}

func (c *AnswerConfig) judge(a answer) (prevention.Receipt, error) {
	fine := a.status >= 200 && a.status < 300
	body, err := decodeJSON(a.body)
	code := textAt(body, c.Code)
	receipt := prevention.Receipt{Reference: textAt(body, c.Reference)}
	fail := &prevention.SendError{RetryAfter: a.after, Err: fmt.Errorf("gateway answered HTTP %d, code %.40q", a.status, code)}
	switch {
	case c.Code == "" && fine, fine && slices.Contains(c.Success, code):
		return receipt, nil
	case code != "" && slices.Contains(c.Rejected, code):
		fail.Outcome = prevention.OutcomeRejected
	case code != "" && slices.Contains(c.Retry, code):
		fail.Outcome = prevention.OutcomeRetry
	case fine:
		fail.Outcome = prevention.OutcomeUnknown
		if err != nil {
			fail.Err = fmt.Errorf("gateway's answer %w", err)
		}
	default:
		fail.Outcome = c.statuses().outcome(a.status)
	}
	return prevention.Receipt{}, fail
}

func (c *AnswerConfig) statuses() statusRule {
	r := defaultStatuses
	if c.RetryStatuses != nil {
		r.retry = c.RetryStatuses
	}
	if c.RejectedStatuses != nil {
		r.rejected = c.RejectedStatuses
	}
	return r
}
