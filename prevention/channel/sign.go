package channel

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"text/template"

	"github.com/qianyi-dev/qianyi/triage"
)

// SignConfig is an HMAC-SHA256 over a text that a template makes. In a request
// the template sees what RequestConfig lists, and .Method .Host .Path .Query and
// .Body of the finished request; in a callback .Body, .Header "name" and
// .Param "name".
type SignConfig struct {
	Secret string `yaml:"secret"`
	// Over is {{.Body}} when empty.
	Over string `yaml:"over"`
	// Encoding is hex (default) or base64.
	Encoding string `yaml:"encoding"`
	// Prefix goes before the encoded signature, such as "sha256=".
	Prefix string `yaml:"prefix"`
	// Header or Query, one of them, names the place of the signature.
	Header string `yaml:"header"`
	Query  string `yaml:"query"`
}

type signer struct {
	config SignConfig
	over   *template.Template
}

func newSigner(field string, config SignConfig, secrets map[string]string) (*signer, error) {
	switch {
	case config.Secret == "":
		return nil, triage.FieldErrorf(field+"secret", "is empty")
	case config.Encoding != "" && config.Encoding != "hex" && config.Encoding != "base64":
		return nil, triage.FieldErrorf(field+"encoding", "%q is unknown; use hex or base64", config.Encoding)
	case (config.Header == "") == (config.Query == ""):
		return nil, triage.FieldErrorf(field+"header", "name either a header or a query parameter for the signature")
	}
	over, err := parseTemplate(field+"over", cmp.Or(config.Over, "{{.Body}}"), secrets)
	if err != nil {
		return nil, err
	}
	return &signer{config, over}, nil
}

func (s *signer) sign(data any) (string, error) {
	text, err := fill(s.over, data)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, []byte(s.config.Secret))
	mac.Write([]byte(text))
	if s.config.Encoding == "base64" {
		return s.config.Prefix + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
	}
	return s.config.Prefix + hex.EncodeToString(mac.Sum(nil)), nil
}

// attach signs a request that is otherwise complete.
func (s *signer) attach(r *rendered, d requestData) error {
	signature, err := s.sign(signedRequest{d, r.method, r.url.Host, r.url.Path, r.url.RawQuery, r.body})
	if err != nil {
		return err
	}
	if s.config.Header != "" {
		return r.setHeader(s.config.Header, signature)
	}
	addQuery(r.url, s.config.Query, signature)
	return nil
}

// Callback is a request that a gateway made to us.
type Callback struct {
	HTTPHeader http.Header
	Query      url.Values
	Body       []byte
}

// signedCallback is what a signature's template sees of a callback.
type signedCallback struct{ c *Callback }

func (s signedCallback) Body() string              { return string(s.c.Body) }
func (s signedCallback) Header(name string) string { return s.c.HTTPHeader.Get(name) }
func (s signedCallback) Param(name string) string  { return s.c.Query.Get(name) }

// verify compares signatures in constant time; hex may be in capitals.
func (s *signer) verify(c *Callback) error {
	want, err := s.sign(signedCallback{c})
	if err != nil {
		return &triage.Error{Code: triage.CodeUnauthed, Message: "signature cannot be checked", Err: err}
	}
	got := c.Query.Get(s.config.Query)
	if s.config.Header != "" {
		got = c.HTTPHeader.Get(s.config.Header)
	}
	if s.config.Encoding != "base64" {
		got, want = strings.ToLower(got), strings.ToLower(want)
	}
	if !hmac.Equal([]byte(got), []byte(want)) {
		return triage.Errorf(triage.CodeUnauthed, "signature is missing or wrong")
	}
	return nil
}
