package mime

import (
	"io"
	"path"
	"strings"

	"github.com/emersion/go-message"
)

// walk gathers the texts and attachments of a mail.
type walk struct {
	// left is how many more parts are looked at.
	left int
	// room is how many more bytes of text are kept.
	room        int
	found       said
	attached    said // the text of an attached mail
	attachments []Attachment
}

// said is the text of a part; plain is better than converted HTML.
type said struct {
	text  string
	plain bool
}

func (s said) blank() bool { return strings.TrimSpace(s.text) == "" }

// text is what the mail says; a mail that only carries another one says that.
func (w *walk) text() string {
	if w.found.blank() {
		return w.attached.text
	}
	return w.found.text
}

func (w *walk) entity(e *message.Entity, depth int) { w.found = w.part(e, depth) }

func (w *walk) part(e *message.Entity, depth int) said {
	if w.left--; w.left < 0 || depth > maxDepth {
		return said{}
	}
	media, params, err := e.Header.ContentType()
	media = strings.ToLower(media)
	multipart := strings.HasPrefix(media, "multipart/")
	if err != nil || !strings.Contains(media, "/") || multipart && params["boundary"] == "" {
		media, multipart = "text/plain", false // RFC 2045, 5.2
	}
	if mr := e.MultipartReader(); multipart && mr != nil {
		return w.children(mr, media == "multipart/alternative", depth)
	}
	name, isFile := fileName(e, params)
	isText := media == "text/plain" || media == "text/html"
	switch {
	case isText && !isFile:
		b := readUpTo(e.Body, maxText)
		if media == "text/html" {
			return said{w.keep(htmlText(toUTF8(b))), false}
		}
		return said{w.keep(toUTF8(b)), true}
	case media == "message/rfc822":
		w.forwarded(e, depth)
		return said{}
	}
	size, _ := io.Copy(io.Discard, e.Body) // as much of it as can be decoded
	w.attachments = append(w.attachments, Attachment{Name: name, Type: media, Size: size})
	return said{}
}

// keep is a text as far as there is room for it.
func (w *walk) keep(text string) string {
	if len(text) > w.room {
		text = strings.ToValidUTF8(text[:w.room], "")
	}
	w.room -= len(text)
	return text
}

// children joins the texts of the parts; of alternatives it takes the best.
func (w *walk) children(mr message.MultipartReader, alternative bool, depth int) said {
	var all said
	for w.left > 0 {
		e, err := mr.NextPart()
		if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			break // the end, or what is no part any more: what was read counts
		}
		s := w.part(e, depth+1)
		switch {
		case s.blank():
		case all.blank():
			all = s
		case !alternative:
			all.text += "\n\n" + s.text
			all.plain = all.plain && s.plain
		case s.plain && !all.plain:
			all = s
		}
	}
	return all
}

// forwarded notes an attached mail and keeps the text of the first one.
func (w *walk) forwarded(e *message.Entity, depth int) {
	counted := &counter{r: e.Body}
	inner, err := message.ReadWithOptions(counted, &message.ReadOptions{MaxHeaderBytes: maxHeader})
	a := Attachment{Type: "message/rfc822"}
	if inner != nil && (err == nil || message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)) {
		a.Name = cut(oneLine(decodeHeader(inner.Header.Get("Subject"))), maxNameRunes)
		if s := w.part(inner, depth+1); w.attached.blank() {
			w.attached = s
		}
	}
	_, _ = io.Copy(io.Discard, counted)
	a.Size = counted.n
	w.attachments = append(w.attachments, a)
}

// fileName returns the name of a part and whether it is a file and not text to
// be read in its place.
func fileName(e *message.Entity, params map[string]string) (name string, isFile bool) {
	disposition, more, err := e.Header.ContentDisposition()
	if err == nil {
		name = more["filename"]
	}
	if name == "" {
		name = params["name"]
	}
	name = oneLine(decodeHeader(name))
	name = cut(path.Base(strings.ReplaceAll("/"+name, `\`, "/")), maxNameRunes)
	if name == "/" || name == "." {
		name = ""
	}
	return name, strings.EqualFold(disposition, "attachment") || name != ""
}

// readUpTo reads at most limit bytes, and as far as the body can be decoded.
func readUpTo(r io.Reader, limit int64) []byte {
	b, _ := io.ReadAll(io.LimitReader(r, limit))
	return b
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
