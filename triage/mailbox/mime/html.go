package mime

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxNesting bounds the recursion over a document; what is nested deeper is
// left out. Mail programs stay below fifty.
const maxNesting = 400

// maxMarks is how many quotation marks a line gets at most: a line of a few
// bytes that is quoted hundreds of times must not become a long one.
const maxMarks = 5

// hidden is what a reader does not see: text put there for programs.
var hidden = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)|opacity\s*:\s*0(?:\.0*)?\s*(?:;|$|!)`)

// htmlText returns the text that a reader of a document sees, one line for each
// block, with quoted mails marked by "> " as in plain text.
func htmlText(document string) string {
	p := printer{}
	root, err := html.Parse(strings.NewReader(document))
	if err != nil { // nested deeper than the parser allows
		p.tokens(document)
	} else {
		p.node(root, 0)
	}
	return p.out.String()
}

// tokens writes the words of a document without its structure.
func (p *printer) tokens(document string) {
	z := html.NewTokenizer(strings.NewReader(document))
	silent := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			name, _ := z.TagName()
			silent = raw[atom.Lookup(name)]
		case html.EndTagToken:
			silent = false
		case html.TextToken:
			if !silent {
				p.text(html.UnescapeString(string(z.Raw())))
				p.endLine()
			}
		}
	}
}

// raw are the elements whose text is none for readers and holds no other tags.
var raw = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Title: true, atom.Noscript: true, atom.Iframe: true, atom.Textarea: true}

// printer writes a tree of nodes as text.
type printer struct {
	out    strings.Builder
	quotes int
	// begun tells that the line has text, space that a blank is due.
	begun, space bool
	pre          int
}

func (p *printer) node(n *html.Node, depth int) {
	if depth > maxNesting {
		return
	}
	switch n.Type {
	case html.TextNode:
		p.text(n.Data)
		return
	case html.ElementNode:
		if unseen(n) {
			return
		}
	case html.DocumentNode:
	default:
		return
	}
	quote := n.DataAtom == atom.Blockquote || strings.Contains(attr(n, "class"), "gmail_quote_container")
	block := quote || blocks[n.DataAtom]
	if block {
		p.endLine()
	}
	if quote {
		p.quotes++
	}
	if n.DataAtom == atom.Pre {
		p.pre++
	}
	switch n.DataAtom {
	case atom.Br:
		p.newLine()
	case atom.Hr:
		p.text("----------")
	case atom.Td, atom.Th:
		p.space = p.begun
	case atom.Li:
		p.text("· ")
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.node(c, depth+1)
	}
	if block {
		p.endLine()
	}
	if n.DataAtom == atom.P {
		p.newLine()
	}
	if quote {
		p.quotes--
	}
	if n.DataAtom == atom.Pre {
		p.pre--
	}
}

// text writes words with single blanks between them, and preformatted text
// with its lines.
func (p *printer) text(s string) {
	if p.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				p.newLine()
			}
			p.words(line)
		}
		return
	}
	p.words(s)
}

func (p *printer) words(s string) {
	for i, f := range strings.FieldsFunc(s, isBlank) {
		if i > 0 || isBlank(rune(s[0])) {
			p.space = p.begun
		}
		p.begin()
		if p.space {
			p.out.WriteByte(' ')
			p.space = false
		}
		p.out.WriteString(f)
	}
	if s != "" && isBlank(rune(s[len(s)-1])) {
		p.space = p.begun
	}
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

func (p *printer) begin() {
	if !p.begun {
		p.out.WriteString(strings.Repeat("> ", min(p.quotes, maxMarks)))
		p.begun = true
	}
}

func (p *printer) endLine() {
	if p.begun {
		p.newLine()
	}
}

func (p *printer) newLine() {
	if p.quotes > 0 {
		p.begin()
	}
	p.out.WriteByte('\n')
	p.begun, p.space = false, false
}

// unseen says whether a reader sees nothing of an element.
func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Svg, atom.Select, atom.Textarea:
		return true
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && hidden.MatchString(a.Val) {
			return true
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// blocks begin and end a line.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Table: true, atom.Tr: true, atom.Ul: true, atom.Ol: true, atom.Li: true, atom.H1: true,
	atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Hr: true, atom.Pre: true, atom.Section: true,
	atom.Article: true, atom.Header: true, atom.Footer: true, atom.Address: true, atom.Center: true, atom.Dl: true, atom.Dt: true, atom.Dd: true,
}
