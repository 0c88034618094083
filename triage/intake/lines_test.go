package intake_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage/intake"
)

func TestLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, content  string
		want, rejected []string
	}{
		{name: "nothing"},
		{name: "blank", content: "\n \n"},
		{name: "plain", content: "话费多扣了\r\n\r\n客服,态度差", want: []string{"1=话费多扣了", "3=客服,态度差"}},
		{name: "plain with a BOM", content: "\ufeff话费多扣了\n", want: []string{"1=话费多扣了"}},
		{name: "plain that begins with a brace", content: "{图片}客服态度差\n话费\n", want: []string{"1={图片}客服态度差", "2=话费"}},
		{name: "plain, GB18030", content: gbk(t, "你们的客服态度很差\n"), want: []string{"1=你们的客服态度很差"}},
		{name: "one word that is a column's name", content: "投诉,我要退款\n退款\n", want: []string{"1=投诉,我要退款", "2=退款"}},
		{name: "JSONL", content: `{"text":"话费"}` + "\n\n" + `{"id":"b","text":"信号"}` + "\n客服\n", want: []string{"1=话费", "b=信号"},
			rejected: []string{"in:4: is not a JSON object: wrong at character 1"}},
		{name: "TSV", content: "label\ttext\n计费\t话费\n网络\t\n", want: []string{"2=话费"}, rejected: []string{"in:3: text: is empty"}},
		{name: "CSV", content: "id,text\na,话费\n", want: []string{"a=话费"}},
		{name: "XLSX", content: workbook(t, []any{"内容"}, []any{"话费"}), want: []string{"2=话费"}},
		{name: "damaged line", content: "话费多扣了一百多\n话\xff费\n信号不好\n", want: []string{"1=话费多扣了一百多", "3=信号不好"},
			rejected: []string{"in:2: text: holds bytes that are no text in the encoding of the file; save the file as UTF-8 and send the row again"}},
		{name: "binary", content: "\x00\x01", rejected: []string{"in: is no text (it has zero bytes); expected JSONL, or CSV, TSV or XLSX with a header"}},
		{name: "a header that names the text twice", content: "text,内容\n", rejected: []string{`in:1: columns 1 and 2 are both "text": rename or remove one`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, rejected := lines(t, tt.content)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("complaints (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.rejected, rejected); diff != "" {
				t.Errorf("rejected (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinesStopsWhenNobodyListens(t *testing.T) {
	t.Parallel()
	n := 0
	for _, err := range intake.Lines(strings.NewReader("一\n二\n三\n"), "in", options()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		break
	}
	if n != 1 {
		t.Errorf("got %d complaints before the loop ended, want 1", n)
	}
}

func TestRejects(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	rejects := intake.NewRejects(&b)
	r := open(t, "id,text,channel\n1,\"好,吗\",fax\n2,短\n=cmd|'/c calc'!A1,好,fax\n")
	for {
		row, err := r.Next()
		if err == nil {
			_, err = intake.Complaint(row)
		}
		var bad *intake.RowError
		if !errors.As(err, &bad) {
			break
		}
		if err := rejects.Write(bad); err != nil {
			t.Fatal(err)
		}
	}
	if err := rejects.Flush(); err != nil {
		t.Fatal(err)
	}
	text, hasBOM := strings.CutPrefix(b.String(), "\ufeff")
	if !hasBOM {
		t.Error("the file has no byte order mark")
	}
	got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const unknown = `"fax" is unknown; use one of hotline, app, counter, web, email, wechat, other`
	want := [][]string{
		{"line", "field", "reason", "record", "file"},
		{"2", "channel", unknown, `1,"好,吗",fax`, "in"},
		{"3", "", "has 2 cells where the header has 3 columns: a delimiter or a quote is missing or too many", "2,短", "in"},
		{"4", "channel", unknown, `'=cmd|'/c calc'!A1,好,fax`, "in"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}
