package cohort

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// maxAttrs bounds the attributes of one pattern.
	maxAttrs = 3
	// maxFields bounds the attributes of one exposure that are looked at.
	maxFields = 10
	// maxValueRunes is the length beyond which a value is free text.
	maxValueRunes = 64
)

// attr is one attribute as text.
type attr struct{ name, value string }

// pattern is one exposure that customers may share. A key of "" is any.
type pattern struct {
	kind, key string
	attrs     []attr // by name
}

func (p *pattern) id() string {
	var b strings.Builder
	b.WriteString(p.kind + "\x00" + p.key)
	for _, a := range p.attrs {
		b.WriteString("\x00" + a.name + "\x01" + a.value)
	}
	return b.String()
}

func (p *pattern) condition() prevention.Condition {
	c := prevention.Condition{Kind: p.kind, Key: p.key}
	for _, a := range p.attrs {
		if c.Attrs == nil {
			c.Attrs = map[string]string{}
		}
		c.Attrs[a.name] = a.value
	}
	return c
}

func patternOf(c prevention.Condition) pattern {
	p := pattern{kind: c.Kind, key: c.Key}
	for _, name := range slices.Sorted(maps.Keys(c.Attrs)) {
		p.attrs = append(p.attrs, attr{name, c.Attrs[name]})
	}
	return p
}

// fits says whether an exposure has everything the pattern asks for.
func (p *pattern) fits(kind, key string, attrs map[string]any) bool {
	if p.kind != kind || p.key != "" && p.key != key {
		return false
	}
	for _, a := range p.attrs {
		v, ok := attrs[a.name]
		if !ok || text(v) != a.value {
			return false
		}
	}
	return true
}

// text is an attribute's value as rules compare it.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case json.Number:
		return v.String()
	}
	return ""
}

// fields returns the attributes that may tell customers apart, by name:
// neither fractions, which are measurements, nor free text.
func fields(attrs map[string]any) []attr {
	var list []attr
	for name, v := range attrs {
		if f, ok := v.(float64); ok && f != math.Trunc(f) {
			continue
		}
		if s := text(v); s != "" && utf8.RuneCountInString(s) <= maxValueRunes {
			list = append(list, attr{name, s})
		}
	}
	slices.SortFunc(list, func(a, b attr) int { return cmp.Compare(a.name, b.name) })
	return list[:min(len(list), maxFields)]
}

// patternsOf calls each with every pattern of an exposure.
func patternsOf(e *triage.Exposure, each func(pattern)) {
	list := fields(e.Attrs)
	for _, key := range []string{e.Key, ""} {
		choose(list, nil, func(attrs []attr) {
			each(pattern{kind: e.Kind, key: key, attrs: slices.Clone(attrs)})
		})
		if e.Key == "" {
			return
		}
	}
}

// choose calls each with every choice of at most maxAttrs, none included.
func choose(list, chosen []attr, each func([]attr)) {
	each(chosen)
	if len(chosen) == maxAttrs {
		return
	}
	for i := range list {
		choose(list[i+1:], append(chosen, list[i]), each)
	}
}
