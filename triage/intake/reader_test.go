package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	want := []string{"1=话费多扣了", "2=他说\"不行\",还挂电话"}
	for name, content := range map[string]string{
		"JSONL":                     `{"id": "1", "text": "话费多扣了"}` + "\n" + `{"id": "2", "text": "他说\"不行\",还挂电话"}` + "\n",
		"JSONL, CRLF, blank lines":  "\r\n" + `{"id": "1", "text": "话费多扣了"}` + "\r\n\r\n" + `{"id": "2", "text": "他说\u0022不行\u0022,还挂电话"}`,
		"CSV":                       "id,text\n1,话费多扣了\n2,\"他说\"\"不行\"\",还挂电话\"\n",
		"CSV, CRLF, no last line":   "id,text\r\n1,话费多扣了\r\n2,\"他说\"\"不行\"\",还挂电话\"",
		"CSV with semicolons":       "id;text\n1;话费多扣了\n2;他说\"不行\",还挂电话\n",
		"CSV with a BOM":            "\ufeffid,text\n1,话费多扣了\n2,\"他说\"\"不行\"\",还挂电话\"\n",
		"CSV with quoted names":     "\"id\",\"text\"\n\"1\",\"话费多扣了\"\n2,\"他说\"\"不行\"\",还挂电话\"\n",
		"CSV with blank rows":       "id,text\n\n,\n1,话费多扣了\n\n2,\"他说\"\"不行\"\",还挂电话\"\n\n",
		"CSV with empty last cells": "id,text\n1,话费多扣了,,\n2,\"他说\"\"不行\"\",还挂电话\",\n",
		"TSV":                       "id\ttext\n1\t话费多扣了\n2\t他说\"不行\",还挂电话\n",
		"Chinese header":            "投诉编号,投诉内容\n1,话费多扣了\n2,\"他说\"\"不行\"\",还挂电话\"\n",
		"header with blanks":        " ID , Text \n1,话费多扣了\n2,\"他说\"\"不行\"\",还挂电话\"\n",
		"XLSX":                      workbook(t, []any{"编号", "内容"}, []any{1, "话费多扣了"}, []any{"2", "他说\"不行\",还挂电话"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, rejected := complaints(t, content)
			if diff := cmp.Diff(want, got); diff != "" || len(rejected) > 0 {
				t.Errorf("complaints (-want +got):\n%s\nrejected: %q", diff, rejected)
			}
		})
	}
}

