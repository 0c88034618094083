package nlp

import "sync"

// Classifier is a model with the tokenizer it was trained for.
type Classifier struct {
	model     *Model
	tokenizer Tokenizer
	readings  sync.Pool
}

// NewClassifier joins a model, attached to its background, and its tokenizer.
// The error says so when the model was trained with others: its weights would
// mean nothing.
func NewClassifier(m *Model, tokenizer Tokenizer) (*Classifier, error) {
	if got, want := tokenizer.Fingerprint(), m.Card.Tokenizer; got != want {
		return nil, &DictionaryError{Model: want, Here: got}
	}
	if m.Card.Background != "" && m.background == nil {
		return nil, &BackgroundError{Model: m.Card.Background}
	}
	return &Classifier{model: m, tokenizer: tokenizer}, nil
}

// Classify answers every task of the model for a text as it came in.
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
