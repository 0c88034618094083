package channel

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// RobotKind is the service that a robot belongs to.
type RobotKind string

// The robots of group chats.
const (
	RobotWeCom    RobotKind = "wecom"
	RobotDingTalk RobotKind = "dingtalk"
	RobotFeishu   RobotKind = "feishu"
)

// RobotConfig is the robot of one group chat.
type RobotConfig struct {
	Kind RobotKind `yaml:"kind"`
	// URL is the webhook address that the chat shows; it is a secret.
	URL string `yaml:"url"`
	// Secret signs messages for DingTalk (加签) and Feishu (签名校验); "" when the
	// robot checks no signature. WeCom has none.
	Secret string `yaml:"secret"`
	// Format is markdown (default) or text.
	Format string `yaml:"format"`
	// AllowPrivate lets URL lead to an address inside the network.
	AllowPrivate bool `yaml:"allow_private"`
	// Timeout bounds one attempt; 0 means 15 s.
	Timeout time.Duration `yaml:"timeout"`
}

// Robot writes alarms into a group chat. It is not idempotent: none of the
// three services knows a key. It is safe for concurrent use.
type Robot struct {
	dialect robotDialect
	config  RobotConfig
	url     *url.URL
	client  *http.Client
	now     func() time.Time
}

// NewRobot checks the configuration; an error is a *triage.Error that names
// the field. No connection is made.
func NewRobot(config RobotConfig, now func() time.Time) (*Robot, error) {
	dialect, ok := robotDialects[config.Kind]
	if !ok {
		return nil, triage.FieldErrorf("kind", "%q is no robot; use wecom, dingtalk or feishu", config.Kind)
	}
	if config.Kind == RobotWeCom && config.Secret != "" {
		return nil, triage.FieldErrorf("secret", "robots of WeCom check no signature; remove it")
	}
	config.Format = cmp.Or(config.Format, "markdown")
	if config.Format != "markdown" && config.Format != "text" {
		return nil, triage.FieldErrorf("format", "%q is unknown; use markdown or text", config.Format)
	}
	if config.Timeout < 0 {
		return nil, triage.FieldErrorf("timeout", "%v is negative", config.Timeout)
	}
	u, err := checkURL("url", config.URL, config.AllowPrivate)
	if err != nil {
		return nil, err
	}
	return &Robot{dialect, config, u, newHTTPClient(config.AllowPrivate, false), now}, nil
}

// Send writes the message into the chat; m.To is ignored. A text that is too
// long for the service is cut and says so, and what would mention people (@所有人)
// is made harmless, because alarms quote customers.
func (r *Robot) Send(ctx context.Context, m prevention.Message) (prevention.Receipt, error) {
	if err := checkMessage(m, false); err != nil {
		return prevention.Receipt{}, err
	}
	ctx, cancel := limited(ctx, r.config.Timeout)
	defer cancel()
	req, err := r.request(ctx, m)
	if err != nil {
		return prevention.Receipt{}, err
	}
	a, err := exchange(r.client, req, r.now)
	if err != nil {
		return prevention.Receipt{}, err
	}
	return prevention.Receipt{}, r.judge(a)
}

func (r *Robot) request(ctx context.Context, m prevention.Message) (*http.Request, error) {
	markdown := r.config.Format == "markdown"
	limit := r.dialect.maxText
	if markdown {
		limit = r.dialect.maxMarkdown
	}
	title := cut(harmless(strings.Join(strings.Fields(m.Subject), " ")), maxTitle)
	payload := r.dialect.payload(title, cut(harmless(m.Text), limit-len(title)-len(titled(" ", "", "### "))), markdown)
	u := *r.url
	if r.config.Secret != "" {
		r.dialect.sign(r.config.Secret, r.now(), &u, payload)
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return nil, failf(prevention.OutcomeRejected, "payload: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, failf(prevention.OutcomeRejected, "request: %w", withoutURL(err))
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	return req, nil
}

// maxTitle bounds what goes above a text, in bytes.
const maxTitle = 200

// rateWindow is over which the services count messages: all limits are per
// minute.
const rateWindow = time.Minute

func (r *Robot) judge(a answer) error {
	var said robotAnswer
	readable := json.Unmarshal(a.body, &said) == nil
	code, coded := said.code()
	switch {
	case readable && coded && code == 0 && a.status == http.StatusOK:
		return nil
	case readable && coded && r.dialect.busy[code]:
		return &prevention.SendError{
			Outcome: prevention.OutcomeRetry, RetryAfter: max(a.after, rateWindow),
			Err: fmt.Errorf("%s answered %d: too many messages", r.config.Kind, code),
		}
	case readable && coded && code != 0:
		return failf(prevention.OutcomeRejected, "%s answered %d", r.config.Kind, code)
	case a.status == http.StatusOK:
		return failf(prevention.OutcomeUnknown, "%s gave an answer without a code", r.config.Kind)
	}
	return &prevention.SendError{
		Outcome: defaultStatuses.outcome(a.status), RetryAfter: a.after,
		Err: fmt.Errorf("%s answered HTTP %d", r.config.Kind, a.status),
	}
}

// robotAnswer has the code under the names that the services use: errcode for
// WeCom and DingTalk, code for Feishu, StatusCode for its first version.
type robotAnswer struct {
	ErrCode    *int `json:"errcode"`
	Code       *int `json:"code"`
	StatusCode *int `json:"StatusCode"`
}

func (a robotAnswer) code() (int, bool) {
	if c := cmp.Or(a.ErrCode, a.Code, a.StatusCode); c != nil {
		return *c, true
	}
	return 0, false
}

// harmless takes away the sign that begins a mention: <@all> in WeCom and
// <at id=all> in Feishu. DingTalk mentions only whom a field lists.
func harmless(s string) string { return strings.ReplaceAll(s, "<", "＜") }
