package nlp_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
)

// pairs is a tokenizer that needs no dictionary: it cuts at blanks and
// punctuation, and runs of letters into pairs of characters.
type pairs struct{ fingerprint string }

func (p pairs) Fingerprint() string { return p.fingerprint }

func (p pairs) SearchTokens(dst []nlp.Token, text string) []nlp.Token {
	start, runes := 0, 0
	for i, r := range text {
		size := utf8.RuneLen(r)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if runes > 0 {
				dst = append(dst, nlp.Token{Start: start, End: i})
			}
			dst = append(dst, nlp.Token{Start: i, End: i + size})
			runes = 0
			continue
		}
		if runes == 0 {
			start = i
		}
		if runes++; runes == 2 {
			dst = append(dst, nlp.Token{Start: start, End: i + size})
			runes = 0
		}
	}
	if runes > 0 {
		dst = append(dst, nlp.Token{Start: start, End: len(text)})
	}
	return dst
}

var testTokenizer = pairs{"pairs/1"}

// The toy problem: three types told apart by their words, and a mood.
var (
	toyWords = map[string][]string{
		"billing": {"话费", "扣费", "账单", "余额", "月租"},
		"network": {"信号", "断网", "宽带", "掉线", "网速"},
		"service": {"态度", "客服", "敷衍", "排队", "挂断"},
	}
	toyMoods = map[string][]string{
		"0": {"咨询", "请问", "核实"},
		"2": {"气愤", "无耻", "骗子"},
	}
	toyFiller = []string{"客户", "昨天", "手机", "反映", "办理", "一直", "今天", "营业", "公司", "表示", "这个", "问题"}
)

// toyExamples draws n labelled texts; every fourth has no mood.
func toyExamples(n int, seed uint64) []nlp.Example {
	rng := rand.New(rand.NewPCG(seed, 1))
	types := []string{"billing", "network", "service"}
	draw := func(b *strings.Builder, words []string, count int) {
		for range count {
			b.WriteString(words[rng.IntN(len(words))])
		}
	}
	examples := make([]nlp.Example, n)
	for i := range examples {
		typ, mood := types[rng.IntN(3)], []string{"0", "2"}[rng.IntN(2)]
		var b strings.Builder
		draw(&b, toyFiller, 3)
		draw(&b, toyWords[typ], 2)
		draw(&b, toyFiller, 2)
		draw(&b, toyMoods[mood], 1)
		draw(&b, toyFiller, 2)
		examples[i] = nlp.Example{Text: b.String(), Labels: map[nlp.Task]string{nlp.TaskType: typ}}
		if i%4 != 0 {
			examples[i].Labels[nlp.TaskIntensity] = mood
		}
	}
	return examples
}

func toyLexicon() *nlp.Lexicon {
	words := map[string]map[string]float64{}
	for label, list := range toyWords {
		words[label] = map[string]float64{}
		for _, w := range list {
			words[label][w] = 2
		}
	}
	return nlp.NewLexicon(words)
}

func toyBackground() *nlp.Background {
	words := []string{"话费", "扣费", "信号", "断网", "态度", "客服"}
	vectors := [][]float32{{1, 0, .1}, {.9, .1, 0}, {0, 1, .1}, {.1, .9, 0}, {0, .1, 1}, {0, 0, 1}}
	share := []float64{.01, .01, .02, .01, .02, .01}
	return nlp.NewBackground([]*nlp.Lexicon{toyLexicon()}, nil, nlp.NewVectors(words, vectors, share), true)
}

func toyOptions() nlp.TrainOptions {
	return nlp.TrainOptions{Tasks: []nlp.Task{nlp.TaskType, nlp.TaskIntensity}, Folds: 3}
}

// toyModel is trained once for all tests: it must not be changed.
var toyModel = sync.OnceValues(func() (*nlp.Model, error) {
	return nlp.Train(context.Background(), toyExamples(200, 1), testTokenizer, toyOptions())
})

// toyBased is toyModel with a background.
var toyBased = sync.OnceValues(func() (*nlp.Model, error) {
	o := toyOptions()
	o.Background = toyBackground()
	return nlp.Train(context.Background(), toyExamples(200, 1), testTokenizer, o)
})

func must[T any](tb testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

// fileOf returns the model's file.
func fileOf(tb testing.TB, m *nlp.Model) []byte {
	tb.Helper()
	var b bytes.Buffer
	n, err := m.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		tb.Fatalf("WriteTo = %d, %v; wrote %d bytes", n, err, b.Len())
	}
	return b.Bytes()
}

// accuracy is the share of examples whose label of a task the model finds.
func accuracy(tb testing.TB, m *nlp.Model, task nlp.Task, examples []nlp.Example) float64 {
	tb.Helper()
	c := must[*nlp.Classifier](tb)(nlp.NewClassifier(m, testTokenizer))
	right, all := 0, 0
	for _, e := range examples {
		want := e.Labels[task]
		if want == "" {
			continue
		}
		all++
		for i, d := range c.Classify(e.Text) {
			if m.Tasks()[i] == task && d.Labels[d.Best()] == want {
				right++
			}
		}
	}
	return float64(right) / float64(all)
}
