package customer

import (
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// samePersonName says whether two names may be of one person. An unknown one
// may be anybody's. One that its source has masked ("张*", "张**") or cut to a
// form of address ("张先生") is compared by its first character alone.
func samePersonName(a, b triage.PersonName) bool {
	x, y := plainName(a), plainName(b)
	if x == "" || y == "" || x == y {
		return true
	}
	if !partial(x) && !partial(y) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(x)
	second, _ := utf8.DecodeRuneInString(y)
	return first == second
}

func plainName(n triage.PersonName) string {
	return strings.ToLower(strings.Join(strings.Fields(nlp.Normalize(n.Reveal()).Text), ""))
}

// partial says whether a name does not tell more than its first character.
func partial(name string) bool {
	if strings.ContainsAny(name, "*某") {
		return true
	}
	for _, address := range []string{"先生", "女士", "小姐", "老师", "经理", "总"} {
		if strings.HasSuffix(name, address) {
			return true
		}
	}
	return false
}
