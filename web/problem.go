package web

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/qianyi-dev/qianyi/triage"
)

// Codes of errors that arise in HTTP itself, beside those of package triage.
const (
	codeNotFound    = triage.CodeNotFound
	codeMalformed   = triage.Code("malformed")
	codeMethod      = triage.Code("method_not_allowed")
	codeAcceptable  = triage.Code("not_acceptable")
	codeTimeout     = triage.Code("timeout")
	codeMediaType   = triage.Code("unsupported_media_type")
	codeRateLimited = triage.Code("rate_limited")
)

// problemKinds maps every code to its HTTP status and title.
var problemKinds = map[triage.Code]struct {
	status int
	title  string
}{
	triage.CodeInvalid:     {http.StatusUnprocessableEntity, "Invalid input"},
	triage.CodeNotFound:    {http.StatusNotFound, "Not found"},
	triage.CodeConflict:    {http.StatusConflict, "Conflict"},
	triage.CodeUnavailable: {http.StatusServiceUnavailable, "Temporarily unavailable"},
	triage.CodeTooLarge:    {http.StatusRequestEntityTooLarge, "Too large"},
	triage.CodeForbidden:   {http.StatusForbidden, "Forbidden"},
	triage.CodeUnauthed:    {http.StatusUnauthorized, "Unauthorized"},
	triage.CodeInternal:    {http.StatusInternalServerError, "Internal error"},
	codeMalformed:          {http.StatusBadRequest, "Malformed request"},
	codeMethod:             {http.StatusMethodNotAllowed, "Method not allowed"},
	codeAcceptable:         {http.StatusNotAcceptable, "Not acceptable"},
	codeTimeout:            {http.StatusRequestTimeout, "Request timeout"},
	codeMediaType:          {http.StatusUnsupportedMediaType, "Unsupported media type"},
	codeRateLimited:        {http.StatusTooManyRequests, "Too many requests"},
}

const (
	problemType      = "application/problem+json"
	problemURNPrefix = "urn:qianyi:problem:"
	internalDetail   = "something went wrong on our side; the log has the cause under the request id"
	// maxMessageRunes bounds what a message may quote of the input.
	maxMessageRunes = 300
)

// problem is an RFC 9457 problem detail, the body of every error answer.
type problem struct {
	Type      string       `json:"type" example:"urn:qianyi:problem:invalid" doc:"Stable identifier of the kind of problem"`
	Title     string       `json:"title" example:"Invalid input"`
	Status    int          `json:"status" example:"422"`
	Detail    string       `json:"detail,omitempty" doc:"What is wrong and what to do about it"`
	Code      triage.Code  `json:"code" example:"invalid" doc:"Last part of the type, for programs"`
	RequestID string       `json:"request_id,omitempty" doc:"Finds this request in the log of the server"`
	Errors    []fieldError `json:"errors,omitempty" doc:"The fields at fault"`

	header http.Header
}

// fieldError says where the input is wrong. It never repeats the input.
type fieldError struct {
	Location string `json:"location" example:"body.channel"`
	Message  string `json:"message"`
}

func newProblem(code triage.Code, detail string) *problem {
	kind, known := problemKinds[code]
	if !known {
		code, detail = triage.CodeInternal, internalDetail
		kind = problemKinds[code]
	}
	p := &problem{
		Type: problemURNPrefix + string(code), Title: kind.title, Status: kind.status, Code: code,
		Detail: clip(detail, maxMessageRunes),
	}
	if code == triage.CodeUnavailable {
		p.retryAfter("2")
	}
	return p
}

// at adds the field at fault.
func (p *problem) at(location, message string) *problem {
	p.Errors = append(p.Errors, fieldError{Location: location, Message: clip(message, maxMessageRunes)})
	return p
}

func (p *problem) retryAfter(seconds string) *problem { return p.with("Retry-After", seconds) }

func (p *problem) with(header, value string) *problem {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(header, value)
	return p
}

// Error, GetStatus, GetHeaders and ContentType are how huma writes an error.
func (p *problem) Error() string { return p.Detail }

func (p *problem) GetStatus() int { return p.Status }

func (p *problem) GetHeaders() http.Header { return p.header }

func (p *problem) ContentType(string) string { return problemType }

// problemOf turns an error of the domain into a problem. Only the messages of
// typed errors reach the client; place ("body", "query") is where their fields
// are.
func problemOf(err error, place string) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	var e *triage.Error
	switch {
	case errors.As(err, &e) && e.Code != triage.CodeInternal:
		if e.Field == "" {
			return newProblem(e.Code, e.Message)
		}
		return newProblem(e.Code, e.Field+": "+e.Message).at(place+"."+e.Field, e.Message)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return newProblem(triage.CodeUnavailable, "the request was broken off; try again")
	}
	return newProblem(triage.CodeInternal, internalDetail)
}

// writeProblem ends the request with a problem.
func writeProblem(c *gin.Context, p *problem) {
	p.RequestID = requestOf(c.Request.Context()).id
	body, err := json.Marshal(p)
	if err != nil {
		body = []byte("{}") // cannot happen: strings and an integer
	}
	maps.Copy(c.Writer.Header(), p.header)
	c.Abort()
	c.Data(p.Status, problemType, append(body, '\n'))
}

// clip cuts s to n runes.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	count := 0
	for i := range s {
		if count == n {
			return strings.TrimRight(s[:i], " ") + "…"
		}
		count++
	}
	return s
}
