package nlp

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func sketchOf(text string) []uint32 { return sketch(charFeatures(nil, text)) }

func randomText(rng *rand.Rand, runes int) string {
	var b strings.Builder
	for range runes {
		b.WriteRune('一' + rune(rng.IntN(3000)))
	}
	return b.String()
}

func TestFoldNumbersKeepNearCopiesTogether(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	var sketches [][]uint32
	for range 100 {
		text := randomText(rng, 60)
		sketches = append(sketches, sketchOf(text), sketchOf("客户："+text), sketchOf(text+"谢谢"))
	}
	folds := foldNumbers(sketches, 5)
	apart := 0
	size := make([]int, 5)
	for i := 0; i < len(folds); i += 3 {
		if folds[i] != folds[i+1] || folds[i] != folds[i+2] {
			apart++
		}
		size[folds[i]]++
	}
	if apart > 2 {
		t.Errorf("%d of 100 texts have a near-copy in another fold", apart)
	}
	for fold, n := range size {
		if n < 15 || n > 25 {
			t.Errorf("fold %d holds %d of 100 texts, want about 20: %v", fold, n, size)
		}
	}
}

func TestFoldNumbersDealTheRestEvenly(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 2))
	var sketches [][]uint32
	for range 90 {
		sketches = append(sketches, sketchOf(randomText(rng, 40)))
	}
	size := make([]int, 3)
	for _, fold := range foldNumbers(sketches, 3) {
		size[fold]++
	}
	for fold, n := range size {
		if n < 28 || n > 32 {
			t.Errorf("fold %d holds %d of 90 texts, want about 30", fold, n)
		}
	}
	if got := foldNumbers(nil, 3); len(got) != 0 {
		t.Errorf("folds of nothing = %v", got)
	}
}
