package nlp_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
)

// hostile texts stress every stage of the package.
var hostile = []string{
	"",
	"\x00",
	"\xff\xfe客户\x80投诉",
	"\ufeff投诉",
	"\u202e00831008331\u202c",
	"👨‍👩‍👧‍👦家庭套餐👍🏽",
	"𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
	"a\u0301\u0302\u0303",
	"１３８００１３８０００，￥９９．５",
	"電話１３８-００１３-８０００退費二十塊",
	"\xed\xa0\x80代理",
	"********",
	" \t\r\n ",
}

func TestNormalize(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"空", "", ""},
		{"普通文本不变", "宽带坏了。", "宽带坏了。"},
		{"全角转半角", "４Ｇ套餐（每月￥９９）", "4g套餐(每月¥99)"},
		{"大写转小写", "App ＡＰＰ", "app app"},
		{"繁体转简体", "電話費無緣無故扣了，請退還", "电话费无缘无故扣了,请退还"},
		{"台湾用字", "妳們的網路裡沒有訊號", "你们的网路里没有讯号"},
		{"简体常用字不动", "显著 乾隆 俱乐部 慰藉 摔跤 皇后 里程", "显著 乾隆 俱乐部 慰藉 摔跤 皇后 里程"},
		{"瞭解按繁体", "瞭解", "了解"},
		{"空白合并", "  a \t b\r\n\r\n c \n", "a b\nc"},
		{"控制符去掉", "客\x00户\x07\x7f", "客户"},
		{"零宽去掉", "\ufeff客\u200b户\u200d\u2060", "客户"},
		{"方向符去掉", "\u202e12\u202c", "12"},
		{"无效字节去掉", "客\xff户\xe5\xae", "客户"},
		{"替换符去掉", "客\ufffd户", "客户"},
		{"星号合并", "138****8000＊＊＊", "138*8000*"},
		{"表情保留", "气死了😡😡❤️", "气死了😡😡❤"},
		{"连接的表情拆开", "👨‍👩‍👧", "👨👩👧"},
		{"数学字母数字", "𝟏𝟑𝟖𝐀𝓫", "138ab"},
		{"部首当汉字", "⽤⼿⽔", "用手水"},
		{"竖排与小型标点", "﹙﹪﹚﹔", "(%);"},
		{"连字符", "010‐8888−1234", "010-8888-1234"},
		{"隐形标签", "a\U000e0041b", "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := nlp.Normalize(tt.in)
			if n.Text != tt.want {
				t.Errorf("Normalize(%q).Text = %q, want %q", tt.in, n.Text, tt.want)
			}
			checkNormalized(t, tt.in)
		})
	}
}

func TestNormalizedOffsets(t *testing.T) {
	t.Parallel()
	in := "\ufeff 電\xff話  １＊＊＊2\r\n"
	n := nlp.Normalize(in)
	want := map[string]int{"电": 2, "话": 4, " ": 5, "1": 7, "*": 8, "2": 11}
	got := map[string]int{}
	for i, r := range n.Text {
		got[string(r)] = n.Original(i)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("offsets of %q (-want +got):\n%s", n.Text, diff)
	}
	if from, to := n.Span(len("电"), len("电话")); from != 4 || to != 5 {
		t.Errorf("Span of 话 = %d, %d, want 4, 5", from, to)
	}
	if got := n.Original(len(n.Text)); got != len([]rune(in)) {
		t.Errorf("Original(len) = %d, want %d", got, len([]rune(in)))
	}
	if got := n.Original(1); got != 2 {
		t.Errorf("Original inside a character = %d, want 2", got)
	}
	if lo, hi := n.Original(-5), n.Original(1000); lo != 2 || hi != len([]rune(in)) {
		t.Errorf("Original out of range = %d, %d, want %d, %d", lo, hi, 2, len([]rune(in)))
	}
	if got := new(nlp.Normalized).Original(3); got != 0 {
		t.Errorf("Original of the zero value = %d, want 0", got)
	}
}

