package channel

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"text/template"
	"time"
	"unicode"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// RequestConfig is an HTTP request made of templates (text/template). They see
// .To .Subject .Text .Key .Vars .Reference .Time (a time.Time) and .Nonce, and
// these functions: json (a JSON value, quotes included), urlquery (for forms
// and queries), and secret "name" (of the gateway's secrets). Templates are
// tried with hostile texts when the configuration is read, so that a missing
// json or urlquery is found then.
type RequestConfig struct {
	// Method is POST when empty.
	Method  string            `yaml:"method"`
	URL     string            `yaml:"url"`
	Headers map[string]string `yaml:"headers"`
	Body    string            `yaml:"body"`
	// Sign is nil when the gateway wants no signature.
	Sign *SignConfig `yaml:"sign"`
}

// requestData is what request templates see.
type requestData struct {
	To, Subject, Text, Key, Reference, Nonce string

	Vars map[string]string
	Time time.Time
}

// signedRequest is what a signature's template sees of the finished request.
type signedRequest struct {
	requestData
	Method, Host, Path string
	// Query is as it is sent, without the question mark and the signature.
	Query string
	Body  string
}

// requestTemplate is a compiled RequestConfig.
type requestTemplate struct {
	method    string
	url, body *template.Template
	headers   map[string]*template.Template
	signer    *signer
}

// compileRequest parses the templates; field goes before the names in errors.
func compileRequest(field string, config RequestConfig, secrets map[string]string) (*requestTemplate, error) {
	r := &requestTemplate{method: strings.ToUpper(config.Method), headers: map[string]*template.Template{}}
	switch r.method {
	case "":
		r.method = http.MethodPost
	case http.MethodGet, http.MethodPost, http.MethodPut:
	default:
		return nil, triage.FieldErrorf(field+"method", "%q is not supported; use GET, POST or PUT", config.Method)
	}
	var err error
	if r.url, err = parseTemplate(field+"url", config.URL, secrets); err != nil {
		return nil, err
	}
	if r.body, err = parseTemplate(field+"body", config.Body, secrets); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(config.Headers)) {
		if r.headers[name], err = parseTemplate(field+"headers."+name, config.Headers[name], secrets); err != nil {
			return nil, err
		}
	}
	if config.Sign != nil {
		r.signer, err = newSigner(field+"sign.", *config.Sign, secrets)
	}
	return r, err
}

func parseTemplate(field, text string, secrets map[string]string) (*template.Template, error) {
	t, err := template.New(field).Option("missingkey=error").Funcs(template.FuncMap{
		"json": func(v any) (string, error) {
			b, err := json.Marshal(v)
			return string(b), err
		},
		"secret": func(name string) (string, error) {
			s, ok := secrets[name]
			if !ok {
				return "", errors.New("secrets has no such name")
			}
			return s, nil
		},
	}).Parse(text)
	if err != nil {
		return nil, &triage.Error{Code: triage.CodeInvalid, Field: field, Message: "is not a template", Err: err}
	}
	return t, nil
}

// fill executes a template; its error names the place and the missing
// variable, never a value.
func fill(t *template.Template, data any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", failf(prevention.OutcomeRejected, "template: %w", err)
	}
	return b.String(), nil
}

// rendered is a request whose templates are filled.
type rendered struct {
	method string
	url    *url.URL
	header http.Header
	body   string
}

// render fills all templates and signs. An error is a rejection: the message
// does not fit the templates.
func (r *requestTemplate) render(d requestData) (*rendered, error) {
	out := &rendered{method: r.method, header: http.Header{}}
	rawURL, err := fill(r.url, d)
	if err != nil {
		return nil, err
	}
	if out.url, err = url.Parse(rawURL); err != nil {
		return nil, failf(prevention.OutcomeRejected, "url: %w", withoutURL(err))
	}
	if out.body, err = fill(r.body, d); err != nil {
		return nil, err
	}
	for name, t := range r.headers {
		value, err := fill(t, d)
		if err != nil {
			return nil, err
		}
		if err := out.setHeader(name, value); err != nil {
			return nil, err
		}
	}
	if r.signer != nil {
		err = r.signer.attach(out, d)
	}
	return out, err
}

// request makes the request that is sent.
func (r *rendered) request(ctx context.Context) (*http.Request, error) {
	var body io.Reader
	if r.body != "" {
		body = strings.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url.String(), body)
	if err != nil {
		return nil, failf(prevention.OutcomeRejected, "request: %w", withoutURL(err))
	}
	req.Header = r.header
	return req, nil
}

func (r *rendered) setHeader(name, value string) error {
	if strings.ContainsFunc(value, func(c rune) bool { return c != '\t' && unicode.IsControl(c) }) {
		return failf(prevention.OutcomeRejected, "header %s: has control characters", name)
	}
	r.header.Set(name, value)
	return nil
}

// addQuery appends one parameter without touching the others, which may be
// signed as they are.
func addQuery(u *url.URL, name, value string) {
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += url.QueryEscape(name) + "=" + url.QueryEscape(value)
}
