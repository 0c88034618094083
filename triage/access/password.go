package access

import (
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// The length of a password, in runes. Long ones are better than odd ones: there
// is no rule about kinds of characters (NIST SP 800-63B, 5.1.1.2).
const (
	minPassword = 8
	maxPassword = 200
)

// worst are the passwords that are tried first: what tops every list of leaked
// ones, here and abroad, as far as they are long enough.
var worst = words(`12345678 123456789 1234567890 0123456789 987654321 87654321 11111111 00000000 88888888 66666666
	11223344 12341234 12344321 123123123 147258369 741852963 789456123 112233445566 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4
	qwertyui qwertyuiop qwerty123 qwer1234 asdfghjk asdfghjkl zxcvbnm123 asdf1234 1234qwer 123qweasd qazwsxedc
	password password1 password123 passw0rd p@ssw0rd p@ssword iloveyou sunshine princess football baseball superman
	woaini1314 woaini520 woaini123 5201314520 a1234567 a12345678 a123456789 abc12345 abcd1234 abcdefgh abc123456
	aa123456 aa12345678 qq123456 wang1234 admin123 admin1234 admin888 admin@123 administrator root1234 test1234 guest123
	changeme welcome1 letmein1 trustno1 computer internet qianyi123 qianyi2026 qianyi1234`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// CheckPassword refuses a password that is too short, among the worst, one
// character over and over, or made of the user's name; the error is CodeInvalid
// and never repeats it.
func CheckPassword(password, name string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return triage.FieldErrorf("password", "has %d characters, want at least %d", n, minPassword)
	case n > maxPassword:
		return triage.FieldErrorf("password", "has %d characters, want at most %d", n, maxPassword)
	}
	low := strings.ToLower(password)
	first, _ := utf8.DecodeRuneInString(low)
	switch {
	case worst[low], strings.Trim(low, string(first)) == "":
		return triage.FieldErrorf("password", "is among those that are tried first; choose another")
	case name != "" && strings.Trim(strings.ReplaceAll(low, strings.ToLower(name), ""), "0123456789") == "":
		return triage.FieldErrorf("password", "is made of the name; choose another")
	}
	return nil
}
