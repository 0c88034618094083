package report

import (
	"strings"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Sentence is a template with what fills it.
type Sentence struct {
	Key  string `json:"key"`
	Args []Arg  `json:"args"`
}

// Arg fills one slot of a template with one of a figure, a name and a word.
type Arg struct {
	Slot   string  `json:"slot"`
	Figure *Figure `json:"figure,omitempty"`
	Name   *Name   `json:"name,omitempty"`
	Word   string  `json:"word,omitempty"`
}

// Name is what something is called.
type Name struct {
	// Of is the dimension of Value, "" for text that is shown as it is, such as
	// the title of a cluster. Such text comes from complaints: whoever shows it
	// masks it.
	Of    string `json:"of,omitempty"`
	Value string `json:"value"`
	Link  string `json:"link,omitempty"`
}

// Namer says what a value of a dimension is called in a language; "" is the
// dimension for text that is shown as it is.
type Namer func(l Language, dim, value string) string

// Piece is a part of a written sentence: words, or a figure or name that leads
// somewhere.
type Piece struct {
	Text   string
	Figure *Figure
	Name   *Name
}

// Href is where the piece leads, "" for nowhere.
func (p Piece) Href() string {
	switch {
	case p.Figure != nil:
		return p.Figure.Href()
	case p.Name != nil:
		return p.Name.Link
	}
	return ""
}

func say(key string, args ...Arg) Sentence { return Sentence{key, args} }

func fig(slot string, f *Figure) Arg { return Arg{Slot: slot, Figure: f} }

func word(slot, key string) Arg { return Arg{Slot: slot, Word: key} }

func named(slot string, d fact.Dim, value string) Arg {
	return Arg{Slot: slot, Name: &Name{Of: d.String(), Value: value}}
}

func titled(slot, title, link string) Arg {
	return Arg{Slot: slot, Name: &Name{Value: title, Link: link}}
}

// Write writes the sentence. A slot that nothing fills is left out.
func (s Sentence) Write(l Language, names Namer) []Piece {
	var pieces []Piece
	rest := templates[s.Key].in(l)
	for rest != "" {
		before, after, found := strings.Cut(rest, "{")
		if before != "" {
			pieces = append(pieces, Piece{Text: before})
		}
		if !found {
			break
		}
		slot, after, _ := strings.Cut(after, "}")
		if p, ok := s.fill(slot, l, names); ok {
			pieces = append(pieces, p)
		}
		rest = after
	}
	return pieces
}

func (s Sentence) fill(slot string, l Language, names Namer) (Piece, bool) {
	for _, a := range s.Args {
		switch {
		case a.Slot != slot:
		case a.Figure != nil:
			return Piece{Text: a.Figure.Text(l), Figure: a.Figure}, true
		case a.Name != nil:
			return Piece{Text: names(l, a.Name.Of, a.Name.Value), Name: a.Name}, true
		default:
			return Piece{Text: words[a.Word].in(l)}, true
		}
	}
	return Piece{}, false
}

// Text writes the sentence as plain text.
func (s Sentence) Text(l Language, names Namer) string {
	var b strings.Builder
	for _, p := range s.Write(l, names) {
		b.WriteString(p.Text)
	}
	return b.String()
}
