package cohort

import (
	"reflect"

	"github.com/qianyi-dev/qianyi/triage"
)

// maxMemo bounds the attribute sets an index remembers.
const maxMemo = 1 << 16

// index finds the patterns that an exposure fits. Readers share attribute maps
// between exposures, so an answer is worked out once for each map and key.
type index struct {
	patterns []pattern
	byKind   map[string]map[string][]int // kind, key: candidates
	memo     map[memoKey]memoValue
	// fresh, if set, is called for exposures whose answer was not remembered.
	fresh func(kind, key string, attrs map[string]any)
}

type memoKey struct {
	kind, key string
	attrs     uintptr
}

// memoValue holds on to the map, so that its address is not used again.
type memoValue struct {
	attrs map[string]any
	fits  []int
}

func newIndex(patterns []pattern) *index {
	x := &index{patterns: patterns, byKind: map[string]map[string][]int{}, memo: map[memoKey]memoValue{}}
	for i := range patterns {
		p := &patterns[i]
		if x.byKind[p.kind] == nil {
			x.byKind[p.kind] = map[string][]int{}
		}
		x.byKind[p.kind][p.key] = append(x.byKind[p.kind][p.key], i)
	}
	return x
}

// fits returns the positions of the patterns the exposure fits.
func (x *index) fits(e *triage.Exposure) []int {
	k := memoKey{e.Kind, e.Key, reflect.ValueOf(e.Attrs).Pointer()}
	if v, ok := x.memo[k]; ok {
		return v.fits
	}
	if x.fresh != nil {
		x.fresh(e.Kind, e.Key, e.Attrs)
	}
	var list []int
	keys := x.byKind[e.Kind]
	for _, i := range keys[e.Key] {
		if x.patterns[i].fits(e.Kind, e.Key, e.Attrs) {
			list = append(list, i)
		}
	}
	if e.Key != "" {
		for _, i := range keys[""] {
			if x.patterns[i].fits(e.Kind, e.Key, e.Attrs) {
				list = append(list, i)
			}
		}
	}
	if len(x.memo) < maxMemo {
		x.memo[k] = memoValue{e.Attrs, list}
	}
	return list
}
