package nlp_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
)

const modelMagic = "QIANYI MODEL 1\n"

func TestModelFileRoundTrip(t *testing.T) {
	t.Parallel()
	background := toyBackground()
	for name, train := range map[string]func() (*nlp.Model, error){"alone": toyModel, "on a background": toyBased} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := must[*nlp.Model](t)(train())
			read := must[*nlp.Model](t)(nlp.ReadModel(bytes.NewReader(fileOf(t, m))))
			if err := read.Attach(background); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(m.Card, read.Card); diff != "" {
				t.Errorf("card (-want +got):\n%s", diff)
			}
			if !bytes.Equal(fileOf(t, m), fileOf(t, read)) {
				t.Error("the model written again has other bytes")
			}
			a := must[*nlp.Classifier](t)(nlp.NewClassifier(m, testTokenizer))
			b := must[*nlp.Classifier](t)(nlp.NewClassifier(read, testTokenizer))
			for _, e := range toyExamples(30, 3) {
				if diff := cmp.Diff(a.Classify(e.Text), b.Classify(e.Text)); diff != "" {
					t.Fatalf("judgement of %q (-before +after):\n%s", e.Text, diff)
				}
			}
		})
	}
}

func TestReadModelRefusesDamagedFiles(t *testing.T) {
	t.Parallel()
	file := fileOf(t, must[*nlp.Model](t)(toyBased()))
	refuse := func(t *testing.T, what string, b []byte) {
		t.Helper()
		m, err := nlp.ReadModel(bytes.NewReader(b))
		if err == nil || m != nil || !strings.Contains(err.Error(), "copy it again or train it again") {
			t.Errorf("%s: model %v, error %v", what, m != nil, err)
		}
	}
	t.Run("cut off anywhere", func(t *testing.T) {
		t.Parallel()
		for n := 0; n < len(file); n += 97 {
			refuse(t, "cut off", file[:n])
		}
	})
	t.Run("one bit turned", func(t *testing.T) {
		t.Parallel()
		for i := 0; i < len(file); i += 61 {
			b := bytes.Clone(file)
			b[i] ^= 1 << (i % 8)
			refuse(t, "bit turned", b)
		}
	})
	t.Run("something else", func(t *testing.T) {
		t.Parallel()
		refuse(t, "empty", nil)
		refuse(t, "text", []byte("id,text\n1,话费\n"))
		refuse(t, "magic alone", []byte(modelMagic))
		refuse(t, "longer", append(bytes.Clone(file), 0))
	})
}

// modelFile is a file with a right checksum around any header and numbers.
func modelFile(header string, packed []byte) []byte {
	body := binary.LittleEndian.AppendUint32(nil, uint32(len(header)))
	return signed(append(append(body, header...), packed...))
}

func signed(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append(append([]byte(modelMagic), sum[:]...), body...)
}

// A right checksum proves only that the file is as somebody wrote it.
func TestReadModelRefusesImpossibleClaims(t *testing.T) {
	t.Parallel()
	const task = `{"name":"type","labels":["a","b"],"temperature":[1,1,1],"final":1,"support":[1,1]}`
	tests := []struct{ name, header, want string }{
		{"no JSON", `{`, "unexpected end"},
		{"features without number", `{"tasks":[` + task + `],"features":[4611686018427387904,0]}`, "features"},
		{"more than a model has", `{"tasks":[` + task + `],"features":[60000000,60000000]}`, "more than a model has"},
		{"negative features", `{"tasks":[` + task + `],"features":[-1,0]}`, "-1 features"},
		{"negative background", `{"tasks":[` + task + `],"features":[0,0],"dense":-1,"card":{"background":"x"}}`, "-1 dimensions"},
		{"background without weights", `{"tasks":[` + task + `],"features":[0,0],"card":{"background":"x"}}`, "0 dimensions"},
		{"numbers that are not there", `{"tasks":[` + task + `],"features":[1000,1000]}`, "bytes of numbers"},
		{"temperature 0", `{"tasks":[` + strings.Replace(task, `"final":1`, `"final":0`, 1) + `]}`, `task "type" has the temperature 0`},
		{"labels without counts", `{"tasks":[` + strings.Replace(task, `[1,1]}`, `[1]}`, 1) + `]}`, "with 1 counts"},
		{"a task without labels", `{"tasks":[{"name":"type","temperature":[1,1,1],"final":1}]}`, "has the labels []"},
		{"a label without name", `{"tasks":[` + strings.Replace(task, `"b"`, `""`, 1) + `]}`, `["a" ""]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := nlp.ReadModel(bytes.NewReader(modelFile(tt.header, nil)))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "damaged") {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
	t.Run("header longer than the file", func(t *testing.T) {
		t.Parallel()
		if _, err := nlp.ReadModel(bytes.NewReader(signed([]byte{255, 255, 255, 255, '{', '}'}))); err == nil {
			t.Error("no error")
		}
	})
}

// FuzzReadModel signs what the fuzzer writes: the checksum is no protection
// against a file that was made wrong. What is accepted must judge texts.
func FuzzReadModel(f *testing.F) {
	m, err := nlp.Train(f.Context(), toyExamples(12, 1), testTokenizer,
		nlp.TrainOptions{Tasks: []nlp.Task{nlp.TaskType}, Folds: 2, MaxFeatures: [2]int{8, 8}})
	if err != nil {
		f.Fatal(err)
	}
	file := fileOf(f, m)
	body := file[len(modelMagic)+sha256.Size:]
	f.Add(body)
	f.Add(body[:len(body)/2])
	f.Add([]byte{2, 0, 0, 0, '{', '}'})
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := nlp.ReadModel(bytes.NewReader(signed(body)))
		if err != nil {
			return
		}
		for _, task := range m.Tasks() {
			m.Support(task)
		}
		c, err := nlp.NewClassifier(m, pairs{m.Card.Tokenizer})
		if err != nil {
			return
		}
		c.Classify("话费扣费，断网了！")
	})
}

func TestReadVectors(t *testing.T) {
	t.Parallel()
	v := nlp.NewVectors([]string{"话费", "网速"}, [][]float32{{1, 0}, {0, 1}}, []float64{.1, .1})
	var b bytes.Buffer
	if _, err := v.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	if _, err := nlp.ReadVectors(file); err != nil {
		t.Fatal(err)
	}
	for n := range len(file) - 4 { // the last four bytes are a checksum
		if _, err := nlp.ReadVectors(file[:n]); err == nil {
			t.Errorf("no error for the first %d of %d bytes", n, len(file))
		}
	}
	if v := nlp.NewVectors(nil, nil, nil); v == nil {
		t.Error("no vectors for no words")
	}
}
