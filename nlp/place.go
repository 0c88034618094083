package nlp

import (
	_ "embed"
	"strings"
)

//go:embed place.txt
var placeData string

const (
	// placeEnds close a part of an address.
	placeEnds = "省市区县州镇乡村路街巷弄道里站"
	// notInPlace are characters that do not occur in the names of places, or
	// rarely enough that a sentence is the better guess.
	notInPlace = "的了在是有我你他她它们不没反映投诉请要求去到从向对就都也很将给让为说问打来这那个已因所以及或但而且被把" +
		"于住至往修走过找做买卖用办开能会可吗呢吧啊该某本处跟何什么多每各几近离沿条两三和与及等感觉像常影响途经形成辖点面重受后前"
	// maxPart and maxParts bound the characters of a part and its count.
	maxPart, maxParts = 8, 6
)

// houseUnits count buildings and rooms in an address.
const houseUnits = "号栋幢座楼单元室层弄户门"

// addPlaces enters the provinces and cities of place.txt with and without
// their suffix.
func addPlaces(t *phraseTrie, data string) {
	for line := range strings.Lines(data) {
		if line[0] == '#' {
			continue
		}
		for name := range strings.FieldsSeq(line) {
			c := cuePlace
			if strings.HasSuffix(name, "!") {
				c = cueWeakPlace
				name = name[:len(name)-1]
			}
			t.add(name, phrase{cue: c, value: name})
		}
	}
}

// place reads on from the place name text[i:end] to the end of the address. A
// weak name needs a suffix of its own.
func (s *scanner) place(i, end int, weak bool) {
	if i < s.placeEnd {
		return
	}
	if r, size := s.at(end); strings.ContainsRune("省市州县", r) {
		end += size
		weak = false
	} else if strings.HasPrefix(s.text[end:], "地区") {
		end += len("地区")
		weak = false
	}
	if weak {
		return
	}
	s.address(i, end)
}

// address reads parts of an address and house numbers from end on and adds the
// whole from i.
func (s *scanner) address(i, end int) {
	for range maxParts {
		next := s.addressPart(end)
		if next == end {
			break
		}
		end = next
	}
	s.placeEnd = end
	s.add(EntityPlace, rankPlace, i, end, strings.ToUpper(s.text[i:end]))
}

// addressPart returns the end of one more part of an address at i: a name that
// ends in a suffix, a house number, or a coded area such as A3区.
func (s *scanner) addressPart(i int) int {
	if end := s.houseNumber(i); end > i {
		return end
	}
	if end := s.areaCode(i); end > i {
		return end
	}
	for end, count := i, 0; count < maxPart; count++ {
		r, size := s.at(end)
		if !isHan(r) || strings.ContainsRune(notInPlace, r) {
			return i
		}
		end += size
		if count > 0 && s.endsPart(end, r) {
			return end
		}
	}
	return i
}

// endsPart reports whether a part of an address ends at end with the character r.
func (s *scanner) endsPart(end int, r rune) bool {
	head := s.text[:end]
	switch r {
	case '厦', '场', '园', '寓':
		return strings.HasSuffix(head, "大厦") || strings.HasSuffix(head, "广场") || strings.HasSuffix(head, "花园") ||
			strings.HasSuffix(head, "公寓")
	case '市':
		return !strings.HasSuffix(head, "城市") && !strings.HasSuffix(head, "超市")
	}
	return strings.ContainsRune(placeEnds, r)
}

// houseNumber returns the end of 12号, 3栋, 2单元, 1203室 at i.
func (s *scanner) houseNumber(i int) int {
	end := s.digits(i, 6)
	if end == i || end-i > 5 {
		return i
	}
	if end < len(s.text) && isAlnum(s.text[end]) { // 12b栋
		end++
	}
	r, size := s.at(end)
	switch {
	case strings.HasPrefix(s.text[end:], "单元"), strings.HasPrefix(s.text[end:], "号楼"), strings.HasPrefix(s.text[end:], "号院"):
		return end + len("单元")
	case r != '元' && size > 0 && strings.ContainsRune(houseUnits, r):
		return end + size
	}
	return i
}

// areaCode returns the end of an anonymised area such as A市, A3区 or K8县 at i.
func (s *scanner) areaCode(i int) int {
	if i >= len(s.text) || s.text[i] < 'a' || s.text[i] > 'z' {
		return i
	}
	end := s.digits(i+1, 3)
	r, size := s.at(end)
	if !strings.ContainsRune("省市区县镇州", r) || size == 0 {
		return i
	}
	return end + size
}

// codedPlace finds an address that starts with a coded area at the word
// text[i:end].
func (s *scanner) codedPlace(i, end int) {
	if i < s.placeEnd || end-i > 4 {
		return
	}
	next := s.areaCode(i)
	if next == i || end == i+1 && s.text[end:next] == "区" && s.addressPart(next) == next { // C区 may be a disk
		return
	}
	s.address(i, next)
}

// placeBefore finds a street, estate or village by the suffix text[i:end]: its
// name stands before it. Streets and villages of one character need a house
// number after them.
func (s *scanner) placeBefore(i, end int) {
	if i < s.placeEnd {
		return
	}
	start := i
	for range maxPart - 2 {
		r, size := s.before(start)
		if !isHan(r) || strings.ContainsRune(notInPlace, r) {
			break
		}
		start -= size
	}
	start = max(start, s.placeEnd)
	for r, size := s.at(start); start < i && strings.ContainsRune("省市区县镇乡街", r); r, size = s.at(start) {
		start += size // the end of a name whose start is out of reach
	}
	if i-start < len("阳光") {
		return
	}
	if end-i == len("路") && s.houseNumber(end) == end {
		return
	}
	s.address(start, end)
}
