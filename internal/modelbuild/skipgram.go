package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/nlp"
)

// The settings of the word vectors.
const (
	vectorSize   = 96
	vectorWindow = 6
	vectorEpochs = 6
	vectorMin    = 6 // occurrences of a word that gets a vector
	negatives    = 5
	frequentWord = 1e-4 // share of running words from which a word is thinned out
)

// buildVectors learns word vectors from the reviews and the written corpus by
// skip-gram with negative sampling (Mikolov et al., NIPS 2013). Two workers
// share the vectors without locks, as in the original; the result differs from
// run to run in the last digits.
func (b *builder) buildVectors(bool) (io.WriterTo, error) {
	texts, err := b.running()
	if err != nil {
		return nil, err
	}
	g := newSkipGram(texts)
	for epoch := range vectorEpochs {
		rate := float32(0.05 * (1 - float64(epoch)/vectorEpochs))
		var wg sync.WaitGroup
		for worker := range 2 {
			wg.Go(func() { g.pass(epoch, worker, 2, rate) })
		}
		wg.Wait()
	}
	in := make([][]float32, len(g.words))
	share := make([]float64, len(g.words))
	for i := range g.words {
		in[i] = g.in[i*vectorSize : (i+1)*vectorSize]
		share[i] = float64(g.count[i]) / float64(g.total)
	}
	fmt.Printf("vectors: %d words of %d running\n", len(g.words), g.total)
	return nlp.NewVectors(g.words, in, share), nil
}

// running cuts all texts into words.
func (b *builder) running() ([][]string, error) {
	var list []string
	for _, domain := range domains {
		rows, err := b.reviews(domain)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			list = append(list, r.Text)
		}
	}
	items, err := corpus.Read()
	if err != nil {
		return nil, err
	}
	for _, it := range items {
		// Three times, so that the words of records are not drowned by reviews.
		list = append(list, it.Text, it.Text, it.Text)
	}
	texts := make([][]string, len(list))
	var tokens []nlp.Token
	for i, text := range list {
		n := nlp.Normalize(text)
		tokens = b.tokenizer.SearchTokens(tokens[:0], n.Text)
		for _, t := range tokens {
			texts[i] = append(texts[i], n.Text[t.Start:t.End])
		}
	}
	return texts, nil
}

type skipGram struct {
	words   []string
	count   []int
	total   int
	texts   [][]int32
	in, out []float32
	noise   []int32 // words by frequency^0.75, to draw negatives from
}

func newSkipGram(texts [][]string) *skipGram {
	count := map[string]int{}
	for _, t := range texts {
		for _, w := range t {
			count[w]++
		}
	}
	g := &skipGram{texts: make([][]int32, len(texts))}
	number := map[string]int32{}
	for i, t := range texts {
		for _, w := range t {
			if count[w] < vectorMin {
				continue
			}
			n, known := number[w]
			if !known {
				n = int32(len(g.words))
				number[w] = n
				g.words = append(g.words, w)
				g.count = append(g.count, count[w])
			}
			g.texts[i] = append(g.texts[i], n)
			g.total++
		}
	}
	rng := rand.New(rand.NewPCG(7, 7))
	g.in = make([]float32, len(g.words)*vectorSize)
	g.out = make([]float32, len(g.words)*vectorSize)
	for i := range g.in {
		g.in[i] = (rng.Float32() - 0.5) / vectorSize
	}
	for n, c := range g.count {
		for range int(math.Pow(float64(c), 0.75)/10) + 1 {
			g.noise = append(g.noise, int32(n))
		}
	}
	return g
}

// pass goes once over every workers-th text.
func (g *skipGram) pass(epoch, worker, workers int, rate float32) {
	rng := rand.New(rand.NewPCG(uint64(epoch), uint64(worker)))
	gradient := make([]float32, vectorSize)
	var kept []int32
	for i := worker; i < len(g.texts); i += workers {
		kept = kept[:0]
		for _, w := range g.texts[i] {
			share := float64(g.count[w]) / float64(g.total)
			if rng.Float64() < math.Sqrt(frequentWord/share) {
				kept = append(kept, w)
			}
		}
		for at, w := range kept {
			reach := 1 + rng.IntN(vectorWindow)
			for near := max(0, at-reach); near <= min(len(kept)-1, at+reach); near++ {
				if near != at {
					g.step(kept[near], w, rate, gradient, rng)
				}
			}
		}
	}
}

// step draws the vector of word towards that of a neighbour and away from
// random words.
func (g *skipGram) step(word, neighbour int32, rate float32, gradient []float32, rng *rand.Rand) {
	clear(gradient)
	in := g.in[int(word)*vectorSize:][:vectorSize]
	for k := range negatives + 1 {
		target, label := neighbour, float32(1)
		if k > 0 {
			target, label = g.noise[rng.IntN(len(g.noise))], 0
			if target == neighbour {
				continue
			}
		}
		out := g.out[int(target)*vectorSize:][:vectorSize]
		var product float32
		for d := range in {
			product += in[d] * out[d]
		}
		change := rate * (label - float32(1/(1+math.Exp(-float64(product)))))
		for d := range in {
			gradient[d] += change * out[d]
			out[d] += change * in[d]
		}
	}
	for d := range in {
		in[d] += gradient[d]
	}
}
