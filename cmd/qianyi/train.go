package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// trainCmd learns a model from labelled texts.
type trainCmd struct {
	Task string `enum:"type,sentiment" required:"" help:"What to learn: type or sentiment."`
	In   string `required:"" help:"label<TAB>text with a header line, or complaint JSONL with the field of the task." placeholder:"FILE"`
	Out  string `required:"" help:"Where to write the model." placeholder:"MODEL"`
	Pack string `help:"Pack the model is for; its name goes into the model card." placeholder:"CODE"`
	JSON bool   `name:"json" help:"Print the figures as JSON."`
}

// Run trains and prints the out-of-fold figures. The file at Out is replaced
// only by a complete model.
func (cmd *trainCmd) Run(ctx context.Context, s *streams) error {
	if err := cmd.checkPack(); err != nil {
		return err
	}
	task := nlp.Task(cmd.Task)
	list, err := readLabelled(s, cmd.In, task)
	if err != nil {
		return err
	}
	examples := make([]nlp.Example, len(list))
	for i, l := range list {
		examples[i] = nlp.Example{Text: l.text, Labels: map[nlp.Task]string{task: l.label}}
	}
	tokenizer, err := pack.NewTokenizer(nil)
	if err != nil {
		return err
	}
	shipped, err := pack.LoadShipped()
	if err != nil {
		return err
	}
	bar := newMeter(s, "train "+cmd.Task, 1, false)
	m, err := shipped.Train(ctx, task, examples, tokenizer, func(done, total int) {
		bar.resize(int64(total))
		bar.set(int64(done))
	})
	bar.done()
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.In, err)
	}
	m.Card.Name = cmd.Pack
	m.Card.Sources = []string{filepath.Base(cmd.In)}
	if err := writeModel(m, cmd.Out); err != nil {
		return err
	}
	return cmd.print(s, m.Card.Figures[0])
}

// checkPack refuses an unknown pack before the work, not after.
func (cmd *trainCmd) checkPack() error {
	if cmd.Pack == "" {
		return nil
	}
	_, err := pack.Load("", cmd.Pack)
	return err
}

func (cmd *trainCmd) print(s *streams, f nlp.Figures) error {
	s.say("wrote %s", cmd.Out)
	if cmd.JSON {
		return json.NewEncoder(s.out).Encode(f)
	}
	_, err := fmt.Fprintf(s.out, "task %s, %d examples, unseen: accuracy %.4f, macro F1 %.4f, ECE %.4f\n", f.Task, f.Examples, f.Accuracy, f.MacroF1, f.ECE)
	return err
}

// writeModel writes to a file beside the target and renames it, so that no
// reader ever sees half a model.
func writeModel(m *nlp.Model, path string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".model-*")
	if err != nil {
		return fmt.Errorf("model: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = m.WriteTo(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("model %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("model: %w", err)
	}
	return nil
}
