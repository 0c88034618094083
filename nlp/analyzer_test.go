package nlp_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
)

// toyAnalyzers are the ways to know types: words alone, the general model, the
// general model seen through a pack's meaning, a model trained for the pack.
var toyAnalyzers = sync.OnceValue(func() map[string]*nlp.Analyzer {
	model, err1 := toyModel()
	based, err2 := toyBased()
	subtypes := nlp.NewLexicon(map[string]map[string]float64{
		"billing.topup": {"余额": 1}, "billing.rent": {"月租": 1}, "network.down": {"断网": 1},
	})
	configs := map[string]nlp.Config{
		"words":   {},
		"general": {General: model, Subtypes: subtypes},
		"meaning": {General: based, Subtypes: subtypes, Meaning: map[string]string{"billing": "billing"}},
		"trained": {Trained: based, Subtypes: subtypes, Mood: model},
	}
	analyzers := map[string]*nlp.Analyzer{}
	for name, c := range configs {
		c.Tokenizer, c.Types, c.Entities = testTokenizer, toyLexicon(), testFinder
		a, err3 := nlp.NewAnalyzer(c)
		if err := errors.Join(err1, err2, err3); err != nil {
			panic(err)
		}
		analyzers[name] = a
	}
	return analyzers
})

// checkAnalysis states what holds for the analysis of every text.
func checkAnalysis(t *testing.T, text string, r nlp.Analysis) {
	t.Helper()
	last, sum := r.Confidence, r.Confidence
	for _, a := range r.Alternatives {
		if a.Confidence > last || a.Confidence < 0 || a.Type == r.Type {
			t.Errorf("%.30q: %s %v, then %+v", text, r.Type, r.Confidence, r.Alternatives)
		}
		last, sum = a.Confidence, sum+a.Confidence
	}
	if r.Type == "" || !(r.Confidence > 0) || sum > 1+1e-9 || len(r.Alternatives) > nlp.MaxAlternatives {
		t.Errorf("%.30q: %s %v, %+v", text, r.Type, r.Confidence, r.Alternatives)
	}
	if r.Subtype != "" && !strings.HasPrefix(r.Subtype, r.Type+".") {
		t.Errorf("%.30q: sub-type %s of type %s", text, r.Subtype, r.Type)
	}
	normal := nlp.Normalize(text).Text
	for _, reason := range append(r.Reasons, r.Sentiment.Reasons...) {
		if !strings.HasPrefix(reason.Text, "rule:") && !strings.Contains(normal, reason.Text) || reason.Weight <= 0 {
			t.Errorf("%.30q: reason %+v is not in the text", text, reason)
		}
	}
	if s := r.Sentiment; !(s.Score >= -1 && s.Score <= 1) || s.Intensity < 0 || s.Intensity > 3 {
		t.Errorf("%.30q: sentiment %+v", text, s)
	}
	b, err := json.Marshal(r)
	if err != nil || strings.Contains(string(b), "null") {
		t.Errorf("%.30q: JSON with null lists, error %v: %s", text, err, b)
	}
}

func TestAnalyzeAnyText(t *testing.T) {
	t.Parallel()
	texts := append([]string{"", "🙂", "。", "话费扣费，要求退款！", "宽带断网多次，再不修就投诉到工信部"}, hostile...)
	for _, e := range toyExamples(40, 5) {
		texts = append(texts, e.Text)
	}
	for name, a := range toyAnalyzers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, text := range texts {
				checkAnalysis(t, text, a.Analyze(text))
			}
		})
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Add("话费扣费，要求退款！再不解决就向工信部投诉，没有受伤")
	f.Fuzz(func(t *testing.T, s string) {
		for _, a := range toyAnalyzers() {
			checkAnalysis(t, s, a.Analyze(s))
		}
	})
}

func TestAnalyzeFindsTheType(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"话费扣费不对，账单余额有问题", "billing"},
		{"宽带断网，没有信号，网速慢", "network"},
		{"客服态度敷衍，排队还挂断", "service"},
	}
	for name, a := range toyAnalyzers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, tt := range tests {
				r := a.Analyze(tt.text)
				if r.Type != tt.want || len(r.Reasons) == 0 || len(r.Alternatives) != 2 {
					t.Errorf("analysis of %q = %s, alternatives %v, reasons %v; want %s", tt.text, r.Type, r.Alternatives, r.Reasons, tt.want)
				}
			}
		})
	}
}

