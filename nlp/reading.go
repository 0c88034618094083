package nlp

// reading is a text turned into features, shared by all models that judge it.
type reading struct {
	text   string // normalised
	tokens []Token
	views  [sparseViews][]occurrence
	cues   cues
	// judged keeps the answers of models, which other models may build on.
	judged []judged
}

type judged struct {
	model   *Model
	answers []Distribution
}

// fill reads normalised text. Time is linear in its length.
func (r *reading) fill(text string, tokenizer Tokenizer) {
	r.text, r.judged = text, r.judged[:0]
	r.tokens = tokenizer.SearchTokens(r.tokens[:0], text)
	r.views[viewWord] = wordFeatures(r.views[viewWord][:0], text, r.tokens)
	r.cues = findCues(text)
	r.views[viewChar] = charFeatures(r.views[viewChar][:0], text)
}
