package card

import (
	"flag"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "learn causes.model again")

// ownExamples returns the sentences written to learn from, a file per cause.
func ownExamples(t *testing.T) []example {
	t.Helper()
	var list []example
	for _, cause := range Causes {
		content, err := os.ReadFile(filepath.Join("testdata/own", string(cause)+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			list = append(list, example{strings.TrimSpace(line), cause})
		}
	}
	return list
}

// lookedExamples returns the halves that cues were written by.
func lookedExamples(t *testing.T) []example {
	t.Helper()
	content, err := os.ReadFile("testdata/causes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var list []example
	for line := range strings.Lines(string(content)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) == 3 && (f[0] == "seen" || f[0] == "stranger-looked") {
			list = append(list, example{f[2], Cause(f[1])})
		}
	}
	return list
}

// The shipped model is what the sentences teach; -update makes it so.
func TestShippedModelIsLearntFromTheSentences(t *testing.T) {
	t.Parallel()
	examples := append(ownExamples(t), lookedExamples(t)...)
	learnt := train(examples)
	if *update {
		file, err := learnt.file()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("causes.model", file, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	m, err := readModel(packed)
	if err != nil {
		t.Fatal(err)
	}
	if m.source != learnt.source {
		t.Fatal("causes.model was learnt from other sentences; run go test -update")
	}
	// Other processors round differently in the last digits.
	const tolerance = 0.05
	for _, e := range examples {
		want, got := learnt.scores(e.text), m.scores(e.text)
		for k := range want {
			if math.Abs(want[k]-got[k]) > tolerance {
				t.Fatalf("%s: %s scores %.2f, learnt %.2f; run go test -update", e.text, Causes[k], got[k], want[k])
			}
		}
	}
}

// Five parts of the own sentences in turn are left out of the learning: how the
// settings were chosen.
func TestSentencesLeftOut(t *testing.T) {
	t.Parallel()
	const (
		parts = 5
		floor = 0.65
	)
	own, looked := ownExamples(t), lookedExamples(t)
	var right, said, are [causeCount]float64
	for part := range parts {
		learn := slices.Clone(looked)
		var judge []example
		for _, e := range own {
			h := fnv.New32a()
			h.Write([]byte(e.text))
			if int(h.Sum32()>>3)%parts == part {
				judge = append(judge, e)
			} else {
				learn = append(learn, e)
			}
		}
		m := train(learn)
		for _, e := range judge {
			got, _ := causeBy(m, e.text)
			said[slices.Index(Causes, got)]++
			are[slices.Index(Causes, e.cause)]++
			if got == e.cause {
				right[slices.Index(Causes, got)]++
			}
		}
	}
	f1 := 0.0
	for k := range right {
		f1 += 2 * right[k] / (said[k] + are[k]) / causeCount
	}
	t.Logf("macro F1 %.3f on %d sentences", f1, len(own))
	if f1 < floor {
		t.Errorf("macro F1 on sentences left out is %.3f, want %.2f", f1, floor)
	}
}

func TestModelFile(t *testing.T) {
	t.Parallel()
	m := train([]example{{"短信太多", RandomSMS}, {"短信不停", RandomSMS}, {"礼品没了", Planning}, {"礼品发完", Planning}})
	file, err := m.file()
	if err != nil {
		t.Fatal(err)
	}
	back, err := readModel(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, back, cmp.AllowUnexported(model{})); diff != "" {
		t.Errorf("model after reading (-written +read):\n%s", diff)
	}
	for name, file := range map[string][]byte{
		"empty": nil, "another": []byte("hello"), "cut": file[:len(file)-7], "only the head": file[:20],
	} {
		if _, err := readModel(file); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A damaged model must not keep cues from being heard.
func TestCuesDecideWithoutModel(t *testing.T) {
	t.Parallel()
	if cause, words := causeBy(&model{}, "回复T退订后还继续发"); cause != RandomSMS || len(words) == 0 {
		t.Errorf("got %s because of %q, want random_sms and words", cause, words)
	}
}

func TestReasonIsTheClauseThatSpeaksMost(t *testing.T) {
	t.Parallel()
	const text = "我是老顾客，退订链接点了没反应，你们看着办。"
	if got := shipped().reason(text, slices.Index(Causes, RandomSMS)); got != "退订链接点了没反应" {
		t.Errorf("got %q", got)
	}
	if got := shipped().reason("，。", 0); got != "" {
		t.Errorf("of marks only: got %q", got)
	}
}

func BenchmarkCauseOf(b *testing.B) {
	text := strings.Repeat("付款页面转了十分钟，钱扣了订单没有，", 5)
	for b.Loop() {
		CauseOf(text)
	}
}

func BenchmarkScores(b *testing.B) {
	text := strings.Repeat("付款页面转了十分钟，钱扣了订单没有，", 5)
	for b.Loop() {
		shipped().scores(text)
	}
}
