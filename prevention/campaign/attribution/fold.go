package attribution

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
)

// folded is a text in which variants of a name look alike: numbers in digits,
// without units of money; one word for words of one meaning; nothing between
// the characters but a blank where a sentence ends.
type folded struct {
	text string
	// at are byte offsets in norm.Text, one for each byte of text, and the end.
	at   []int32
	norm nlp.Normalized
	raw  []rune
}

func fold(s string) *folded {
	f := &folded{norm: nlp.Normalize(s), raw: []rune(s)}
	var b strings.Builder
	put := func(s string, from, to int) {
		for i := range len(s) {
			at := from
			if i > 0 {
				at = max(from, to-1)
			}
			f.at = append(f.at, int32(at))
		}
		b.WriteString(s)
	}
	text := f.norm.Text
	for i := 0; i < len(text); {
		if value, size := number(text[i:]); size > 0 {
			put(value, i, i+size)
			i += size + unit(text[i+size:])
			continue
		}
		if to, size := synonym(text[i:]); size > 0 {
			put(to, i, i+size)
			i += size
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case strings.ContainsRune("，。；！？,;!?\n", r):
			put(" ", i, i+size)
		case unicode.IsLetter(r) || r == '%':
			put(text[i:i+size], i, i+size)
		}
		i += size
	}
	f.text = b.String()
	f.at = append(f.at, int32(len(text)))
	return f
}

// units stand behind amounts and say nothing.
var units = [...]string{"元钱", "块钱", "元", "块", "圆"}

func unit(s string) int {
	for _, u := range units {
		if strings.HasPrefix(s, u) {
			return len(u)
		}
	}
	return 0
}

// synonyms are words of one meaning in the names of campaigns, the longer first.
var synonyms = [...][2]string{
	{"优惠券", "券"}, {"代金券", "券"}, {"抵用券", "券"}, {"消费券", "券"}, {"充值", "充"}, {"预存", "充"}, {"缴费", "充"}, {"交费", "充"},
	{"充话费", "充"}, {"赠送", "送"}, {"附赠", "送"}, {"返还", "返"}, {"返现", "返"}, {"返利", "返"}, {"立减", "减"}, {"直降", "减"},
	{"双倍", "2倍"}, {"半价", "5折"}, {"促销", "活动"}, {"大促", "活动"},
}

func synonym(s string) (to string, size int) {
	for _, w := range synonyms {
		if strings.HasPrefix(s, w[0]) {
			return w[1], len(w[0])
		}
	}
	return "", 0
}

var digitOf = map[rune]int64{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

var powerOf = map[rune]int64{'十': 10, '百': 100, '千': 1000, '万': 10_000}

// number reads a number at the beginning of s, in digits, in Chinese, or both as
// in 3千, and returns its digits and how many bytes it takes.
func number(s string) (digits string, size int) {
	for size < len(s) && (s[size] >= '0' && s[size] <= '9' || s[size] == '.' && size > 0 && size+1 < len(s) && s[size+1] >= '0' && s[size+1] <= '9') {
		size++
	}
	if size == 0 {
		return spelled(s)
	}
	digits = s[:size]
	r, width := utf8.DecodeRuneInString(s[size:])
	if power := powerOf[r]; power > 10 {
		if v, err := strconv.ParseFloat(digits, 64); err == nil && v < 1e9 {
			return strconv.FormatFloat(v*float64(power), 'f', -1, 64), size + width
		}
	}
	return digits, size
}

// maxSpelled bounds the characters of a number in Chinese.
const maxSpelled = 12

// spelled reads a number in Chinese: 一百五十, 一百五, 六一八, 两千.
func spelled(s string) (digits string, size int) {
	var total, part, last, power int64
	var plain strings.Builder
	powers := false
	for range maxSpelled {
		r, width := utf8.DecodeRuneInString(s[size:])
		if d, ok := digitOf[r]; ok {
			last = d
			if d == 0 {
				power = 0
			}
			plain.WriteByte(byte('0' + d))
		} else if p, ok := powerOf[r]; ok {
			powers, power = true, p
			if p == 10_000 {
				total, part, last = total+max(1, part+last)*p, 0, 0
			} else {
				part, last = part+max(1, last)*p, 0
			}
		} else {
			break
		}
		size += width
	}
	if size == 0 {
		return "", 0
	}
	if !powers {
		return plain.String(), size
	}
	if power > 10 {
		last *= power / 10 // 一百二 is 120
	}
	return strconv.FormatInt(total+part+last, 10), size
}