func TestNormalizeIntoKeepsEarlierText(t *testing.T) {
	t.Parallel()
	var n nlp.Normalized
	nlp.NormalizeInto(&n, "退費ＡＢＣ")
	first := n.Text
	nlp.NormalizeInto(&n, "電視XYZ以及更多的字")
	if first != "退费abc" {
		t.Errorf("text of the first call became %q", first)
	}
	if n.Text != "电视xyz以及更多的字" {
		t.Errorf("second text = %q", n.Text)
	}
}

func TestNormalizeAllocatesLittle(t *testing.T) {
	s := "客户来电反映４月份的話費多扣了20元，要求退還。"
	var n nlp.Normalized
	nlp.NormalizeInto(&n, s)
	if got := testing.AllocsPerRun(100, func() { nlp.NormalizeInto(&n, s) }); got > 1 {
		t.Errorf("NormalizeInto allocates %v times, want at most 1", got)
	}
}

func TestNormalizeLongText(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"龘", "*", " ", "\xff", "１", "👍🏽\u200d"} {
		checkNormalized(t, strings.Repeat(unit, 1<<20/len(unit)))
	}
}

// TestT2SData guards the data file: whole pairs, no chains, sorted.
func TestT2SData(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("t2s.txt")
	if err != nil {
		t.Fatal(err)
	}
	from, to := map[rune]bool{}, map[rune]bool{}
	last := rune(0)
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pairs := []rune(strings.TrimSpace(line))
		if len(pairs)%2 != 0 {
			t.Fatalf("odd number of characters in line %q", line)
		}
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] <= last || pairs[i] > 0xffff || pairs[i+1] > 0xffff {
				t.Errorf("pair %q is out of order or out of the basic plane", string(pairs[i:i+2]))
			}
			last = pairs[i]
			from[pairs[i]], to[pairs[i+1]] = true, true
		}
	}
	if len(from) < 3000 {
		t.Errorf("%d pairs, want at least 3000", len(from))
	}
	for r := range to {
		if from[r] {
			t.Errorf("%q is both a source and a target", string(r))
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkNormalized(t, s) })
}

// checkNormalized states what holds for every text.
func checkNormalized(t *testing.T, s string) {
	t.Helper()
	n := nlp.Normalize(s)
	if !utf8.ValidString(n.Text) {
		t.Fatalf("Normalize(%.80q).Text is not valid UTF-8", s)
	}
	if again := nlp.Normalize(n.Text); again.Text != n.Text {
		t.Fatalf("not idempotent: %.80q became %.80q", n.Text, again.Text)
	}
	source := []rune(s)
	last := 0
	for i, r := range n.Text {
		at := n.Original(i)
		if at < last || at >= len(source) {
			t.Fatalf("Original(%d) = %d after %d of %d runes", i, at, last, len(source))
		}
		last = at
		if again := nlp.Normalize(string(source[at])).Text; again != string(r) && r != ' ' && r != '\n' {
			t.Fatalf("%q at byte %d maps back to %q", r, i, source[at])
		}
	}
	if got := n.Original(len(n.Text)); got != len(source) {
		t.Fatalf("Original(len) = %d, want %d", got, len(source))
	}
}

func BenchmarkNormalize(b *testing.B) {
	s := complaint120
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	var n nlp.Normalized
	for b.Loop() {
		nlp.NormalizeInto(&n, s)
	}
}

// complaint120 is a complaint of about 120 characters with many entities.
const complaint120 = "客户王先生来电反映，本人号码13800138000于2019年3月1日在营业厅办理了99元4G飞享套餐，" +
	"上个月多扣了二十块话费，订单号DD20190301123456，多次打电话投诉都没有人处理，要求三天内退还费用并致歉，" +
	"联系邮箱zhangsan@example.com，地址长沙市岳麓区麓山南路12号。"
