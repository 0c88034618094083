package tone_test

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage/wording/tone"
)

var update = flag.Bool("update", false, "learn sentences.model again")

// readSentences reads the written sentences, a file per mistake, further
// mistakes of a sentence after a tab, and the phrases the rules are tested with.
func readSentences(t *testing.T) []tone.Example {
	t.Helper()
	files, err := filepath.Glob("testdata/sentences/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sentences: %v", err)
	}
	var list []tone.Example
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind := strings.TrimSuffix(filepath.Base(file), ".txt")
		for line := range strings.Lines(string(data)) {
			text, more, _ := strings.Cut(strings.TrimSpace(line), "\t")
			e := tone.Example{Text: text}
			if kind != "clean" {
				e.Kinds = append(e.Kinds, kind)
			}
			if more != "" {
				e.Kinds = append(e.Kinds, strings.Split(more, ",")...)
			}
			list = append(list, e)
		}
	}
	phrases, err := os.ReadFile("../testdata/phrases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(phrases)) {
		switch kind, text, _ := strings.Cut(strings.TrimSpace(line), "\t"); kind {
		case "personal_data": // is no way of speaking
		case "clean":
			list = append(list, tone.Example{Text: text})
		default:
			list = append(list, tone.Example{Text: text, Kinds: []string{kind}})
		}
	}
	return list
}

// The shipped model is what the sentences teach; -update makes it so.
func TestShippedModelIsLearntFromTheSentences(t *testing.T) {
	if testing.Short() && !*update {
		t.Skip("takes long")
	}
	examples := readSentences(t)
	learnt := tone.Train(examples)
	if *update {
		var b bytes.Buffer
		if _, err := learnt.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("sentences.model", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	m, err := tone.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(learnt.Kinds(), m.Kinds()); diff != "" {
		t.Fatalf("kinds (-learnt +shipped):\n%s", diff)
	}
	// Other processors round differently in the last digits.
	const tolerance = 0.05
	for _, e := range examples {
		want, got := learnt.Scores(e.Text), m.Scores(e.Text)
		for k := range want {
			if math.Abs(want[k]-got[k]) > tolerance {
				t.Fatalf("%s: %s scores %.2f, learnt %.2f; run go test -update", e.Text, m.Kinds()[k], got[k], want[k])
			}
		}
	}
}

// On sentences it has not seen the model must be far better than chance: five
// parts in turn are left out of the learning.
func TestUnseenSentences(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	t.Parallel()
	const (
		parts     = 5
		threshold = -0.25
		floor     = 0.60 // measured 0.66 when written
	)
	examples := readSentences(t)
	hit, extra, missed := 0, 0, 0
	for part := range parts {
		var learn, judge []tone.Example
		for i, e := range examples {
			if i%parts == part {
				judge = append(judge, e)
			} else {
				learn = append(learn, e)
			}
		}
		m := tone.Train(learn)
		for _, e := range judge {
			for k, s := range m.Scores(e.Text) {
				switch wanted := slices.Contains(e.Kinds, m.Kinds()[k]); {
				case s > threshold && wanted:
					hit++
				case s > threshold:
					extra++
				case wanted:
					missed++
				}
			}
		}
	}
	f1 := 2 * float64(hit) / float64(2*hit+extra+missed)
	t.Logf("F1 %.3f: %d found, %d extra, %d missed", f1, hit, extra, missed)
	if f1 < floor {
		t.Errorf("F1 on unseen sentences is %.3f, want %.2f", f1, floor)
	}
}

func TestModelFile(t *testing.T) {
	t.Parallel()
	m := tone.Train([]tone.Example{
		{Text: "您就是想讹钱", Kinds: []string{"doubting"}}, {Text: "您是不是想讹钱", Kinds: []string{"doubting"}},
		{Text: "退款今天到账"}, {Text: "退款明天到账"},
	})
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	back, err := tone.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	const text = "您是想讹钱吧"
	if diff := cmp.Diff(m.Scores(text), back.Scores(text)); diff != "" {
		t.Errorf("scores after reading (-written +read):\n%s", diff)
	}
	if s := m.Scores(text)[0]; s < 0 {
		t.Errorf("doubt scores %.2f", s)
	}
	if s := m.Scores("退款后天到账")[0]; s > 0 {
		t.Errorf("a refund scores %.2f as doubt", s)
	}
	for name, file := range map[string][]byte{
		"empty": nil, "another": []byte("hello"), "cut": b.Bytes()[:b.Len()-7], "only the head": b.Bytes()[:16],
	} {
		if _, err := tone.Read(file); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
