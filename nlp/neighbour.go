package nlp

import "math/rand/v2"

// sketchSize is the number of minimum hashes kept of a text, sketchBands how
// many groups they form: texts that agree in one whole group are near-copies.
// With 5 groups of 3, two texts of Jaccard similarity 0.5 meet with
// probability 0.49, of 0.7 with 0.88, of 0.3 with 0.13.
const (
	sketchSize  = 15
	sketchBands = 5
)

// sketch returns the minimum hashes (Broder, "On the resemblance and
// containment of documents", 1997) of a text's character n-grams.
func sketch(grams []occurrence) []uint32 {
	var least [sketchSize]uint32
	for i := range least {
		least[i] = ^uint32(0)
	}
	for _, g := range grams {
		if g.end-g.start < 6 { // single characters say nothing about copying
			continue
		}
		h := uint64(g.hash)
		for i := range least {
			h = h*6364136223846793005 + 1442695040888963407
			least[i] = min(least[i], uint32(h>>32))
		}
	}
	return least[:]
}

// foldNumbers deals examples into folds so that near-copies share one.
func foldNumbers(sketches [][]uint32, folds int) []int {
	parent := make([]int, len(sketches))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	const width = sketchSize / sketchBands
	type band struct {
		number int
		hashes [width]uint32
	}
	first := map[band]int{}
	for i, s := range sketches {
		for b := range sketchBands {
			key := band{number: b, hashes: [width]uint32(s[b*width : (b+1)*width])}
			if j, known := first[key]; known {
				parent[root(i)] = root(j)
			} else {
				first[key] = i
			}
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	assigned := make([]int, len(sketches))
	foldOf := map[int]int{}
	next := rng.Perm(folds)
	for i := range sketches {
		r := root(i)
		if _, known := foldOf[r]; !known {
			if len(foldOf)%folds == 0 {
				next = rng.Perm(folds)
			}
			foldOf[r] = next[len(foldOf)%folds]
		}
		assigned[i] = foldOf[r]
	}
	return assigned
}
