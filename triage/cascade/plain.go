package cascade

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/llm"
)

// maxSent bounds the signs of a text that are sent.
const maxSent = 1500

var (
	// longNumber is a number, by digits or Chinese numerals, that may be
	// somebody's: a phone or a card written to slip past the finder of entities.
	longNumber = regexp.MustCompile(`[0-9](?:[ .\-_,]{0,3}[0-9]){5,}|[零〇一二三四五六七八九幺两](?:[ 、，,.\-]{0,2}[零〇一二三四五六七八九幺两]){5,}`)
	// latinWords are three words of letters or more in a row, or one longer than
	// any name of an app: no part of a Chinese complaint, maybe of an attack.
	latinWords = regexp.MustCompile(`[a-z]+(?:[ '.,:;!?\-_]+[a-z]+){2,}|[a-z0-9]{13,}`)
)

// plain returns what may be sent of a text: normalised, without personal data,
// and with no signs but Chinese characters, short Latin words, numbers and plain
// punctuation. Delimiters, markup, code and other scripts do not survive.
func plain(text string) string {
	n := nlp.Normalize(text)
	redacted, _ := llm.Redacted(n.Text)
	redacted = longNumber.ReplaceAllString(redacted, "〔号码〕")
	redacted = latinWords.ReplaceAllString(redacted, " ")
	var b strings.Builder
	last, blank, count := rune(0), false, 0
	for _, r := range redacted {
		if !kept(r) {
			blank = true
			continue
		}
		// Chinese needs no blanks; what was spread out comes together.
		if blank && last != 0 && (!unicode.Is(unicode.Han, last) || !unicode.Is(unicode.Han, r)) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last, blank = r, false
		if count++; count == maxSent {
			break
		}
	}
	return b.String()
}

// nameless returns a text without the codes and names of the types, these whole
// or without their last word: what is left of a complaint still tells its type, an order to
// choose one by its name tells nothing.
func nameless(text string, types []triage.TypeInfo) string {
	var names []string
	add := func(t triage.TypeInfo) {
		n := nlp.Normalize(t.Name)
		names = append(names, n.Text, strings.ToLower(t.Code))
		if stem := strings.TrimSuffix(n.Text, "问题"); utf8.RuneCountInString(stem) > 1 {
			names = append(names, stem)
		}
	}
	for _, t := range types {
		add(t)
		for _, s := range t.Subtypes {
			add(s)
		}
	}
	// The longest first: a replacer takes the first that fits.
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	pairs := make([]string, 0, 2*len(names))
	for _, n := range names {
		pairs = append(pairs, n, "")
	}
	return strings.TrimSpace(strings.NewReplacer(pairs...).Replace(text))
}

func kept(r rune) bool {
	return unicode.Is(unicode.Han, r) || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' ||
		strings.ContainsRune("，。！？；：、,.!?%¥〔〕-", r)
}
