package nlp

import (
	"slices"
	"testing"
)

func TestDemandAndStyleGiveTheirWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		style Style
		words []string
	}{
		{"我有录音和合同为证，根据消费者权益保护法你们必须赔偿", StylePrepared, []string{"录音", "合同"}},
		{"解释了我也不认可，不接受任何说法，就要原来的套餐", StyleStubborn, []string{"不认可", "不接受"}},
		{"麻烦核实一下账单", StyleCalm, []string{"rule:no_sign_of_anger_or_insistence"}},
	} {
		c := findCues(Normalize(tt.text).Text)
		level, _ := ruleIntensity(&c)
		if got := judgeStyle(&c, level); got != tt.style {
			t.Errorf("%s: got style %s, want %s", tt.text, got, tt.style)
			continue
		}
		given := words(styleReasons(&c, tt.style))
		for _, w := range tt.words {
			if !slices.Contains(given, w) {
				t.Errorf("%s: reasons %v lack %q", tt.text, given, w)
			}
		}
	}
	c := findCues(Normalize("要求退款").Text)
	if got := words(demandReasons(&c, DemandRefund)); !slices.Equal(got, []string{"要求", "退款"}) {
		t.Errorf("refund: got %v", got)
	}
	if got := words(demandReasons(&c, DemandReplace)); !slices.Equal(got, []string{"rule:whole_text"}) {
		t.Errorf("a demand without a word: got %v", got)
	}
}

func words(reasons []Reason) []string {
	list := make([]string, len(reasons))
	for i, r := range reasons {
		list[i] = r.Text
	}
	return list
}
