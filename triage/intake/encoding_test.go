package intake_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

func encode(t testing.TB, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	return out
}

func gbk(t testing.TB, s string) string { return encode(t, simplifiedchinese.GB18030, s) }

func utf16(t testing.TB, s string) string {
	return encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), s)
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	const simplified, traditional = "你们的客服说不行就挂了电话，退款也没有到账", "你們的客服說不行就掛了電話，退款也沒有到帳"
	for _, tt := range []struct {
		name, text string
		e          encoding.Encoding
	}{
		{"GB18030", simplified, simplifiedchinese.GB18030},
		{"GB18030, traditional", traditional, simplifiedchinese.GB18030},
		{"GB18030, emoji", simplified + "😡", simplifiedchinese.GB18030},
		{"GBK", simplified, simplifiedchinese.GBK},
		{"Big5", traditional, traditionalchinese.Big5},
		{"UTF-16 LE", simplified, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"UTF-16 BE", simplified, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		{"UTF-8 with a BOM", simplified, unicode.UTF8BOM},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for format, content := range map[string]string{
				"CSV":   "id,text\r\n1," + tt.text + "\r\n",
				"JSONL": `{"id": "1", "text": "` + tt.text + "\"}\n",
			} {
				got, rejected := complaints(t, encode(t, tt.e, content))
				if diff := cmp.Diff([]string{"1=" + tt.text}, got); diff != "" || len(rejected) > 0 {
					t.Errorf("%s (-want +got):\n%s rejected: %q", format, diff, rejected)
				}
			}
		})
	}
}

// The encoding is decided on 64 KB; a character cut there, or a beginning that
// is plain ASCII for longer than that, must not lead astray.
func TestEncodingBorder(t *testing.T) {
	t.Parallel()
	for _, e := range []encoding.Encoding{encoding.Nop, simplifiedchinese.GB18030} {
		for shift := range 8 {
			text := strings.Repeat("x", shift) + strings.Repeat("投诉客服", 20_000)
			if got := full(t, encode(t, e, "id,text\n1,"+text+"\n")).Text; got != text {
				t.Errorf("shift %d: the text came out changed", shift)
			}
		}
		text := strings.Repeat("plain ascii ", 8_000) + "然后我要投诉你们的客服"
		if got := full(t, encode(t, e, "id,text\n1,"+text+"\n")).Text; got != text {
			t.Error("after a long ASCII beginning the text came out changed")
		}
	}
}

// A UTF-8 file with damage stays UTF-8: taken for GB18030, every row of it
// would be garbage.
func TestDamagedUTF8(t *testing.T) {
	t.Parallel()
	content := "id,text,region\n" + strings.Repeat("1,话费多扣了要求退款,抚\xe9顺\n", 50)
	got, rejected := complaints(t, content)
	if len(got) != 50 || len(rejected) > 0 || got[49] != "1=话费多扣了要求退款" {
		t.Errorf("got %d complaints, rejected %q, last %q", len(got), rejected, got[len(got)-1:])
	}
}
