package channel

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// maxItems bounds the entries of one callback.
const maxItems = 10_000

// CallbackConfig is what receipts and replies have in common.
type CallbackConfig struct {
	// Format is json (default) or form, whose entries are one per callback.
	Format string `yaml:"format"`
	// Items is the path of the list in JSON; "" when the body is the list, or one
	// entry.
	Items string `yaml:"items"`
	// At is the path of the time, in the layout TimeLayout: one of Go's package
	// time, unix or unixmilli; by default RFC 3339. Times without an offset are
	// those of Zone (default Asia/Shanghai).
	At         string `yaml:"at"`
	TimeLayout string `yaml:"time_layout"`
	Zone       string `yaml:"zone"`
	// Sign checks the signature; nil takes callbacks from anybody who knows the
	// address, for gateways that sign nothing.
	Sign *SignConfig `yaml:"sign"`
}

// ReceiptConfig reads delivery receipts.
type ReceiptConfig struct {
	CallbackConfig `yaml:",inline"`
	// Key and Reference are the paths of what names the message; one is needed.
	Key       string `yaml:"key"`
	Reference string `yaml:"reference"`
	// State is the path of the state; Delivered and Failed list its words.
	// Entries with another word (on its way) are left out.
	State     string   `yaml:"state"`
	Delivered []string `yaml:"delivered"`
	Failed    []string `yaml:"failed"`
	// Reason is the path of why it failed.
	Reason string `yaml:"reason"`
}

// ReplyConfig reads what customers wrote back.
type ReplyConfig struct {
	CallbackConfig `yaml:",inline"`
	From           string `yaml:"from"`
	Text           string `yaml:"text"`
}

// callbackReader reads the entries of a callback.
type callbackReader struct {
	config CallbackConfig
	zone   *time.Location
	signer *signer
}

func newReceiptReader(c *ReceiptConfig, secrets map[string]string) (*callbackReader, error) {
	switch {
	case c.Key == "" && c.Reference == "":
		return nil, triage.FieldErrorf("receipts.key", "is empty, as is receipts.reference; one must name the message")
	case c.State == "" || len(c.Delivered) == 0:
		return nil, triage.FieldErrorf("receipts.state", "name the path of the state, and in delivered its words")
	}
	return newCallbackReader("receipts.", c.CallbackConfig, secrets)
}

func newReplyReader(c *ReplyConfig, secrets map[string]string) (*callbackReader, error) {
	if c.From == "" || c.Text == "" {
		return nil, triage.FieldErrorf("replies.from", "name the paths of the sender (from) and the text (text)")
	}
	return newCallbackReader("replies.", c.CallbackConfig, secrets)
}

func newCallbackReader(field string, c CallbackConfig, secrets map[string]string) (*callbackReader, error) {
	if c.Format != "" && c.Format != "json" && c.Format != "form" {
		return nil, triage.FieldErrorf(field+"format", "%q is unknown; use json or form", c.Format)
	}
	r := &callbackReader{config: c}
	var err error
	if r.zone, err = time.LoadLocation(cmp.Or(c.Zone, "Asia/Shanghai")); err != nil {
		return nil, triage.FieldErrorf(field+"zone", "%q is not a time zone; write it like Asia/Shanghai", c.Zone)
	}
	if c.Sign != nil {
		if r.signer, err = newSigner(field+"sign.", *c.Sign, secrets); err != nil {
			return nil, err
		}
		if _, err = r.signer.sign(signedCallback{&Callback{}}); err != nil {
			return nil, &triage.Error{Code: triage.CodeInvalid, Field: field + "sign.over", Message: "cannot be filled", Err: err}
		}
	}
	return r, nil
}

