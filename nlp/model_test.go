package nlp_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
)

func TestClassifyGivesProbabilities(t *testing.T) {
	t.Parallel()
	m := must[*nlp.Model](t)(toyBased())
	c := must[*nlp.Classifier](t)(nlp.NewClassifier(m, testTokenizer))
	texts := append([]string{"话费扣费账单", strings.Repeat("话费断网", 5000)}, hostile...)
	for _, text := range texts {
		for i, d := range c.Classify(text) {
			sum := 0.0
			for _, p := range d.P {
				if !(p >= 0 && p <= 1) {
					t.Fatalf("%s of %.20q: probabilities %v", m.Tasks()[i], text, d.P)
				}
				sum += p
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Errorf("%s of %.20q: probabilities add up to %v", m.Tasks()[i], text, sum)
			}
		}
	}
}

func TestDistributionBest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		p    []float64
		want int
	}{{nil, -1}, {[]float64{1}, 0}, {[]float64{.2, .5, .3}, 1}, {[]float64{.5, .5}, 0}}
	for _, tt := range tests {
		if got := (nlp.Distribution{P: tt.p}).Best(); got != tt.want {
			t.Errorf("Best of %v = %d, want %d", tt.p, got, tt.want)
		}
	}
}

func TestNewClassifierRefusesWhatItWasNotTrainedWith(t *testing.T) {
	t.Parallel()
	_, err := nlp.NewClassifier(must[*nlp.Model](t)(toyModel()), pairs{"pairs/2"})
	const want = "the model was trained with dictionary pairs/1, this program has pairs/2: train it again with qianyi train"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	based := must[*nlp.Model](t)(nlp.ReadModel(strings.NewReader(string(fileOf(t, must[*nlp.Model](t)(toyBased()))))))
	_, err = nlp.NewClassifier(based, testTokenizer)
	if err == nil || !strings.Contains(err.Error(), "this program has none: train it again") {
		t.Errorf("error %v for a model without its background", err)
	}
}

func TestAttach(t *testing.T) {
	t.Parallel()
	file := string(fileOf(t, must[*nlp.Model](t)(toyBased())))
	other := nlp.NewBackground([]*nlp.Lexicon{toyLexicon()}, nil, nil, true)
	tests := []struct {
		name string
		b    *nlp.Background
		want string
	}{
		{"its own", toyBackground(), ""},
		{"another", other, "the model was trained with background "},
		{"none", nil, "this program has none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := must[*nlp.Model](t)(nlp.ReadModel(strings.NewReader(file)))
			err := m.Attach(tt.b)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	plain := must[*nlp.Model](t)(toyModel())
	if err := plain.Attach(nil); err != nil {
		t.Errorf("a model without background: %v", err)
	}
}

func TestRelabel(t *testing.T) {
	t.Parallel()
	m := must[*nlp.Model](t)(toyModel())
	named, err := m.Relabel(nlp.TaskType, map[string]string{"billing": "资费", "network": "网络", "service": "服务"})
	if err != nil {
		t.Fatal(err)
	}
	c := must[*nlp.Classifier](t)(nlp.NewClassifier(m, testTokenizer))
	n := must[*nlp.Classifier](t)(nlp.NewClassifier(named, testTokenizer))
	before, after := c.Classify("宽带掉线断网"), n.Classify("宽带掉线断网")
	if diff := cmp.Diff([]string{"资费", "网络", "服务"}, after[0].Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before[0].P, after[0].P); diff != "" {
		t.Errorf("new names changed the judgement (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(before[1], after[1]); diff != "" {
		t.Errorf("the other task changed (-before +after):\n%s", diff)
	}
	if labels, _ := m.Labels(nlp.TaskType); labels[0] != "billing" {
		t.Errorf("the model itself now says %q", labels)
	}

	tests := []struct {
		name string
		task nlp.Task
		to   map[string]string
		want string
	}{
		{"two become one", nlp.TaskType, map[string]string{"billing": "a", "network": "a", "service": "b"}, `"billing" and "network" both mean "a"`},
		{"one gets no name", nlp.TaskType, map[string]string{"billing": "a", "network": "b"}, `label "service" gets no name`},
		{"no such task", nlp.TaskDemand, nil, `no task "demand"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := m.Relabel(tt.task, tt.to)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %s", err, tt.want)
			}
		})
	}
}
