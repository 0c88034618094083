package reply

import (
	"fmt"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// openings answer the feeling before the matter, one for each kind of customer
// of the source documents: let the emotional be heard, show the stubborn that
// they were understood, be exact and careful with the prepared.
var openings = map[nlp.Style]string{
	nlp.StyleCalm:      "感谢您把情况告诉我们。",
	nlp.StyleEmotional: "这件事给您添了麻烦，非常抱歉，您着急的心情我们理解。",
	nlp.StyleStubborn:  "您的想法我们认真听了，也理解您为什么这样要求。",
	nlp.StylePrepared:  "您说明的经过和提供的材料，我们已经逐条登记。",
}

// closings leave each of them a way on.
var closings = map[nlp.Style]string{
	nlp.StyleCalm:      "",
	nlp.StyleEmotional: "这件事由我们一直跟进到底，您不用再重复说明。",
	nlp.StyleStubborn:  "如果这个安排不合适，请告诉我们您最看重哪一点，我们一起商量别的办法。",
	nlp.StylePrepared:  "具体以核实结果和双方确认的方案为准。",
}

// demands name what the customer wants, without granting it.
var demands = map[nlp.Demand]string{
	nlp.DemandRefund:  "退款",
	nlp.DemandReplace: "更换",
	nlp.DemandFix:     "尽快解决",
	nlp.DemandExplain: "得到说明",
	nlp.DemandApology: "得到道歉",
}

// Template writes a draft from fixed sentences. It admits no fault before the
// facts are verified, promises nothing but the solution that somebody chose,
// and holds none of the customer's own words.
func (h *House) Template(b Brief, now time.Time) string {
	k := &b.Case
	var lines []string
	add := func(sentences ...string) {
		if line := strings.Join(sentences, ""); line != "" {
			lines = append(lines, line)
		}
	}
	add("尊敬的", solution.Salutation, "，您好！")
	add(h.received(k), openings[k.Assessment.Style])
	add(h.progress(&b, now))
	if stageOf(k) < finished {
		add(closings[k.Assessment.Style])
	}
	add(h.farewell())
	return strings.Join(lines, "\n")
}

func (h *House) received(k *triage.Case) string {
	m, p := h.matter(k), product(k)
	if strings.Contains(m, p) {
		p = ""
	}
	if m != "" {
		m = "“" + m + "”" // names of types have words in them that no reply should
		if p != "" {
			p += "的"
		}
	}
	return "您反映的" + p + m + "问题，我们已经收到并登记。"
}

// progress says what is being done and until when.
func (h *House) progress(b *Brief, now time.Time) string {
	k := &b.Case
	until := h.deadline(k, now)
	asked := ""
	if d, ok := demands[k.Assessment.Demand]; ok {
		asked = "您希望" + d + "，这一点我们已经记下。"
	}
	switch stageOf(k) {
	case unclear:
		return asked + "我们正在核实有关情况，" + until + "把核实结果告诉您。"
	case known:
		if b.Solution != nil && b.Solution.Wording != "" {
			return asked + h.filled(h.body(b.Solution.Wording), b, now)
		}
		return asked + fmt.Sprintf("情况已经核实，我们正在准备处理方案，%s把方案告诉您并征求您的意见。", until)
	case agreed:
		return fmt.Sprintf("与您商定的方案正在办理，%s给您办理结果。", until)
	case finished:
		return "与您商定的方案已经办理完毕。请您看一下问题是否已经解决；如果还有没解决的地方，请告诉我们，我们继续为您处理。"
	}
	return "您反映的事项已经办结。如果还有没解决的地方，请告诉我们，我们继续为您处理。"
}

// body is a wording without its own greeting, which a letter has already.
func (h *House) body(wording string) string {
	wording = strings.TrimSpace(wording)
	if first, rest, found := strings.Cut(wording, "您好"); found && len([]rune(first)) <= len([]rune("尊敬的"+solution.Salutation+"，")) {
		return strings.TrimLeft(rest, "，。！!,. \n")
	}
	return wording
}

func (h *House) farewell() string {
	if h.Contact == "" {
		return "如有疑问，请直接回复本消息。"
	}
	return "如有疑问，请联系" + h.Contact + "。"
}
