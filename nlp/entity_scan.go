package nlp

import (
	"strings"
	"unicode/utf8"
)

// scanner goes through a normal text once and collects candidates. Handlers
// look a bounded number of characters around their place, or note how far they
// have read, so that the whole is linear.
type scanner struct {
	text    string
	phrases *phraseTrie
	found   []candidate

	orderNo, phoneNo, idNo int // end of the last such cue, 0 before the first
	emailEnd               int // no address starts before it
	numeralEnd             int // Chinese numerals before it are done
	placeEnd               int // places before it are parts of a longer one
}

func (s *scanner) run() {
	for i := 0; i < len(s.text); {
		c := s.text[i]
		if c >= utf8.RuneSelf {
			s.phrase(i)
			_, size := utf8.DecodeRuneInString(s.text[i:])
			i += size
			continue
		}
		if c == '"' {
			s.phrase(i)
		}
		if !isAlnum(c) {
			i++
			continue
		}
		i = s.word(i)
	}
}

// phrase looks up what starts at i and lets its handler work.
func (s *scanner) phrase(i int) {
	p, end := s.phrases.longest(s.text, i)
	if p.cue == cueNone || end < len(s.text) && isAlnum(s.text[end]) && isAlnum(s.text[end-1]) {
		return
	}
	switch p.cue {
	case cueProduct:
		s.add(EntityProduct, rankLexicon, i, end, p.value)
	case cueCampaign:
		s.add(EntityCampaign, rankLexicon, i, end, p.value)
	case cueFestival:
		s.add(EntityCampaign, rankName, i, end, p.value)
	case cuePlace, cueWeakPlace:
		s.place(i, end, p.cue == cueWeakPlace)
	case cueSuffix:
		s.placeBefore(i, end)
	case cueOrderNo:
		s.orderNo = end
	case cuePhoneNo:
		s.phoneNo = end
	case cueIDNo:
		s.idNo = end
	case cueTime:
		s.time(i)
	case cuePlan:
		s.plan(i, end)
	case cueDeal:
		s.deal(i, end)
	case cueSpend:
		s.spend(i, end)
	case cueQuote:
		s.quoted(i, end)
	case cueCurrency:
		s.currency(i, end)
	case cueNumeral:
		s.numeral(i)
	}
}

// word handles the ASCII letters and digits that start at i and returns where
// to go on.
func (s *scanner) word(i int) int {
	if end := s.web(i); end > i {
		return end
	}
	end := i
	for end < len(s.text) && isAlnum(s.text[end]) {
		end++
	}
	s.phrase(i)
	if isDigit(s.text[i]) {
		s.time(i)
		s.amount(i)
	}
	if next := s.phone(i, end); next > end {
		return next
	}
	s.code(i, end)
	s.codedPlace(i, end)
	return end
}

func (s *scanner) add(kind EntityKind, r rank, start, end int, value string) {
	s.found = append(s.found, candidate{kind: kind, rank: r, start: start, end: end, value: value})
}

// at returns the character at i and its size; 0, 0 outside the text.
func (s *scanner) at(i int) (r rune, size int) {
	if i < 0 || i >= len(s.text) {
		return 0, 0
	}
	return utf8.DecodeRuneInString(s.text[i:])
}

// before returns the character that ends at i and its size; 0, 0 at the start.
func (s *scanner) before(i int) (r rune, size int) {
	if i <= 0 {
		return 0, 0
	}
	return utf8.DecodeLastRuneInString(s.text[:i])
}

// digits returns the end of the ASCII digits that start at i, at most limit.
func (s *scanner) digits(i, limit int) int {
	end := min(len(s.text), i+limit)
	for i < end && isDigit(s.text[i]) {
		i++
	}
	return i
}

// follows reports whether only the given connecting characters, at most four,
// stand between a cue that ended at end and i.
func (s *scanner) follows(end, i int, connecting string) bool {
	if end == 0 || end > i || i-end > 12 {
		return false
	}
	count := 0
	for _, r := range s.text[end:i] {
		if count++; count > 4 || !strings.ContainsRune(connecting, r) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlnum(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'z' }

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf }
