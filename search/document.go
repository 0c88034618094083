package search

import (
	"time"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/qianyi-dev/qianyi/triage"
)

// The fields of a document. Keywords are one term each. A day is one term such
// as 2026-03-01: it costs a sixteenth of a numeric field and is just as good
// for ranges. Only the card is stored; only the day can be sorted by.
const (
	fieldText       = "text"
	fieldResolution = "resolution"
	fieldType       = "type"
	fieldStatus     = "status"
	fieldProduct    = "product"
	fieldChannel    = "channel"
	fieldRegion     = "region"
	fieldCustomer   = "customer"
	fieldDay        = "day"
	fieldCard       = "card"
	fieldID         = "_id" // Bleve's own
)

const keywordOptions = index.IndexField | index.SkipFreqNorm

// builder turns cases into documents. It is not safe for concurrent use.
type builder struct {
	terms  termReader
	vector []entry
	zone   *time.Location
}

func (b *builder) document(c *triage.Case) *document.Document {
	doc := document.NewDocument(string(c.ID))
	typ := c.FinalType()

	terms := b.terms.read(c.Body())
	b.vector = vectorOf(b.vector, terms)
	doc.AddField(document.NewTextFieldCustom(fieldCard, nil, encodeCard(typ, b.vector), index.StoreField, nil))
	doc.AddField(document.NewTextFieldCustom(fieldText, nil, nil, index.IndexField, stream(terms)))
	if c.Resolution != "" {
		terms = b.terms.read(c.Resolution)
		doc.AddField(document.NewTextFieldCustom(fieldResolution, nil, nil, index.IndexField, stream(terms)))
	}

	addKeyword(doc, fieldType, typ)
	addKeyword(doc, fieldStatus, string(c.Status))
	addKeyword(doc, fieldProduct, c.Product)
	addKeyword(doc, fieldChannel, string(c.Channel))
	addKeyword(doc, fieldRegion, c.Region)
	addKeyword(doc, fieldCustomer, string(c.CustomerID))
	at := c.At
	if at.IsZero() {
		at = c.ReceivedAt
	}
	if day := dayOf(at, b.zone); day != "" {
		doc.AddField(document.NewTextFieldCustom(fieldDay, nil, []byte(day), keywordOptions|index.DocValues, nil))
	}
	return doc
}

func addKeyword(doc *document.Document, field, value string) {
	if value != "" {
		doc.AddField(document.NewTextFieldCustom(field, nil, []byte(clip(value, maxKeywordBytes)), keywordOptions, nil))
	}
}

// maxKeywordBytes bounds a keyword term; filters are clipped alike.
const maxKeywordBytes = 256

// dayOf returns the calendar day, "" for the zero time and for years that have
// no four digits.
func dayOf(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(zone)
	if t.Year() < 0 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.DateOnly)
}

// tokenStream hands Bleve terms that are already cut. Cutting outside of Bleve
// keeps the segmenter out of its global registry and cuts each text once, for
// the index and for the vector.
type tokenStream analysis.TokenStream

// Analyze returns the stream, whatever the input.
func (s tokenStream) Analyze([]byte) analysis.TokenStream { return analysis.TokenStream(s) }

// stream copies the terms. Parts share the position of their word.
func stream(terms []term) tokenStream {
	size := 0
	for _, t := range terms {
		size += len(t.text)
	}
	bytes := make([]byte, 0, size)
	tokens := make([]analysis.Token, len(terms))
	s := make(tokenStream, len(terms))
	position := 0
	for i, t := range terms {
		if !t.part {
			position++
		}
		from := len(bytes)
		bytes = append(bytes, t.text...)
		tokens[i] = analysis.Token{
			Term: bytes[from:len(bytes):len(bytes)], Start: t.start, End: t.end,
			Position: position, Type: analysis.Ideographic,
		}
		s[i] = &tokens[i]
	}
	return s
}
