package learn

import (
	"cmp"
	"hash/fnv"
	"maps"
	"slices"
	"unicode"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// alike is the Jaccard likeness of Han trigrams from which two texts count
	// as the same story.
	alike = 0.5
	// bands of bandWidth minimum hashes find the texts to compare: with a
	// likeness of 0.5 two texts share a band with probability 0.997.
	bands     = 20
	bandWidth = 2
	// bucketSize bounds how many texts of one band are compared with a new one.
	bucketSize = 8
	// testOneIn is the part of new groups that is kept for testing.
	testOneIn = 10
)

// kinship finds, for samples added one after another, the earlier ones that
// belong to the same group: of the same customer, or with nearly the same text.
type kinship struct {
	grams    [][]uint64
	exact    map[string]int
	customer map[triage.CustomerID]int
	buckets  map[bucket][]int
	parent   []int
	// same numbers, for each sample, the first one with the same text.
	same []int
}

type bucket struct {
	band int
	a, b uint64
}

func newKinship(size int) *kinship {
	return &kinship{
		grams: make([][]uint64, 0, size), parent: make([]int, 0, size),
		exact: map[string]int{}, customer: map[triage.CustomerID]int{}, buckets: map[bucket][]int{},
	}
}

// add returns the earlier samples that s belongs to, in order.
func (k *kinship) add(s *Sample) []int {
	at := len(k.grams)
	n := nlp.Normalize(s.Text)
	grams := trigrams(n.Text)
	k.grams, k.parent = append(k.grams, grams), append(k.parent, at)
	kin := map[int]bool{}
	first, known := k.exact[n.Text]
	if known {
		kin[first] = true
	} else {
		first, k.exact[n.Text] = at, at
	}
	k.same = append(k.same, first)
	if s.Customer != "" {
		if first, known := k.customer[s.Customer]; known {
			kin[first] = true
		} else {
			k.customer[s.Customer] = at
		}
	}
	for _, b := range bucketsOf(grams) {
		list := k.buckets[b]
		for _, j := range list {
			if !kin[j] && likeness(grams, k.grams[j]) >= alike {
				kin[j] = true
			}
		}
		if len(list) < bucketSize {
			k.buckets[b] = append(list, at)
		}
	}
	return slices.Sorted(maps.Keys(kin))
}

// join puts two samples and all their kin into one group.
func (k *kinship) join(a, b int) {
	a, b = k.root(a), k.root(b)
	k.parent[max(a, b)] = min(a, b)
}

func (k *kinship) root(i int) int {
	for k.parent[i] != i {
		k.parent[i] = k.parent[k.parent[i]]
		i = k.parent[i]
	}
	return i
}

// trigrams returns the hashes of the text's Han trigrams, sorted, each once.
func trigrams(text string) []uint64 {
	var han []rune
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			han = append(han, r)
		}
	}
	var grams []uint64
	for i := 0; i+3 <= len(han); i++ {
		grams = append(grams, mix(uint64(han[i])<<42^uint64(han[i+1])<<21^uint64(han[i+2])))
	}
	slices.Sort(grams)
	return slices.Compact(grams)
}

// mix is the finaliser of splitmix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// bucketsOf returns the bands of minimum hashes of a text (A. Broder, "On the
// resemblance and containment of documents", 1997).
func bucketsOf(grams []uint64) []bucket {
	if len(grams) == 0 {
		return nil
	}
	var least [bands * bandWidth]uint64
	for i := range least {
		salt := mix(uint64(i) + 1)
		least[i] = ^uint64(0)
		for _, g := range grams {
			least[i] = min(least[i], mix(g^salt))
		}
	}
	list := make([]bucket, bands)
	for b := range list {
		list[b] = bucket{b, least[b*bandWidth], least[b*bandWidth+1]}
	}
	return list
}

// likeness is the Jaccard index of two sorted sets.
func likeness(a, b []uint64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	common, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch c := cmp.Compare(a[i], b[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			common, i, j = common+1, i+1, j+1
		}
	}
	return float64(common) / float64(len(a)+len(b)-common)
}

// stable is a number of an id that is the same in every process.
func stable(id triage.ComplaintID) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // cannot fail
	return mix(h.Sum64())
}
