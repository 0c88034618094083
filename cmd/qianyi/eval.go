package main

import (
	"errors"
	"maps"
	"slices"

	"github.com/qianyi-dev/qianyi/nlp"
)

// evalCmd measures a model file, or a pack as its users get it.
type evalCmd struct {
	Model     string `help:"Model file to measure; with --pack, as part of that pack." placeholder:"MODEL"`
	Pack      string `help:"Pack to measure as it ships, or with --model." placeholder:"CODE"`
	Packs     string `help:"Folder of packs that override those of the program." placeholder:"DIR"`
	WordsOnly bool   `help:"With --pack: use its words and rules alone, no model."`
	Task      string `enum:",type,subtype,intensity,demand,sentiment" default:"" help:"What to measure: type, subtype, intensity, demand or sentiment (default: the first task of the model; type of a pack)."`
	In        string `required:"" help:"label<TAB>text with a header line, or complaint JSONL with the field of the task." placeholder:"FILE"`
	JSON      bool   `name:"json" help:"Print JSON."`
}

// Run prints how well the labels of the file are found. A label that is unknown
// to what is measured counts as its error.
func (cmd *evalCmd) Run(s *streams) error {
	o, err := cmd.oracle(s)
	if err != nil {
		return err
	}
	texts, err := readLabelled(s, cmd.In, o.task)
	if err != nil {
		return err
	}
	r := evaluate(o, texts)
	if !cmd.JSON {
		return r.print(s.out)
	}
	line, err := encodeLine(r)
	if err == nil {
		_, err = s.out.Write(line)
	}
	return err
}

func (cmd *evalCmd) oracle(s *streams) (*oracle, error) {
	task := nlp.Task(cmd.Task)
	switch {
	case cmd.Pack != "":
		return cmd.packOracle(s, task)
	case cmd.Model == "":
		return nil, usageError{errors.New("eval needs --model MODEL or --pack CODE")}
	case cmd.WordsOnly:
		return nil, usageError{errors.New("--words-only goes with --pack")}
	}
	return modelOracle(cmd.Model, task)
}

// labelsOf returns the different labels of a file.
func labelsOf(texts []labelledText) []string {
	found := map[string]bool{}
	for _, t := range texts {
		found[t.label] = true
	}
	return slices.Sorted(maps.Keys(found))
}
