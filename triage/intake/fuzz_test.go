package intake_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage/intake"
)

// FuzzReader feeds anything to the reader and all decoders. Reading must end
// after at most one row per line, without a panic, and what is accepted must
// be valid UTF-8.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		"id,text\n1,好\n", "id\ttext\n1\t\"好\n", "id;text\n\"1\";\"a\"\"b\nc\"\r\n", `{"id":1,"text":"\u597d","x":{"a":[1,{"b":"]"}]}}`,
		"\ufeffid,text\n1,\xff\n", "\xff\xfei\x00d\x00\n\x00", gbk(f, "编号,内容\n1,你们的客服\n"), "id,text\n1,\"a\"b\n2,\"c\n",
		"id,text,at,satisfaction,attrs\n1,a,2019/2/28,90,{}\n", `{"id":"1","text":"a"`, "{}\n[]\n", "text\n", workbook(f, []any{"id"}, []any{1}),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for c, err := range intake.Lines(bytes.NewReader(data), "in", options()) {
			if err == nil && !utf8.ValidString(c.Text+string(c.ID)+c.Region) {
				t.Errorf("a complaint with invalid UTF-8 was accepted: %q", c.Text)
			}
		}
		r, err := intake.New(bytes.NewReader(data), "in", options())
		if err != nil {
			return
		}
		defer r.Close()
		for range 2*bytes.Count(data, []byte{'\n'}) + 5000*strings.Count(string(data[:min(2, len(data))]), "PK") + 2 {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			var bad *intake.RowError
			if err != nil && !errors.As(err, &bad) {
				return
			}
			decodeAll(row)
		}
		t.Error("the reader does not end")
	})
}

// decodeAll looks for panics only.
func decodeAll(row intake.Row) {
	_, _ = intake.Complaint(row)
	_, _ = intake.Customer(row)
	_, _ = intake.Exposure(row)
	_, _ = intake.Campaign(row)
	_, _ = intake.Solution(row)
}