func TestAnalyzeNamesReasonsOnce(t *testing.T) {
	t.Parallel()
	for name, a := range toyAnalyzers() {
		r := a.Analyze("断网断网断网，宽带掉线，宽带断网")
		for i, x := range r.Reasons {
			for _, y := range r.Reasons[:i] {
				if strings.Contains(x.Text, y.Text) || strings.Contains(y.Text, x.Text) {
					t.Errorf("%s: reasons %v say a thing twice", name, r.Reasons)
				}
				if x.Weight > y.Weight {
					t.Errorf("%s: reasons %v, want the strongest first", name, r.Reasons)
				}
			}
		}
	}
}

func TestAnalyzeNamesTheSubtypeOfItsType(t *testing.T) {
	t.Parallel()
	a := toyAnalyzers()["trained"]
	for text, want := range map[string]string{"话费余额账单": "billing.topup", "话费月租账单": "billing.rent", "客服态度敷衍": ""} {
		if got := a.Analyze(text).Subtype; got != want {
			t.Errorf("sub-type of %q = %q, want %q", text, got, want)
		}
	}
}

// Analyzers keep memory between texts: neither the text before nor one judged
// at the same time may show.
func TestAnalyzeIsTheSameFromManyGoroutines(t *testing.T) {
	t.Parallel()
	texts := []string{"", strings.Repeat("话费", 3000) + "骗子", "宽带断网，138****8000", "13800138000", "客服挂断！！！"}
	for _, a := range toyAnalyzers() {
		want := make([]nlp.Analysis, len(texts))
		for i, text := range texts {
			want[i] = a.Analyze(text)
		}
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				for i := range 40 {
					k := (i*3 + g) % len(texts)
					if diff := cmp.Diff(want[k], a.Analyze(texts[k])); diff != "" {
						t.Errorf("another analysis of %.20q (-want +got):\n%s", texts[k], diff)
					}
				}
			})
		}
		wg.Wait()
	}
}

func TestAnalyzeOneMegabyte(t *testing.T) {
	t.Parallel()
	for name, a := range toyAnalyzers() {
		for _, piece := range []string{"断网", "话费扣费账单，要求退款骗子"} {
			text := strings.Repeat(piece, 1<<20/len(piece))
			r := a.Analyze(text)
			if r.Type == "" || len(r.Reasons) > 6 {
				t.Errorf("%s on %q repeated: type %q, %d reasons", name, piece, r.Type, len(r.Reasons))
			}
		}
	}
}

func TestNewAnalyzerSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	model, based := must[*nlp.Model](t)(toyModel()), must[*nlp.Model](t)(toyBased())
	whole := nlp.Config{Tokenizer: testTokenizer, Types: toyLexicon(), Entities: testFinder}
	moodOnly, err := nlp.Train(t.Context(), toyExamples(40, 1), testTokenizer, nlp.TrainOptions{Tasks: []nlp.Task{nlp.TaskIntensity}})
	if err != nil {
		t.Fatal(err)
	}
	unattached := must[*nlp.Model](t)(nlp.ReadModel(strings.NewReader(string(fileOf(t, based)))))
	tests := []struct {
		name   string
		change func(c *nlp.Config)
		want   string
	}{
		{"nothing", func(*nlp.Config) {}, ""},
		{"tokenizer", func(c *nlp.Config) { c.Tokenizer = nil }, "needs a tokenizer"},
		{"words", func(c *nlp.Config) { c.Types = nil }, "the words of its types"},
		{"entity finder", func(c *nlp.Config) { c.Entities = nil }, "an entity finder"},
		{"another dictionary", func(c *nlp.Config) { c.General, c.Tokenizer = model, pairs{"pairs/2"} }, "trained with dictionary pairs/1"},
		{"background", func(c *nlp.Config) { c.Mood = unattached }, "trained with background"},
		{"types", func(c *nlp.Config) { c.Trained = moodOnly }, "does not know types"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := whole
			tt.change(&c)
			_, err := nlp.NewAnalyzer(c)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
