package store

import "strings"

// addressKey is the form in which addresses are compared: e-mail in lower case,
// of a phone the digits, without the country code of China before a mobile
// number.
func addressKey(address string) string {
	address = clean(strings.TrimSpace(address))
	if strings.Contains(address, "@") {
		return strings.ToLower(address)
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, address)
	if digits == "" {
		return strings.ToLower(address)
	}
	const mobile = 11 // digits, the first is 1
	national := strings.TrimPrefix(strings.TrimPrefix(digits, "00"), "86")
	if len(national) == mobile && national[0] == '1' {
		return national
	}
	return digits
}