// ParseReceipts checks the signature and reads the receipts of a callback;
// repeated ones are the caller's to ignore. Entries that name no message, and
// words that are neither delivered nor failed, are left out. At is zero when the
// gateway gave no time that can be read. Errors are
// *triage.Error: CodeUnauthed for the signature, CodeInvalid for the body,
// CodeNotFound when the gateway sends no receipts.
func (g *Gateway) ParseReceipts(c Callback) ([]prevention.Delivery, error) {
	if g.receipts == nil {
		return nil, triage.Errorf(triage.CodeNotFound, "no receipts are configured for this channel")
	}
	entries, err := g.receipts.entries(&c)
	if err != nil {
		return nil, err
	}
	paths := g.config.Receipts
	var list []prevention.Delivery
	for _, e := range entries {
		d := prevention.Delivery{Key: textAt(e, paths.Key), Reference: textAt(e, paths.Reference), Reason: textAt(e, paths.Reason)}
		word := textAt(e, paths.State)
		d.Delivered = slices.Contains(paths.Delivered, word)
		if d.Key == "" && d.Reference == "" || !d.Delivered && !slices.Contains(paths.Failed, word) {
			continue
		}
		if d.Delivered {
			d.Reason = ""
		}
		d.At = g.receipts.time(e)
		list = append(list, d)
	}
	return list, nil
}

// ParseReplies is ParseReceipts for replies; entries without a sender are left
// out.
func (g *Gateway) ParseReplies(c Callback) ([]prevention.Reply, error) {
	if g.replies == nil {
		return nil, triage.Errorf(triage.CodeNotFound, "no replies are configured for this channel")
	}
	entries, err := g.replies.entries(&c)
	if err != nil {
		return nil, err
	}
	var list []prevention.Reply
	for _, e := range entries {
		r := prevention.Reply{From: textAt(e, g.config.Replies.From), Text: textAt(e, g.config.Replies.Text), At: g.replies.time(e)}
		if r.From != "" {
			list = append(list, r)
		}
	}
	return list, nil
}

func (r *callbackReader) entries(c *Callback) ([]any, error) {
	if r.signer != nil {
		if err := r.signer.verify(c); err != nil {
			return nil, err
		}
	}
	if r.config.Format == "form" {
		return formEntry(c)
	}
	body, err := decodeJSON(c.Body)
	if err != nil {
		return nil, &triage.Error{Code: triage.CodeInvalid, Field: "body", Message: "cannot be read", Err: err}
	}
	found, ok := at(body, r.config.Items)
	if !ok {
		return nil, triage.FieldErrorf("body", "has nothing at %q", r.config.Items)
	}
	list, ok := found.([]any)
	if !ok {
		list = []any{found}
	}
	if len(list) > maxItems {
		return nil, triage.FieldErrorf("body", "has %d entries, more than %d", len(list), maxItems)
	}
	return list, nil
}

// formEntry joins the query and the form body, of which the body wins. Values
// that are no UTF-8 are read as GB 18030, which older gateways write.
func formEntry(c *Callback) ([]any, error) {
	values, err := url.ParseQuery(string(c.Body))
	if err != nil {
		return nil, triage.FieldErrorf("body", "is not a form")
	}
	entry := map[string]any{}
	for _, from := range []url.Values{c.Query, values} {
		for name := range from {
			entry[name] = readable(from.Get(name))
		}
	}
	return []any{entry}, nil
}

func readable(value string) string {
	if utf8.ValidString(value) {
		return value
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().String(value)
	if err != nil {
		return strings.ToValidUTF8(value, "\uFFFD")
	}
	return text
}

// time returns the entry's time; zero when it has none or one of another
// layout, because what happened matters more than when.
func (r *callbackReader) time(entry any) time.Time {
	t, err := r.parseTime(strings.TrimSpace(textAt(entry, r.config.At)))
	if err != nil {
		return time.Time{}
	}
	return t
}

func (r *callbackReader) parseTime(s string) (time.Time, error) {
	layout := cmp.Or(r.config.TimeLayout, time.RFC3339)
	if layout != "unix" && layout != "unixmilli" {
		return time.ParseInLocation(layout, s, r.zone)
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if layout == "unix" {
		return time.Unix(n, 0), err
	}
	return time.UnixMilli(n), err
}