// workbook returns the bytes of an XLSX file with one sheet.
func workbook(t testing.TB, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestBadRows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, content string
		kept          []string
		rejected      []string
	}{
		{
			name:     "a JSON line cut in half",
			content:  `{"id": "1", "text": "好"}` + "\n" + `{"id": "2", "te` + "\n" + `{"id": "3", "text": "好"}`,
			kept:     []string{"1=好", "3=好"},
			rejected: []string{"in:2: is not a complete JSON object: the line is cut short"},
		}, {
			name:     "JSON that is no object",
			content:  `{"id": "1", "text": "好"}` + "\n" + `["2", "好"]`,
			kept:     []string{"1=好"},
			rejected: []string{`in:2: is JSON but not an object; expected one like {"id": "1", "text": "…"}`},
		}, {
			name:    "wrong field types",
			content: `{"id": "1", "text": 5}` + "\n" + `{"id": ["2"], "text": "好"}` + "\n" + `{"id": "3", "text": "好", "attrs": 7}` + "\n" + `{"id": 4, "text": "好", "at": 1700000000}`,
			rejected: []string{
				"in:1: text: is the number 5; expected a text",
				"in:2: id: is a list; expected a text or a number",
				"in:3: attrs: is the number 7; expected an object",
				"in:4: at: is the number 1700000000; expected a text",
			},
		}, {
			name:     "a member given twice",
			content:  `{"id": "1", "text": "好", "Text": "坏"}`,
			rejected: []string{"in:1: text: is given twice in one object"},
		}, {
			name:     "unknown channel",
			content:  "id,text,channel\n1,好,fax\n2,好,微信\n",
			kept:     []string{"2=好"},
			rejected: []string{`in:2: channel: "fax" is unknown; use one of hotline, app, counter, web, email, wechat, other`},
		}, {
			name:    "times",
			content: "id,text,at\n1,好,2026-13-01\n2,好,9999-12-30\n3,好,10000-01-01\n4,好,1969-05-01\n",
			kept:    []string{"2=好"},
			rejected: []string{
				`in:2: at: "2026-13-01" is not a time (use 2026-03-01T08:00:00)`,
				`in:4: at: "10000-01-01" is not a time (use 2026-03-01T08:00:00)`,
				`in:5: at: "1969-05-01" is not between the years 1970 and 9999`,
			},
		}, {
			name:    "satisfaction",
			content: "id,text,satisfaction\n1,好,101\n2,好,满意\n3,好,NaN\n4,好,88.5\n",
			kept:    []string{"4=好"},
			rejected: []string{
				"in:2: satisfaction: 101 is outside 0..100",
				`in:3: satisfaction: "满意" is not a number`,
				"in:4: satisfaction: NaN is outside 0..100",
			},
		}, {
			name:    "empty id, empty text",
			content: "id,text\n,好\n2,\n3,  \n",
			rejected: []string{
				"in:2: id: is missing: every complaint needs the id its source gave it",
				"in:3: text: is empty",
				"in:4: text: is empty",
			},
		}, {
			name:    "attrs that are no JSON object",
			content: "id,text,attrs\n1,好,batch=7\n2,好,[1]\n3,好,\"{\"\"batch\"\": 7}\"\n",
			kept:    []string{"3=好"},
			rejected: []string{
				`in:2: attrs: "batch=7" is not a JSON object like {"amount": 100}`,
				`in:3: attrs: "[1]" is not a JSON object like {"amount": 100}`,
			},
		}, {
			name:    "too few and too many cells",
			content: "id,text\n1\n2,好,坏\n3,好\n",
			kept:    []string{"3=好"},
			rejected: []string{
				"in:2: has 1 cells where the header has 2 columns: a delimiter or a quote is missing or too many",
				"in:3: has 3 cells where the header has 2 columns: a delimiter or a quote is missing or too many",
			},
		}, {
			name:     "a quote that is never closed costs one line",
			content:  "id,text\n1,\"没有关\n2,好\n3,好\n",
			kept:     []string{"2=好", "3=好"},
			rejected: []string{"in:2: a quote is opened and not closed before the end of the file, or within 4 MB"},
		}, {
			name:     "a quote closed by a later row costs one line",
			content:  "id,text\n1,\"没有关\n2,好\n3,\"好\"\n",
			kept:     []string{"2=好", "3=好"},
			rejected: []string{"in:2: a quote is opened and closed in the wrong place; write a quote inside a quoted cell twice"},
		}, {
			name:    "two stray quotes do not swallow the rows between them",
			content: "id,text\n\"\n2,好\n3,好\n\"\n5,好\n",
			kept:    []string{"2=好", "3=好", "5=好"},
			rejected: []string{
				"in:2: a quote is opened and closed in the wrong place; write a quote inside a quoted cell twice",
				"in:5: a quote is opened and not closed before the end of the file, or within 4 MB",
			},
		}, {
			name:    "invalid UTF-8 in a required field",
			content: "id,text,region\n1,信号\xff不好,抚顺\n2,信号不好,抚\xff顺\n3,信号不好,抚顺\n",
			kept:    []string{"2=信号不好", "3=信号不好"},
			rejected: []string{
				"in:2: text: holds bytes that are no text in the encoding of the file; save the file as UTF-8 and send the row again",
			},
		}, {
			name:     "a sub-type without its type",
			content:  `{"id": "1", "text": "好", "subtype": "quality.fault", "type": null}`,
			rejected: []string{"in:1: subtype: is given without a type"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, rejected := complaints(t, tt.content)
			if diff := cmp.Diff(tt.kept, got); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.rejected, rejected); diff != "" {
				t.Errorf("rejected (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlainText(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"formula":     "=HYPERLINK(\"http://x\",\"点我\")",
		"minus":       "-1+2",
		"at":          "@SUM(A1)",
		"script":      "<script>alert(1)</script>",
		"only emoji":  "😡😡😡",
		"long cell":   strings.Repeat("投", 32767),
		"two lines":   "第一行\n第二行",
		"full width":  "ＩＤ：１２３",
		"traditional": "話費多扣了",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doubled := strings.ReplaceAll(value, `"`, `""`)
			for format, content := range map[string]string{
				"CSV":  "id,text\n1,\"" + doubled + "\"\n",
				"XLSX": workbook(t, []any{"id", "text"}, []any{"1", value}),
			} {
				if got := full(t, content).Text; got != value {
					t.Errorf("%s: got %.60q, want %.60q", format, got, value)
				}
			}
		})
	}
}

func TestTooLong(t *testing.T) {
	t.Parallel()
	million := strings.Repeat("我要投诉", 250_000)
	huge := strings.Repeat("x", intake.MaxRecord)
	for name, content := range map[string]string{
		"1 MB of text, JSONL": `{"id":"1","text":"好"}` + "\n" + `{"id":"2","text":"` + million + "\"}\n" + `{"id":"3","text":"好"}`,
		"1 MB of text, CSV":   "id,text\n\n2," + million + "\n3,好\n",
		"5 MB, JSONL":         `{"id":"1","text":"好"}` + "\n" + `{"id":"2","text":"` + huge + "\"}\n" + `{"id":"3","text":"好"}`,
		"5 MB, CSV":           "id,text\n1,好\n2," + huge + "\n3,好\n",
		"5 MB, TSV":           "id\ttext\n1\t好\n2\t" + huge + "\n3\t好\n",
		"5 MB in quotes":      "id,text\n1,好\n2,\"" + huge + "\"\n3,好\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t, content)
			var ids []string
			var failure error
			for {
				row, err := r.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				var c triage.Complaint
				if err == nil {
					c, err = intake.Complaint(row)
				}
				if err != nil {
					failure = errors.Join(failure, err)
					continue
				}
				ids = append(ids, string(c.ID))
			}
			if got := ids[len(ids)-1]; got != "3" {
				t.Errorf("the last complaint kept is %s, want 3", got)
			}
			if got := triage.CodeOf(failure); got != triage.CodeTooLarge {
				t.Errorf("error %.200v has code %q, want %q", failure, got, triage.CodeTooLarge)
			}
			if failure == nil || !strings.Contains(failure.Error(), "is longer than") || len(failure.Error()) > 300 {
				t.Errorf("got error %.300v, want a short one that says what is too long", failure)
			}
		})
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, content, want string }{
		{"empty", "", "in: is empty; expected JSONL"},
		{"blank", "\n\r\n  \n", "in: is empty; expected JSONL"},
		{"binary", "\x7fELF\x00\x01", "in: is no text (it has zero bytes)"},
		{"gzip", "\x1f\x8b\x08", "in: is compressed with gzip; unpack it first"},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx or CSV"},
		{"JSON array", `[{"id": "1"}]`, "in: is one JSON array; expected one JSON object per line"},
		{"unknown columns only", "foo,bar\n1,2\n", "in:1: not a header with a known column, such as id, text, customer_id (found: foo, bar)"},
		{"no header", "\n话费多扣了,请处理\n", "in:2: not a header with a known column"},
		{"a column twice", "id,内容,文本\n1,好,坏\n", `in:1: columns 2 and 3 are both "text": rename or remove one`},
		{"an unknown column twice", "id,text,x,x\n", `in:1: columns 3 and 4 are both "x"`},
		{"damaged workbook", "PK\x03\x04 and then nothing of the kind", "in: cannot be read as an XLSX workbook"},
		{"workbook without a header", workbook(t, []any{"foo"}), `in: no sheet begins with a header`},
		{"header with an open quote", "id,\"text\n", "in:1: header: a quote is opened"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := intake.New(strings.NewReader(tt.content), "in", options())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		header string
		kind   intake.Kind
		want   string
	}{
		{"id,text", intake.Complaints, ""},
		{"id,title", intake.Complaints, ""},
		{"customer_id,name,phone", intake.Complaints, `in:1: no column "id": a file of complaints needs the columns id, text (found: customer_id, name, phone)`},
		{"id,name", intake.Customers, ""},
		{"customer_id,key,at", intake.Exposures, `in:1: no column "kind": a file of exposures needs the columns customer_id, kind, at (found: customer_id, key, at)`},
		{"customer_id,kind,at", intake.Exposures, ""},
	} {
		_, err := intake.New(strings.NewReader(tt.header+"\n"), "in", intake.Options{Zone: shanghai, Kind: tt.kind})
		if got := fmt.Sprint(err); got != tt.want && (err != nil || tt.want != "") {
			t.Errorf("%s with %q: got error %v, want %q", tt.kind, tt.header, err, tt.want)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "投诉.xls") // the name says nothing about the content
	if _, err := intake.Open(path, options()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives error %v, want os.ErrNotExist", err)
	}
	if err := os.WriteFile(path, []byte("id,text\n1,好\n2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := intake.Open(path, options())
	if err != nil {
		t.Fatal(err)
	}
	all, rejected := drain(t, r, intake.Complaint)
	if len(all) != 1 || len(rejected) != 1 || !strings.HasPrefix(rejected[0], path+":3: ") {
		t.Errorf("got %d complaints and %q, want one and a reject of %s:3", len(all), rejected, path)
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

// A disk that fails in the middle of a file must not look like its end, nor
// may the half line that arrived pass for a record.
func TestReadFailure(t *testing.T) {
	t.Parallel()
	broken := errors.New("input/output error")
	for name, content := range map[string]string{
		"JSONL": `{"id":"1","text":"好"}` + "\n" + `{"id":"2","text":"好"}`,
		"CSV":   "id,text\n1,好\n2,好",
		"TSV":   "id\ttext\n1\t好\n2\t好",
		"plain": "好\n好",
	} {
		failing := func() io.Reader { return io.MultiReader(strings.NewReader(content), iotest.ErrReader(broken)) }
		var got []string
		var last error
		for c, err := range intake.Lines(failing(), "in", options()) {
			got, last = append(got, string(c.ID)), err
		}
		if len(got) != 2 || !errors.Is(last, broken) {
			t.Errorf("%s: got %q and the error %v, want one complaint and then %v", name, got, last, broken)
		}
		if _, row := errors.AsType[*intake.RowError](last); row {
			t.Errorf("%s: the failure passes for one of a row", name)
		}
	}
}

// Many small reads, as from a slow pipe, must give what one large read gives.
func TestSmallReads(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"CSV":   "id,text\n1,\"他说\"\"不行\"\"\n挂了\"\n2,好\r\n3,\"好\"\r\n",
		"JSONL": "\ufeff" + `{"id":"1","text":"好"}` + "\r\n" + `{"id":"2","text":"坏"}`,
		"GBK":   gbk(t, "id,text\n1,话费多扣了\n2,我要投诉你们\n"),
		"UTF16": utf16(t, "id,text\n1,话费多扣了\n2,我要投诉你们\n"),
	} {
		want, _ := complaints(t, content)
		r, err := intake.New(iotest.OneByteReader(strings.NewReader(content)), "in", options())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		all, rejected := drain(t, r, intake.Complaint)
		for _, c := range all {
			got = append(got, string(c.ID)+"="+c.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(rejected) > 0 || len(got) < 2 {
			t.Errorf("%s (-want +got):\n%s rejected: %q", name, diff, rejected)
		}
	}
}

// A program that sends one line and waits for the answer must get it.
func TestLinesAnswersAPipe(t *testing.T) {
	t.Parallel()
	in, out := io.Pipe()
	next, stop := iter.Pull2(intake.Lines(in, "in", options()))
	defer stop()
	for i := range 3 {
		go fmt.Fprintf(out, "第%d条投诉\n", i)
		c, err, ok := next()
		if want := fmt.Sprintf("第%d条投诉", i); !ok || err != nil || c.Text != want {
			t.Fatalf("got %q, %v, want %q", c.Text, err, want)
		}
	}
}
