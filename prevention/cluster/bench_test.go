package cluster_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

// twos cuts a text into words of two characters, so that the benchmark shows
// the cost of clustering, not of segmentation.
type twos struct{}

func (twos) SearchTokens(dst []nlp.Token, text string) []nlp.Token {
	for i := 0; i < len(text); {
		_, a := utf8.DecodeRuneInString(text[i:])
		_, b := utf8.DecodeRuneInString(text[i+a:])
		dst = append(dst, nlp.Token{Start: i, End: i + a + b})
		i += a + b
	}
	return dst
}

// synthetic writes complaints of about 180 characters: half are about one of
// many issues with words of its own, all share a common language in which few
// words are frequent and many rare.
type synthetic struct {
	random *rand.Rand
	words  *rand.Zipf
	issues *rand.Zipf
	n      int
}

func newSynthetic() *synthetic {
	r := rand.New(rand.NewPCG(1, 2))
	return &synthetic{random: r, words: rand.NewZipf(r, 1.1, 20, 200_000), issues: rand.NewZipf(r, 1.05, 50, 20_000)}
}

func han(n uint64) []rune {
	const plane = 20_000
	return []rune{rune(0x4e00 + n%plane), rune(0x4e00 + n/plane*911%plane)}
}

func (s *synthetic) doc() cluster.Doc {
	var text []rune
	for range 80 {
		text = append(text, han(s.words.Uint64())...)
	}
	if s.random.IntN(2) == 0 {
		issue := s.issues.Uint64()
		for i := range uint64(10) {
			at := s.random.IntN(len(text)/2) * 2
			copy(text[at:], han(1_000_000+issue*20+(i+s.random.Uint64N(8))%20))
		}
	}
	s.n++
	return cluster.Doc{
		ID:       triage.ComplaintID(fmt.Sprint("D", s.n)),
		Customer: triage.CustomerID(fmt.Sprint("C", s.random.IntN(1_000_000))),
		At:       time.Date(2026, 1, 1, 0, 0, s.n*86400/20_000, 0, time.UTC),
		Text:     string(text),
	}
}

// BenchmarkAdd measures one more complaint with 30 days at 20 000 a day in
// memory, and what they take.
func BenchmarkAdd(b *testing.B) {
	for _, docs := range []int{20_000, 600_000} {
		b.Run(fmt.Sprint(docs), func(b *testing.B) {
			if testing.Short() && docs > 100_000 {
				b.Skip("takes minutes")
			}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			source := newSynthetic()
			s := cluster.New(cluster.Options{Tokenizer: twos{}, MaxDocs: docs})
			for range docs {
				s.Add(source.doc())
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			more := make([]cluster.Doc, 10_000)
			for i := range more {
				more[i] = source.doc()
			}
			next := 0
			for b.Loop() {
				if next == len(more) {
					b.Fatal("the complaints have run out: use -benchtime 10000x or less")
				}
				s.Add(more[next])
				next++
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB")
		})
	}
}
