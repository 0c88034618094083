package channel

import (
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Texts for trying templates: one plain, one with every sign that means
// something in JSON, forms, queries, paths and headers.
const (
	plainText   = "probe"
	hostileText = "\"},'\\&=?#/%;+<>{ 中文😀"
	probeKey    = "probe-key-0123456789"
)

var variable = regexp.MustCompile(`\.Vars\.(\w+)`)

// probe fills the templates with a text in every place. Line breaks are left to
// the headers' own check.
func (r *requestTemplate) probe(config RequestConfig, text string) (*rendered, error) {
	d := requestData{
		To: text, Subject: text, Text: text, Key: probeKey, Reference: text, Nonce: "0", Time: time.Unix(0, 0),
		Vars: map[string]string{},
	}
	sources := append(slices.Collect(maps.Values(config.Headers)), config.URL, config.Body)
	if config.Sign != nil {
		sources = append(sources, config.Sign.Over)
	}
	for _, found := range variable.FindAllStringSubmatch(strings.Join(sources, "\n"), -1) {
		d.Vars[found[1]] = text
	}
	return r.render(d)
}

// check tries the templates: what a customer wrote must not change the shape
// of the request.
func (r *requestTemplate) check(field string, config RequestConfig, allowPrivate bool) error {
	plain, err := r.probe(config, plainText)
	if err != nil {
		at := field + "url"
		if e, ok := errors.AsType[template.ExecError](err); ok {
			at = e.Name // templates are named by their field
		}
		return &triage.Error{Code: triage.CodeInvalid, Field: at, Message: "cannot be filled", Err: err}
	}
	if _, err := checkURL(field+"url", plain.url.String(), allowPrivate); err != nil {
		return err
	}
	hostile, err := r.probe(config, hostileText)
	if err != nil {
		return triage.FieldErrorf(field+"url", "breaks with a text of special signs; write {{urlquery .Text}} and the like")
	}
	if !sameShape(plain.url, hostile.url) {
		return triage.FieldErrorf(field+"url", "changes its shape with a text of special signs; write {{urlquery .Text}} and the like")
	}
	switch kind := plain.header.Get("Content-Type"); {
	case strings.Contains(kind, "json"):
		if !json.Valid([]byte(plain.body)) {
			return triage.FieldErrorf(field+"body", "is not JSON, as the header Content-Type says")
		}
		if !json.Valid([]byte(hostile.body)) {
			return triage.FieldErrorf(field+"body", "is no JSON any more with a text of special signs; write {{json .Text}}, without quotes around it")
		}
	case strings.Contains(kind, "x-www-form-urlencoded"):
		if !sameParameters(plain.body, hostile.body) {
			return triage.FieldErrorf(field+"body", "changes its fields with a text of special signs; write {{urlquery .Text}}")
		}
	case plain.body != "" && kind == "":
		return triage.FieldErrorf(field+"headers", "have no Content-Type; say what the body is")
	}
	return nil
}

// carriesKey says whether a probe holds the message's key.
func (r *rendered) carriesKey() bool {
	for _, values := range r.header {
		if strings.Contains(strings.Join(values, " "), probeKey) {
			return true
		}
	}
	return strings.Contains(r.url.String(), probeKey) || strings.Contains(r.body, probeKey)
}

// sameShape looks at the host and, because hostileText has a #, which escaping
// takes away, at the fragment.
func sameShape(plain, hostile *url.URL) bool {
	return plain.Host == hostile.Host && hostile.Fragment == ""
}

// sameParameters says whether two queries have the same names, each as often.
func sameParameters(a, b string) bool {
	left, errLeft := url.ParseQuery(a)
	right, errRight := url.ParseQuery(b)
	return errLeft == nil && errRight == nil &&
		maps.EqualFunc(left, right, func(l, r []string) bool { return len(l) == len(r) })
}
