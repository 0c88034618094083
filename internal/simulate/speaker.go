package simulate

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// speaker fills templates. Within one text a slot keeps its value.
type speaker struct {
	r *rand.Rand
	// lists are tried in turn for the values of a slot.
	lists []map[string][]string
	// values are what the slots hold so far.
	values map[string]string
}

// speaker returns one whose slots begin with a copy of values and are drawn
// from own lists before those that all texts share.
func (c *content) speaker(r *rand.Rand, own map[string][]string, values map[string]string) *speaker {
	s := &speaker{r: r, lists: []map[string][]string{own, c.Slots}, values: map[string]string{}}
	maps.Copy(s.values, values)
	return s
}

// say expands slots and choices. Choices do not nest.
func (s *speaker) say(template string) string {
	var b strings.Builder
	for {
		i := strings.IndexAny(template, "{[")
		if i < 0 {
			b.WriteString(template)
			return b.String()
		}
		b.WriteString(template[:i])
		closing := "}"
		if template[i] == '[' {
			closing = "]"
		}
		inner, rest, found := strings.Cut(template[i+1:], closing)
		switch {
		case !found:
			b.WriteString(template[i:])
			return b.String()
		case closing == "]":
			b.WriteString(s.say(pick(s.r, strings.Split(inner, "|"))))
		default:
			b.WriteString(s.value(inner))
		}
		template = rest
	}
}

func (s *speaker) value(slot string) string {
	if v, ok := s.values[slot]; ok {
		return v
	}
	v := "{" + slot + "}"
	switch slot {
	case "order":
		v = fmt.Sprintf("%d%08d", 20+s.r.IntN(70), s.r.IntN(100_000_000))
	case "clock":
		v = fmt.Sprintf("%d:%02d", 6+s.r.IntN(18), s.r.IntN(60))
	case "number":
		v = fmt.Sprintf("1380013%04d", s.r.IntN(10_000))
	case "code":
		v = fmt.Sprintf("%c%05d", 'A'+rune(s.r.IntN(26)), s.r.IntN(100_000))
	default:
		for _, lists := range s.lists {
			if list := lists[slot]; len(list) > 0 {
				v = s.say(pick(s.r, list))
				break
			}
		}
	}
	s.values[slot] = v
	return v
}

// The shares of texts that have each part besides the core.
const (
	openingShare = .55
	detailShare  = .35
	demandShare  = .6
	closingShare = .3
	kindDemand   = .5 // of the demands that one is the kind's own
)

// compose sets a core into the parts that a customer or an agent puts around
// it.
func (s *speaker) compose(v *voice, core string, demands []string) string {
	var b strings.Builder
	if s.r.Float64() < openingShare {
		b.WriteString(s.say(pick(s.r, v.Openings)))
	}
	parts := []string{s.say(core)}
	if s.r.Float64() < detailShare {
		parts = append(parts, s.say(pick(s.r, v.Details)))
	}
	if s.r.Float64() < demandShare {
		list := v.Demands
		if len(demands) > 0 && s.r.Float64() < kindDemand {
			list = demands
		}
		parts = append(parts, s.say(pick(s.r, list)))
	}
	b.WriteString(strings.Join(parts, pick(s.r, []string{"，", "，", "。", "；"})))
	b.WriteString("。")
	if s.r.Float64() < closingShare {
		b.WriteString(s.say(pick(s.r, v.Closings)))
	}
	return b.String()
}

// roughen types as people do: without full stops, with blanks for commas, with
// more exclamation marks than needed.
func roughen(r *rand.Rand, text string) string {
	switch r.IntN(10) {
	case 0:
		text = strings.ReplaceAll(text, "，", " ")
	case 1:
		text = strings.TrimSuffix(text, "。") + "！！"
	case 2, 3:
		text = strings.TrimSuffix(text, "。")
	case 4:
		text = strings.ReplaceAll(text, "。", "，")
		text = strings.TrimSuffix(text, "，") + "！"
	}
	return text
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// weighted returns an index with a probability in proportion to its weight.
func weighted(r *rand.Rand, cumulative []float64) int {
	n := len(cumulative)
	x := r.Float64() * cumulative[n-1]
	i, exact := slices.BinarySearch(cumulative, x)
	if exact { // the bounds belong to the next one
		i++
	}
	return min(i, n-1)
}

// cumulate returns running totals.
func cumulate(weights []float64) []float64 {
	sums, total := make([]float64, len(weights)), 0.
	for i, w := range weights {
		total += w
		sums[i] = total
	}
	return sums
}
