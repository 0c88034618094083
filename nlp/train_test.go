package nlp_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
)

func TestTrainLearnsEveryTask(t *testing.T) {
	t.Parallel()
	for name, train := range map[string]func() (*nlp.Model, error){"alone": toyModel, "on a background": toyBased} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := must[*nlp.Model](t)(train())
			unseen := toyExamples(150, 2)
			for _, task := range m.Tasks() {
				if got := accuracy(t, m, task, unseen); got < 0.95 {
					t.Errorf("accuracy of %s on unseen texts = %.2f, want 0.95 at least", task, got)
				}
			}
			if diff := cmp.Diff([]nlp.Task{nlp.TaskType, nlp.TaskIntensity}, m.Tasks()); diff != "" {
				t.Errorf("tasks (-want +got):\n%s", diff)
			}
			labels, found := m.Labels(nlp.TaskType)
			if diff := cmp.Diff([]string{"billing", "network", "service"}, labels); diff != "" || !found {
				t.Errorf("labels (-want +got), found %v:\n%s", found, diff)
			}
			if _, found := m.Labels(nlp.TaskDemand); found {
				t.Error("the model claims a task it never learned")
			}
		})
	}
}

func TestTrainCountsItsExamples(t *testing.T) {
	t.Parallel()
	examples := toyExamples(200, 1)
	want := map[nlp.Task]map[string]int{nlp.TaskType: {}, nlp.TaskIntensity: {}}
	for _, e := range examples {
		for task, label := range e.Labels {
			want[task][label]++
		}
	}
	m := must[*nlp.Model](t)(toyModel())
	for task, counts := range want {
		if diff := cmp.Diff(counts, m.Support(task)); diff != "" {
			t.Errorf("support of %s (-want +got):\n%s", task, diff)
		}
	}
	if m.Card.Examples != 200 || len(m.Card.Figures) != 2 {
		t.Fatalf("card = %+v", m.Card)
	}
	for _, f := range m.Card.Figures {
		if f.Examples == 0 || f.Accuracy < 0.9 || f.Accuracy > 1 || f.MacroF1 < 0.9 || f.ECE < 0 || f.ECE > 0.2 {
			t.Errorf("figures of %s = %+v", f.Task, f)
		}
	}
	if got, want := m.Card.Figures[1].Examples, 150; got != want {
		t.Errorf("intensity was learned from %d examples, want %d: those without a label must not count", got, want)
	}
}

// A model that came out otherwise on every run could not be reviewed, and its
// checksum would mean nothing.
func TestTrainGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for name, train := range map[string]func() (*nlp.Model, error){"alone": toyModel, "on a background": toyBased} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := toyOptions()
			if name != "alone" {
				o.Background = toyBackground()
			}
			again, err := nlp.Train(t.Context(), toyExamples(200, 1), testTokenizer, o)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(fileOf(t, must[*nlp.Model](t)(train())), fileOf(t, again)) {
				t.Error("two trainings on the same examples gave two models")
			}
		})
	}
}

func TestTrainSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	one := []nlp.Example{{Text: "话费不对", Labels: map[nlp.Task]string{nlp.TaskType: "billing"}}}
	tests := []struct {
		name     string
		examples []nlp.Example
		tasks    []nlp.Task
		want     string
	}{
		{"no examples", nil, []nlp.Task{nlp.TaskType}, "no examples"},
		{"no tasks", one, nil, "no tasks"},
		{"one label", append(one, one...), []nlp.Task{nlp.TaskType}, `task "type" needs two different labels at least, found 1`},
		{"no label of the task", one, []nlp.Task{nlp.TaskDemand}, `task "demand" needs two different labels at least, found 0`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := nlp.Train(t.Context(), tt.examples, testTokenizer, nlp.TrainOptions{Tasks: tt.tasks})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestTrainSurvivesPoorExamples(t *testing.T) {
	t.Parallel()
	examples := []nlp.Example{
		{Text: "", Labels: map[nlp.Task]string{nlp.TaskType: "a"}},
		{Text: "。。", Labels: map[nlp.Task]string{nlp.TaskType: "b"}},
		{Text: "\xff", Labels: map[nlp.Task]string{nlp.TaskType: "b"}},
	}
	m, err := nlp.Train(t.Context(), examples, testTokenizer, nlp.TrainOptions{Tasks: []nlp.Task{nlp.TaskType}, Folds: -1})
	if err != nil {
		t.Fatal(err)
	}
	c := must[*nlp.Classifier](t)(nlp.NewClassifier(m, testTokenizer))
	for _, p := range c.Classify("没见过的话")[0].P {
		if math.Abs(p-0.5) > 1e-9 {
			t.Errorf("probability %v from texts without a word, want 0.5", p)
		}
	}
}

func TestTrainStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	o := toyOptions()
	calls := 0
	o.Progress = func(int, int) {
		if calls++; calls == 3 {
			cancel()
		}
	}
	_, err := nlp.Train(ctx, toyExamples(60, 1), testTokenizer, o)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if calls != 3 {
		t.Errorf("%d steps, want none after the third", calls)
	}
}

func TestTrainTellsItsProgress(t *testing.T) {
	t.Parallel()
	for _, background := range []*nlp.Background{nil, toyBackground()} {
		o := toyOptions()
		o.Background = background
		var steps []int
		last := 0
		o.Progress = func(done, total int) { steps, last = append(steps, done), total }
		if _, err := nlp.Train(t.Context(), toyExamples(60, 1), testTokenizer, o); err != nil {
			t.Fatal(err)
		}
		for i, done := range steps {
			if done != i+1 {
				t.Fatalf("progress %v, want steps of one", steps)
			}
		}
		if len(steps) != last {
			t.Errorf("progress ended at %d of %d", len(steps), last)
		}
	}
}

func TestPruningKeepsWhatCounts(t *testing.T) {
	t.Parallel()
	o := toyOptions()
	o.MaxFeatures = [2]int{40, 60}
	small, err := nlp.Train(t.Context(), toyExamples(200, 1), testTokenizer, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range small.Tasks() {
		if got := accuracy(t, small, task, toyExamples(150, 2)); got < 0.95 {
			t.Errorf("accuracy of %s = %.2f after pruning, want 0.95 at least", task, got)
		}
	}
	full := must[*nlp.Model](t)(toyModel())
	if got, all := len(fileOf(t, small)), len(fileOf(t, full)); got*3 > all {
		t.Errorf("the pruned model takes %d bytes, the full one %d", got, all)
	}
}
