package pack_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// workshop is what training needs; it is loaded once.
type workshop struct {
	shipped   *pack.Shipped
	tokenizer *pack.Tokenizer
}

var openWorkshop = sync.OnceValues(func() (w workshop, err error) {
	if w.shipped, err = pack.LoadShipped(); err != nil {
		return w, err
	}
	w.tokenizer, err = pack.NewTokenizer(nil)
	return w, err
})

func openShop(t testing.TB) workshop {
	t.Helper()
	w, err := openWorkshop()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// labelled returns thirty small examples of each of two labels.
func labelled(task nlp.Task, bill, fault string) []nlp.Example {
	var list []nlp.Example
	for i := range 30 {
		list = append(list,
			nlp.Example{Text: fmt.Sprintf("第%d次反映，%d月份话费多扣了%d元，要求核实退费", i%4, i%12+1, i*7), Labels: map[nlp.Task]string{task: bill}},
			nlp.Example{Text: fmt.Sprintf("家住%d栋%d号，宽带断网%d天，光猫亮红灯，要求上门维修", i%9, i*3, i%5), Labels: map[nlp.Task]string{task: fault}})
	}
	return list
}

// write puts a model into a file.
func write(t testing.TB, m *nlp.Model) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.model")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.WriteTo(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// train learns one task from examples and puts the model into a file.
func train(t testing.TB, task nlp.Task, examples []nlp.Example) string {
	t.Helper()
	w := openShop(t)
	m, err := w.shipped.Train(t.Context(), task, examples, w.tokenizer, nil)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, m)
}

func TestTrainedModel(t *testing.T) {
	t.Parallel()
	for name, labels := range map[string][2]string{
		"labelled by code": {"fee", "usage"},
		"labelled by name": {"费用问题", "业务使用问题"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			model := train(t, nlp.TaskType, labelled(nlp.TaskType, labels[0], labels[1]))
			a := load(t, pack.Options{Pack: "telecom", Model: model})
			got := assess(a, "宽带又断网了，光猫亮红灯")
			if got.Type != "usage" || got.Confidence < 0.5 || got.TypeName != "业务使用问题" {
				t.Errorf("got %s (%s) with %v, want usage", got.Type, got.TypeName, got.Confidence)
			}
			if cards := a.Cards(); len(cards) != 3 || cards[2].Examples != 60 {
				t.Errorf("got %d cards, want those of the shipped models and of 60 examples", len(cards))
			}
			checkAssessment(t, a, "宽带又断网了，光猫亮红灯", &got)
		})
	}
}

func TestRefusedModels(t *testing.T) {
	t.Parallel()
	w := openShop(t)
	foreign := train(t, nlp.TaskType, labelled(nlp.TaskType, "fee", "天气"))
	twice := train(t, nlp.TaskType, labelled(nlp.TaskType, "usage", "业务使用问题"))
	mood := train(t, nlp.TaskSentiment, labelled(nlp.TaskSentiment, "0", "1"))
	damaged := filepath.Join(t.TempDir(), "damaged.model")
	b, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(damaged, b[:len(b)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	base, err := pack.BaseBackground(nil)
	if err != nil {
		t.Fatal(err)
	}
	other, err := nlp.Train(t.Context(), labelled(nlp.TaskType, "fee", "usage"), w.tokenizer, nlp.TrainOptions{Tasks: []nlp.Task{nlp.TaskType}, Background: base})
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := nlp.Train(t.Context(), labelled(nlp.TaskType, "fee", "usage"), otherDictionary{w.tokenizer}, nlp.TrainOptions{Tasks: []nlp.Task{nlp.TaskType}})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		file string
		want []string
	}{
		"a label of no type":            {foreign, []string{"天气", "telecom"}},
		"two labels of one type":        {twice, []string{"both mean", "usage"}},
		"a sentiment model":             {mood, []string{"--task type"}},
		"half a file":                   {damaged, nil},
		"no file":                       {filepath.Join(t.TempDir(), "none.model"), nil},
		"a folder":                      {t.TempDir(), nil},
		"a model of another background": {write(t, other), []string{"background", "qianyi train"}},
		"a model of another dictionary": {write(t, stranger), []string{"dictionary", "qianyi train"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := pack.NewAnalyzer(pack.Options{Pack: "telecom", Model: test.file})
			if err == nil {
				t.Fatal("it was accepted")
			}
			for _, part := range append(test.want, filepath.Base(test.file)) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error does not name %s: %v", part, err)
				}
			}
		})
	}
	_, err = pack.NewAnalyzer(pack.Options{Pack: "telecom", Model: write(t, other)})
	if _, ok := errors.AsType[*nlp.BackgroundError](err); !ok {
		t.Errorf("got %v, want a BackgroundError", err)
	}
}

// otherDictionary passes for the tokenizer of another program.
type otherDictionary struct{ *pack.Tokenizer }

func (otherDictionary) Fingerprint() string { return "another" }

// The words of a folder's pack change a few cuts, not what models mean.
func TestFingerprintIsThatOfTheProgram(t *testing.T) {
	t.Parallel()
	a := load(t, pack.Options{PackDir: "testdata/override", Pack: "telecom", WordsOnly: true})
	if got, want := a.Tokenizer().Fingerprint(), openShop(t).tokenizer.Fingerprint(); got != want {
		t.Errorf("got fingerprint %s, want %s", got, want)
	}
}
