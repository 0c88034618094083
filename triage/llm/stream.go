package llm

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/cenkalti/backoff/v5"
	openai "github.com/sashabaranov/go-openai"
)

// Stream calls f with every part of the answer as it comes, as the model cuts
// it, from one goroutine. Budget, time limit and errors are those of Complete;
// an attempt is repeated only as long as f has not been called. An error of f
// ends the stream and is returned as it is. After any other error f has seen
// the beginning of an answer at most: an answer counts when Stream returns nil.
func (c *Client) Stream(ctx context.Context, r Request, f func(chunk string) error) error {
	if err := r.complete(); err != nil {
		return err
	}
	var refused error
	begun := false
	_, err := retry(ctx, c, func() (struct{}, error) {
		err := c.streamOnce(ctx, r, func(chunk string) error {
			begun = true
			refused = f(chunk)
			return refused
		})
		if err != nil && begun {
			return struct{}{}, backoff.Permanent(err)
		}
		return struct{}{}, repeatable(err)
	})
	if refused != nil {
		return refused
	}
	return coded(err)
}

// streamOnce makes one call within the budget. Servers tell the tokens of a
// stream at its end at most; where they do not, its signs are counted.
func (c *Client) streamOnce(ctx context.Context, r Request, f func(chunk string) error) error {
	reserved := r.tokens() + r.MaxTokens
	day, err := c.budget.reserve(reserved)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	stream, err := c.api.CreateChatCompletionStream(ctx, c.chat(r))
	if err != nil {
		if _, refused := errors.AsType[*statusError](err); refused {
			c.budget.settle(day, reserved, 0)
		}
		return safe(err)
	}
	defer stream.Close()
	used, err := receive(stream, f)
	if err == nil {
		c.budget.settle(day, reserved, cmp.Or(used.told, r.tokens()+used.signs))
	}
	return err
}

// usage is what a stream has cost: the tokens that the server told, 0 for none,
// and the signs of the answer.
type usage struct{ told, signs int }

// receive reads a stream to its proper end.
func receive(stream *openai.ChatCompletionStream, f func(chunk string) error) (u usage, err error) {
	var finished openai.FinishReason
	blank := true
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return u, ending(finished, blank)
		}
		if err != nil {
			return u, safe(err)
		}
		if part.Usage != nil {
			u.told = part.Usage.TotalTokens
		}
		if len(part.Choices) == 0 {
			continue
		}
		choice := part.Choices[0]
		if choice.FinishReason != "" {
			finished = choice.FinishReason
		}
		if choice.Delta.Content == "" {
			continue
		}
		blank = blank && strings.TrimSpace(choice.Delta.Content) == ""
		u.signs += utf8.RuneCountInString(choice.Delta.Content)
		if err := f(choice.Delta.Content); err != nil {
			return u, err
		}
	}
}

// ending says whether an answer is whole.
func ending(reason openai.FinishReason, blank bool) error {
	switch {
	case reason == openai.FinishReasonLength:
		return errors.New("answer was cut off at the limit of tokens; ask for more or for less text")
	case reason == openai.FinishReasonContentFilter:
		return errors.New("answer was withheld by the provider's filter")
	case reason == "":
		return errors.New("answer broke off")
	case blank:
		return errors.New("answer is empty")
	}
	return nil
}
