package nlp

import "strings"

// topLevels are the domain ends that make a bare host name a web address.
const topLevels = " com cn net org cc top vip xyz gov edu shop info io me "

// web finds an e-mail or web address that starts at i, where a word starts. It
// returns the address's end, or i when there is none.
func (s *scanner) web(i int) int {
	if i < s.emailEnd {
		return i
	}
	end := i
	for end < len(s.text) && isLocalPart(s.text[end]) {
		end++
	}
	s.emailEnd = end
	if end < len(s.text) && s.text[end] == '@' {
		if host := hostEnd(s.text, end+1); host > end+1 {
			s.add(EntityEmail, rankWeb, i, host, s.text[i:host])
			return host
		}
		return i
	}
	return s.url(i, end)
}

func isLocalPart(c byte) bool {
	return isAlnum(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-'
}

// hostEnd returns the end of a host name with at least one dot and a top level
// of letters, or i when none starts there.
func hostEnd(text string, i int) int {
	end := i
	for end < len(text) && (isAlnum(text[end]) || text[end] == '.' || text[end] == '-') {
		end++
	}
	host := strings.TrimRight(text[i:end], ".-")
	dot := strings.LastIndexByte(host, '.')
	if dot < 1 || len(host)-dot < 3 || strings.ContainsAny(host[dot:], "0123456789-") {
		return i
	}
	return i + len(host)
}

// url finds a web address whose first word-like run is text[i:run].
func (s *scanner) url(i, run int) int {
	rest := s.text[i:]
	from := i
	switch {
	case strings.HasPrefix(rest, "http://"):
		from = i + len("http://")
	case strings.HasPrefix(rest, "https://"):
		from = i + len("https://")
	case strings.HasPrefix(rest, "www.") && len(rest) > len("www."):
	default:
		host := hostEnd(s.text[:run], i)
		if before, _ := s.before(i); host == i || before == '@' || !knownTopLevel(s.text[i:host]) {
			return i
		}
	}
	end := from
	for end < len(s.text) && s.text[end] > ' ' && s.text[end] < 0x7f && !strings.ContainsRune("\"'<>()[]{}|\\^`,;", rune(s.text[end])) {
		end++
	}
	end = from + len(strings.TrimRight(s.text[from:end], ".!?:"))
	if end == from {
		return i
	}
	s.add(EntityURL, rankWeb, i, end, s.text[i:end])
	return end
}

func knownTopLevel(host string) bool {
	return strings.Contains(topLevels, " "+host[strings.LastIndexByte(host, '.')+1:]+" ")
}
