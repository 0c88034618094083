package pack

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"

	"github.com/qianyi-dev/qianyi/nlp"
)

// The shipped models; docs/models.md is their card.
var (
	//go:embed models/general.model
	generalFile []byte
	//go:embed models/sentiment.model
	sentimentFile []byte
	//go:embed models/words.vectors
	vectorsFile []byte
)

// Shipped are the models in the program and the background that models
// trained by users build on: the shipped model's answers and the words of
// every pack in the program.
type Shipped struct {
	General, Mood *nlp.Model
	Background    *nlp.Background
}

// LoadShipped unpacks the models; it takes about a tenth of a second.
func LoadShipped() (*Shipped, error) {
	vectors, err := nlp.ReadVectors(vectorsFile)
	if err != nil {
		return nil, fmt.Errorf("the word vectors in this program: %w", err)
	}
	base, err := BaseBackground(vectors)
	if err != nil {
		return nil, err
	}
	s := &Shipped{}
	if s.General, err = readAttached(generalFile, base); err != nil {
		return nil, fmt.Errorf("the general model in this program: %w", err)
	}
	if s.Mood, err = readAttached(sentimentFile, nil); err != nil {
		return nil, fmt.Errorf("the sentiment model in this program: %w", err)
	}
	lexicons, err := lexicons(Codes("")...)
	if err != nil {
		return nil, err
	}
	s.Background = nlp.NewBackground(lexicons, []*nlp.Model{s.General}, nil, true)
	return s, nil
}

// BaseBackground is what the shipped general model itself builds on: the words
// of the general pack and word vectors.
func BaseBackground(vectors *nlp.Vectors) (*nlp.Background, error) {
	lexicons, err := lexicons(generalCode)
	if err != nil {
		return nil, err
	}
	return nlp.NewBackground(lexicons, nil, vectors, true), nil
}

func lexicons(codes ...string) ([]*nlp.Lexicon, error) {
	pairs, err := embeddedPairs()
	if err != nil {
		return nil, err
	}
	var list []*nlp.Lexicon
	for _, code := range codes {
		list = append(list, pairs[code].types)
		if sub := pairs[code].subtypes; sub != nil {
			list = append(list, sub)
		}
	}
	return list, nil
}

func readAttached(file []byte, b *nlp.Background) (*nlp.Model, error) {
	m, err := nlp.ReadModel(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	return m, m.Attach(b)
}

// ReadModelFile reads a model that a user trained; the error names the file.
func (s *Shipped) ReadModelFile(file string) (*nlp.Model, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	m, err := readAttached(b, s.Background)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", file, err)
	}
	return m, nil
}

// Train learns one task from a user's labels, on top of the shipped models.
func (s *Shipped) Train(ctx context.Context, task nlp.Task, examples []nlp.Example, tokenizer *Tokenizer, progress func(done, total int)) (*nlp.Model, error) {
	o := nlp.TrainOptions{Tasks: []nlp.Task{task}, Progress: progress}
	if task == nlp.TaskType {
		o.Background = s.Background
	}
	return nlp.Train(ctx, examples, tokenizer, o)
}
