package console

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
)

const (
	phraseText = 1500 // runes of each text that are compared
	phraseLong = 12   // runes of the longest phrase
	maxPhrases = 4
)

// particles say nothing at the edge of a phrase.
const particles = "的了是我你他她它们在就也都和与及把被给到说去来没有不这那个一为对让又还很太吗呢吧啊,.!?;:，。！？；：、 "

// phraseBook holds every stretch of letters of a text, up to phraseLong.
type phraseBook map[string]bool

func newPhraseBook(text string) phraseBook {
	letters := runesOf(text)
	book := make(phraseBook, phraseLong*len(letters))
	for i := range letters {
		for n := 1; n <= phraseLong && i+n <= len(letters); n++ {
			if !unicode.IsLetter(letters[i+n-1]) {
				break
			}
			book[string(letters[i:i+n])] = true
		}
	}
	return book
}

// shared returns the longest wordings of the text that the book has too, two to
// twelve letters each, for people to see why two texts are alike.
func (b phraseBook) shared(text string) []string {
	letters := runesOf(text)
	var found []string
	for i := 0; i < len(letters); {
		n := 0
		for n < phraseLong && i+n < len(letters) && b[string(letters[i:i+n+1])] {
			n++
		}
		phrase := strings.Trim(string(letters[i:i+n]), particles)
		if utf8.RuneCountInString(phrase) >= 2 && !slices.Contains(found, phrase) {
			found = append(found, phrase)
		}
		i += max(n, 1)
	}
	slices.SortStableFunc(found, func(x, y string) int { return utf8.RuneCountInString(y) - utf8.RuneCountInString(x) })
	return found[:min(len(found), maxPhrases)]
}

func runesOf(s string) []rune { return []rune(nlp.Normalize(cut(s, phraseText)).Text) }
