package nlp

// Card says what a model was made of and how good it is.
type Card struct {
	// Name is what the model is for ("general").
	Name string `json:"name,omitempty"`
	// Tokenizer is the fingerprint of the dictionary and the normaliser it was
	// trained with; with others its weights would mean nothing.
	Tokenizer string `json:"tokenizer"`
	// Background is the fingerprint of what the model builds on, "" if nothing.
	Background string `json:"background,omitempty"`
	Examples   int    `json:"examples"`
	// Sources tells where the examples came from and under which terms.
	Sources []string `json:"sources,omitempty"`
	// Figures are measured out of fold: no text was judged by a model that
	// had seen it or a near-copy.
	Figures []Figures `json:"figures"`
}

// Figures are the results of one task.
type Figures struct {
	Task     Task    `json:"task"`
	Examples int     `json:"examples"`
	Accuracy float64 `json:"accuracy"`
	MacroF1  float64 `json:"macro_f1"`
	ECE      float64 `json:"ece"`
}
