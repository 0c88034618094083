package llm

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cenkalti/backoff/v5"
	openai "github.com/sashabaranov/go-openai"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	maxAttempts      = 3
	defaultMaxTokens = 1024
	// longestWait is the Retry-After that is still waited for.
	longestWait = 30 * time.Second
)

// Client asks one model. It is safe for concurrent use.
type Client struct {
	config Config
	api    *openai.Client
	budget *budget
}

// New checks the configuration; an error is a *triage.Error that names the
// field. The zone of the clock decides when a day of the budget begins. No
// connection is made.
func New(config Config, now func() time.Time) (*Client, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	config = config.withDefaults()
	settings := openai.DefaultConfig(config.APIKey)
	settings.BaseURL = strings.TrimRight(config.BaseURL, "/")
	settings.HTTPClient = newDoer()
	return &Client{
		config: config,
		api:    openai.NewClientWithConfig(settings),
		budget: &budget{maxCalls: config.MaxCallsPerDay, maxTokens: config.MaxTokensPerDay, now: now},
	}, nil
}

// Request is one question.
type Request struct {
	// System is our instruction. What customers wrote never goes into it.
	System string
	// User is the data.
	User string
	// MaxTokens bounds the answer; 0 means 1024.
	MaxTokens int
}

// Answer is what a model said, and the tokens of question and answer: as the
// server counts them, or about one for each sign when it does not say.
type Answer struct {
	Text   string
	Tokens int
}

// Complete is Ask without the count.
func (c *Client) Complete(ctx context.Context, r Request) (string, error) {
	a, err := c.Ask(ctx, r)
	return a.Text, err
}

// Ask returns the whole answer, without blanks around it; an answer that
// was cut off is an error. The temperature is 0. Only 429 and 5xx are tried
// again, up to three attempts in all, and each counts against the budget.
// Errors are *triage.Error: CodeInvalid for the request, CodeUnavailable for all
// else (budget, network, model); they hold neither prompt nor answer.
func (c *Client) Ask(ctx context.Context, r Request) (Answer, error) {
	if err := r.complete(); err != nil {
		return Answer{}, err
	}
	answer, err := retry(ctx, c, func() (Answer, error) {
		answer, err := c.attempt(ctx, r)
		return answer, repeatable(err)
	})
	return answer, coded(err)
}

// complete checks the request and fills its default.
func (r *Request) complete() error {
	switch {
	case strings.TrimSpace(r.User) == "":
		return triage.FieldErrorf("user", "is empty")
	case r.MaxTokens < 0:
		return triage.FieldErrorf("max_tokens", "%d is negative", r.MaxTokens)
	case r.MaxTokens == 0:
		r.MaxTokens = defaultMaxTokens
	}
	return nil
}

// retry makes up to three attempts, with growing delays between them.
func retry[T any](ctx context.Context, c *Client, attempt func() (T, error)) (T, error) {
	delays := backoff.NewExponentialBackOff()
	delays.InitialInterval, delays.Multiplier = c.config.RetryDelay, 2
	return backoff.Retry(ctx, attempt, backoff.WithBackOff(delays), backoff.WithMaxTries(maxAttempts))
}

// coded gives an error the code of this package, unless it has one.
func coded(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*triage.Error](err); ok {
		return e
	}
	return &triage.Error{Code: triage.CodeUnavailable, Message: "language model", Err: err}
}

// repeatable marks the errors that the same call cannot change.
func repeatable(err error) error {
	status, ok := errors.AsType[*statusError](err)
	switch {
	case err == nil:
		return nil
	case !ok || !status.temporary() || status.after > longestWait:
		return backoff.Permanent(err)
	case status.after > 0:
		return errors.Join(err, &backoff.RetryAfterError{Duration: status.after})
	}
	return err
}

// attempt makes one call within the budget.
func (c *Client) attempt(ctx context.Context, r Request) (Answer, error) {
	reserved := r.tokens() + r.MaxTokens
	day, err := c.budget.reserve(reserved)
	if err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	answer, err := c.api.CreateChatCompletion(ctx, c.chat(r))
	if _, refused := errors.AsType[*statusError](err); refused {
		c.budget.settle(day, reserved, 0)
	}
	if err != nil {
		return Answer{}, safe(err)
	}
	used := answer.Usage.TotalTokens
	if used > 0 {
		c.budget.settle(day, reserved, used)
	}
	said, err := text(answer)
	if err != nil {
		return Answer{}, err
	}
	if used <= 0 {
		used = r.tokens() + utf8.RuneCountInString(said)
	}
	return Answer{Text: said, Tokens: used}, nil
}

// tokens is about how many tokens the question has: one is a sign or less of
// Chinese, more than one of English.
func (r *Request) tokens() int {
	return utf8.RuneCountInString(r.System) + utf8.RuneCountInString(r.User)
}

func (c *Client) chat(r Request) openai.ChatCompletionRequest {
	messages := []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: r.User}}
	if r.System != "" {
		system := openai.ChatCompletionMessage{Role: openai.ChatMessageRoleSystem, Content: r.System}
		messages = append([]openai.ChatCompletionMessage{system}, messages...)
	}
	return openai.ChatCompletionRequest{
		Model:     c.config.Model,
		Messages:  messages,
		MaxTokens: r.MaxTokens, //nolint:staticcheck // servers other than OpenAI's do not know its successor
		// The library leaves out a plain 0, and servers then take 1.
		Temperature: math.SmallestNonzeroFloat32,
	}
}

// text takes the answer out of its envelope.
func text(answer openai.ChatCompletionResponse) (string, error) {
	if len(answer.Choices) == 0 {
		return "", errors.New("answer has no choices")
	}
	choice := answer.Choices[0]
	s := strings.TrimSpace(choice.Message.Content)
	// Some servers leave out the reason of an answer that came in one piece.
	if err := ending(cmp.Or(choice.FinishReason, openai.FinishReasonStop), s == ""); err != nil {
		return "", err
	}
	return s, nil
}

// safe keeps what is known to hold neither prompt nor answer.
func safe(err error) error {
	if status, ok := errors.AsType[*statusError](err); ok {
		return status
	}
	if network, ok := errors.AsType[*url.Error](err); ok {
		return network.Err
	}
	for _, known := range []error{context.DeadlineExceeded, context.Canceled, io.ErrUnexpectedEOF} {
		if errors.Is(err, known) {
			return known
		}
	}
	return errors.New("answer is not what the interface promises")
}
