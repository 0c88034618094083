package nlp

// reading is a text turned into features, shared by all models that judge it.
type reading struct {
	text   string // normalised
	tokens []Token
	views  [sparseViews][]occurrence
	cues   cues
	// judged keeps the answers of models, which other models may build on.
	judged []judged
	// worded keeps the answers of lexicons: packs and backgrounds share them.
	worded []worded
}

type judged struct {
	model   *Model
	answers []Distribution
}

type worded struct {
	lexicon *Lexicon
	answer  Distribution
	marks   []mark
}

// words asks a lexicon once per reading.
func (r *reading) words(l *Lexicon) (Distribution, []mark) {
	for _, w := range r.worded {
		if w.lexicon == l {
			return w.answer, w.marks
		}
	}
	d, marks := l.Judge(r.text)
	r.worded = append(r.worded, worded{l, d, marks})
	return d, marks
}

// fill reads normalised text. Time is linear in its length.
func (r *reading) fill(text string, tokenizer Tokenizer) {
	r.text, r.judged, r.worded = text, r.judged[:0], r.worded[:0]
	r.tokens = tokenizer.SearchTokens(r.tokens[:0], text)
	r.views[viewWord] = wordFeatures(r.views[viewWord][:0], text, r.tokens)
	r.cues = findCues(text)
	r.views[viewChar] = charFeatures(r.views[viewChar][:0], text)
}
