package segment_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp/segment"
)

// telecom is a sample of the words a pack brings: compounds of common words,
// coined names, words with Latin letters.
var telecom = []string{
	"不知情定制", "携号转网", "停机保号", "话费充值", "畅享套餐", "咪咕阅读", "集团专线",
	"要求处理", "没有办理", "套餐外流量", "5g套餐", "volte通话", "wi-fi", "4g+", "客服",
}

func newTelecom(tb testing.TB) *segment.Segmenter {
	tb.Helper()
	words := make([]segment.Word, len(telecom))
	for i, w := range telecom {
		words[i].Text = w
	}
	s, err := segment.New(words)
	if err != nil {
		tb.Fatalf("New: %v", err)
	}
	return s
}

func cut(text string, tokens []segment.Token) []string {
	var words []string
	for _, t := range tokens {
		words = append(words, text[t.Start:t.End])
	}
	return words
}

func TestTokensCutsEveryGivenWordAsOne(t *testing.T) {
	t.Parallel()
	s := newTelecom(t)
	for _, w := range telecom {
		for _, frame := range []string{"", "客户反映|一直有问题", "我想咨询一下|的事情", "|收费", "关于|"} {
			before, after, _ := strings.Cut(frame, "|")
			text := before + w + after
			words := cut(text, s.Tokens(nil, text))
			found := false
			for _, got := range words {
				found = found || got == w
			}
			if !found {
				t.Errorf("Tokens(%q) = %q, want %q as one word", text, words, w)
			}
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"one character", "退", []string{"退"}},
		{"sentence", "话费充值成功,但是没有到账。", []string{"话费", "充值", "成功", ",", "但是", "没有", "到", "账", "。"}},
		{"Latin and digits run together", "cmnet专线13800138000报障", []string{"cmnet", "专线", "13800138000", "报", "障"}},
		{"white space and controls are words of their own", "客户\x00 \n你好", []string{"客户", "\x00", " ", "\n", "你好"}},
		{"emoji", "差评😡😡", []string{"差", "评", "😡", "😡"}},
		{"invalid UTF-8", "客户\xff\xfe反映", []string{"客户", "\xff", "\xfe", "反映"}},
		{"upper case is not lost", "ABC服务", []string{"ABC", "服务"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := cut(tt.text, segment.Default().Tokens(nil, tt.text))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Tokens(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestSearchTokensAddsThePartsBehindEachWord(t *testing.T) {
	t.Parallel()
	s := newTelecom(t)
	text := "话费充值,5g套餐"
	got := cut(text, s.SearchTokens(nil, text))
	want := []string{"话费充值", "话费", "充值", ",", "5g套餐", "5g", "套餐"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("SearchTokens(%q) (-want +got):\n%s", text, diff)
	}
}

func TestTokensAppendsToDst(t *testing.T) {
	t.Parallel()
	got := segment.Default().Tokens([]segment.Token{{Start: 7, End: 9}}, "服务")
	if diff := cmp.Diff([]segment.Token{{Start: 7, End: 9}, {Start: 0, End: 6}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A chunk ends at 256 characters when nothing else ends it; the word that lies
// across that border must come out whole, wherever the border falls in it.
func TestTokensWordAcrossTheChunkBorder(t *testing.T) {
	t.Parallel()
	s := newTelecom(t)
	for shift := 240; shift < 260; shift++ {
		text := strings.Repeat("的", shift) + "不知情定制" + strings.Repeat("的", 300)
		words := cut(text, s.Tokens(nil, text))
		if !strings.Contains(strings.Join(words, " "), " 不知情定制 ") {
			t.Errorf("word at %d is cut apart", shift)
		}
	}
}

func TestTokensMegabyteWithoutPunctuation(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{"known": "客户反映话费异常", "unknown": "龘", "Latin": "a"} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		checkCover(t, name, text, segment.Default().Tokens(nil, text))
	}
}

func TestNewNamesTheBadWord(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		word segment.Word
		want string
	}{
		{"empty", segment.Word{}, "empty"},
		{"space", segment.Word{Text: "话费 充值"}, "话费 充值"},
		{"punctuation", segment.Word{Text: "《套餐》"}, "《套餐》"},
		{"too long", segment.Word{Text: strings.Repeat("长", 17)}, "16 characters"},
		{"invalid UTF-8", segment.Word{Text: "\xff"}, "UTF-8"},
		{"negative frequency", segment.Word{Text: "话费", Freq: -1}, "-1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := segment.New([]segment.Word{{Text: "套餐"}, tt.word})
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "word 2") {
				t.Errorf("New(%q): got error %v, want one with %q and %q", tt.word.Text, err, "word 2", tt.want)
			}
		})
	}
}

func TestFingerprintFollowsTheWords(t *testing.T) {
	t.Parallel()
	telecom, again, none := newTelecom(t), newTelecom(t), segment.Default()
	if telecom.Fingerprint() != again.Fingerprint() {
		t.Error("same words, different fingerprints")
	}
	if telecom.Fingerprint() == none.Fingerprint() {
		t.Error("different words, same fingerprint")
	}
}

func checkCover(tb testing.TB, name, text string, tokens []segment.Token) {
	tb.Helper()
	pos := 0
	for _, t := range tokens {
		if t.Start != pos || t.End <= t.Start {
			tb.Fatalf("%s: token %+v does not begin at %d", name, t, pos)
		}
		pos = t.End
	}
	if pos != len(text) {
		tb.Fatalf("%s: tokens end at %d, want %d", name, pos, len(text))
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "话费充值", "4G网络😡\x00\xff", "ＣＭＮＥＴ", "a\u0301é²½", "\u200d\ufeff\u202e", strings.Repeat("龘a", 300)} {
		f.Add(s)
	}
	s := segment.Default()
	f.Fuzz(func(t *testing.T, text string) {
		words := s.Tokens(nil, text)
		checkCover(t, "Tokens", text, words)
		if utf8.ValidString(text) {
			for _, w := range words {
				if !utf8.ValidString(text[w.Start:w.End]) {
					t.Fatalf("token %+v of %q cuts a character", w, text)
				}
			}
		}
		// Parts lie inside the word before them; without them the words remain.
		rest := words
		for _, p := range s.SearchTokens(nil, text) {
			if len(rest) > 0 && p == rest[0] {
				rest = rest[1:]
				continue
			}
			word := words[len(words)-len(rest)-1]
			if p.Start < word.Start || p.End > word.End || p.Start >= p.End {
				t.Fatalf("part %+v lies outside its word %+v", p, word)
			}
		}
		if len(rest) != 0 {
			t.Fatalf("SearchTokens(%q) lacks the words %+v", text, rest)
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	s := segment.Default()
	text := strings.Repeat("客户反映话费充值后一直没有到账,联系客服多次均未解决,要求尽快核实处理。", 4)
	chars := utf8.RuneCountInString(text)
	for name, f := range map[string]func([]segment.Token, string) []segment.Token{"path": s.Tokens, "search": s.SearchTokens} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var tokens []segment.Token
			for b.Loop() {
				tokens = f(tokens[:0], text)
			}
			b.ReportMetric(float64(chars*b.N)/b.Elapsed().Seconds()/1e6, "Mchar/s")
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := segment.New(nil); err != nil {
			b.Fatal(err)
		}
	}
}
