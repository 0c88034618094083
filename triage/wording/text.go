package wording

import (
	"regexp"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
)

// reply is a reply in the form the rules work on. Spans are byte offsets of
// the normal text.
type reply struct {
	nlp.Normalized
	sentences []span
	// borrowed are the words that are not the agent's own: quotations and what
	// is repeated from the customer.
	borrowed []span
}

// span is a part of a text, in bytes.
type span struct {
	start, end int
}

// within says whether s lies in one of the others.
func (s span) within(others []span) bool {
	for _, o := range others {
		if s.start >= o.start && s.end <= o.end {
			return true
		}
	}
	return false
}

func newReply(text string) *reply {
	r := &reply{Normalized: nlp.Normalize(text)}
	r.sentences = sentencesOf(r.Text)
	for _, m := range quotation.FindAllStringIndex(r.Text, -1) {
		r.borrowed = append(r.borrowed, span{m[0], m[1]})
	}
	for _, m := range repeated.FindAllStringSubmatchIndex(r.Text, -1) {
		r.borrowed = append(r.borrowed, span{m[2], m[3]})
	}
	return r
}

var (
	quotation = regexp.MustCompile(`“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|《[^》\n]*》|【[^】\n]*】|"[^"\n]*"`)
	// repeated matches how an agent takes up what the customer said.
	repeated = regexp.MustCompile(`(?:[您你](?:来电|来信|此前|之前|刚才|所)*(?:反映|提到|投诉|描述|提出|反馈|咨询|关心|所述|留言)|关于)` +
		`([^,。!?;\n]{0,40}?)(?:的?(?:问题|情况|事宜|事情|现象|要求|诉求|遭遇|心情)|[,。!?;\n]|$)`)
)

// sentencesOf cuts at the marks that end a sentence and at line ends; the mark
// belongs to its sentence. Marks between quotation marks do not cut.
func sentencesOf(text string) []span {
	var list []span
	start, open := 0, 0
	for i, r := range text {
		switch r {
		case '“', '「', '『':
			open++
		case '”', '」', '』':
			open = max(open-1, 0)
		case '。', '!', '?', ';', '\n':
			if open > 0 && r != '\n' {
				continue
			}
			end := i + len(string(r))
			list = append(list, span{start, end})
			start, open = end, 0
		}
	}
	if strings.TrimSpace(text[start:]) != "" {
		list = append(list, span{start, len(text)})
	}
	return list
}

// flag makes a flag of a span; the punctuation around it is left out.
func (r *reply) flag(k Kind, s span, advice string) Flag {
	const around = " ,。!?;:、\n"
	text := r.Text[s.start:s.end]
	s.start += len(text) - len(strings.TrimLeft(text, around))
	s.end -= len(text) - len(strings.TrimRight(text, around))
	s.end = max(s.start, s.end)
	from, to := r.Span(s.start, s.end)
	return Flag{Kind: k, Start: from, End: to, Advice: advice}
}
