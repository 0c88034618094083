package nlp

import "sync"

// Classifier is a model with the tokenizer it was trained for. It is safe for
// concurrent use.
type Classifier struct {
	model     *Model
	tokenizer Tokenizer
	readings  sync.Pool
}

// NewClassifier joins a model, attached to its background, and its tokenizer.
// The error says so when the model was trained with others: its weights would
// mean nothing.
func NewClassifier(m *Model, tokenizer Tokenizer) (*Classifier, error) {
	if err := m.fits(tokenizer); err != nil {
		return nil, err
	}
	return &Classifier{model: m, tokenizer: tokenizer}, nil
}

// fits says whether the model can judge what the tokenizer cuts.
func (m *Model) fits(tokenizer Tokenizer) error {
	if got, want := tokenizer.Fingerprint(), m.Card.Tokenizer; got != want {
		return &DictionaryError{Model: want, Here: got}
	}
	if m.Card.Background != "" && m.background == nil {
		return &BackgroundError{Model: m.Card.Background}
	}
	return nil
}

// Classify answers every task of the model, in their order, for a text as it
// came in: any bytes will do. Time is linear in its length.
func (c *Classifier) Classify(text string) []Distribution {
	r, _ := c.readings.Get().(*reading)
	if r == nil {
		r = new(reading)
	}
	defer c.readings.Put(r)
	n := Normalize(text)
	r.fill(n.Text, c.tokenizer)
	return c.model.judge(r)
}

// DictionaryError says that a model and a dictionary do not belong together.
type DictionaryError struct {
	Model, Here string
}

// Error names both fingerprints and the way out.
func (e *DictionaryError) Error() string {
	return "the model was trained with dictionary " + e.Model + ", this program has " + e.Here + ": train it again with qianyi train"
}
