package main

import (
	"fmt"
	"strconv"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// oracle judges texts for one task. It is safe for concurrent use.
type oracle struct {
	task nlp.Task
	// labels are answers it may give; it may give others.
	labels []string
	// own gives the oracle's name for a label of the file.
	own func(label string) string
	// judge answers for a text, when the file has these labels.
	judge func(text string, asked map[string]bool) (label string, confidence float64)
	// calibrated says that confidence is a probability.
	calibrated bool
}

// modelOracle answers one task of a model file, by default its first.
func modelOracle(file string, task nlp.Task) (*oracle, error) {
	shipped, err := pack.LoadShipped()
	if err != nil {
		return nil, err
	}
	m, err := shipped.ReadModelFile(file)
	if err != nil {
		return nil, err
	}
	tokenizer, err := pack.NewTokenizer(nil)
	if err != nil {
		return nil, err
	}
	c, err := nlp.NewClassifier(m, tokenizer)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", file, err)
	}
	for i, t := range m.Tasks() {
		if t != task && task != "" {
			continue
		}
		o := &oracle{task: t, own: func(label string) string { return label }, calibrated: true}
		o.labels, _ = m.Labels(t)
		o.judge = func(text string, _ map[string]bool) (string, float64) {
			d := c.Classify(text)[i]
			best := d.Best()
			return d.Labels[best], d.P[best]
		}
		return o, nil
	}
	return nil, fmt.Errorf("model %s does not know %s; it knows %v", file, task, m.Tasks())
}

// packOracle answers a task as the triage command does.
func (cmd *evalCmd) packOracle(s *streams, task nlp.Task) (*oracle, error) {
	a, err := s.load(pack.Options{PackDir: cmd.Packs, Pack: cmd.Pack, Model: cmd.Model, WordsOnly: cmd.WordsOnly})
	if err != nil {
		return nil, err
	}
	if task == "" {
		task = nlp.TaskType
	}
	o := &oracle{task: task, calibrated: task == nlp.TaskType}
	o.labels, o.own = packLabels(a.Types(), task)
	o.judge = func(text string, asked map[string]bool) (string, float64) {
		r := a.Assess(&triage.Complaint{ID: "eval", Text: text})
		switch task {
		case nlp.TaskSubtype:
			return r.Subtype, 0
		case nlp.TaskIntensity:
			return strconv.Itoa(r.Sentiment.Intensity), 0
		case nlp.TaskDemand:
			return string(r.Demand), 0
		case nlp.TaskSentiment:
			return polarity(r.Sentiment, asked), 0
		default:
			return r.Type, r.Confidence
		}
	}
	return o, nil
}

// packLabels returns the codes a pack has for a task, and what turns a code or
// a Chinese name into a code. Published review sets call the polarities 0 and 1.
func packLabels(types []triage.TypeInfo, task nlp.Task) (labels []string, own func(string) string) {
	code := map[string]string{}
	add := func(t triage.TypeInfo) {
		labels = append(labels, t.Code)
		code[t.Name] = t.Code
	}
	for _, t := range types {
		if task == nlp.TaskType {
			add(t)
		}
		for _, sub := range t.Subtypes {
			if task == nlp.TaskSubtype {
				add(sub)
			}
		}
	}
	if task == nlp.TaskSentiment {
		code["0"], code["1"] = string(nlp.Negative), string(nlp.Positive)
	}
	return labels, func(label string) string {
		if c, found := code[label]; found {
			return c
		}
		return label
	}
}

// polarity answers by the direction of the score where nobody asks for neutral.
func polarity(s nlp.Sentiment, asked map[string]bool) string {
	switch {
	case s.Label != nlp.Neutral || asked[string(nlp.Neutral)]:
		return string(s.Label)
	case s.Score > 0:
		return string(nlp.Positive)
	}
	return string(nlp.Negative)
}
