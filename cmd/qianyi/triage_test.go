package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/triage"
)

// lines decodes the answers of a triage command.
func lines(t *testing.T, out string) []triage.Assessment {
	t.Helper()
	var list []triage.Assessment
	for line := range strings.Lines(out) {
		var a triage.Assessment
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%q is no assessment: %v", line, err)
		}
		list = append(list, a)
	}
	return list
}

const topUp = `{"id":"T1","channel":"hotline","at":"2026-03-01T08:00:00","title":"充值未到账","text":"客户来电反映3月1日充值100元至今未到账，已多次致电10086无人处理，要求退款。<b>急</b>"}`

func TestTriageGoldenLine(t *testing.T) {
	t.Parallel()
	r := qianyi(t, topUp, "triage").must(t, exitOK)
	// The figures follow the model; what the words say of this text does not.
	var line map[string]any
	if err := json.Unmarshal([]byte(r.out), &line); err != nil {
		t.Fatal(err)
	}
	for _, figure := range []string{"confidence", "alternatives", "reasons", "sentiment", "needs_review"} {
		if _, ok := line[figure]; !ok {
			t.Errorf("%s is missing", figure)
		}
		delete(line, figure)
	}
	var stable bytes.Buffer
	e := json.NewEncoder(&stable)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(line); err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "triage.json", stable.Bytes())
}

func TestTriageHasEveryFieldOfTheContract(t *testing.T) {
	t.Parallel()
	for _, text := range []string{topUp, "好", "😡😡😡"} {
		r := qianyi(t, text, "triage").must(t, exitOK)
		if strings.Contains(r.out, "null") {
			t.Errorf("%.20s: a null in %s", text, r.out)
		}
		for _, f := range []string{
			"id", "pack", "type", "subtype", "type_name", "confidence", "alternatives", "needs_review", "sentiment", "urgency",
			"demand", "customer_style", "entities", "reasons", "department", "sla", "similar", "suggestions",
		} {
			if !strings.Contains(r.out, `"`+f+`":`) {
				t.Errorf("%.20s: no %s in %s", text, f, r.out)
			}
		}
	}
}

func TestTriageKeepsTheOrder(t *testing.T) {
	t.Parallel()
	var in strings.Builder
	for i := range 500 {
		fmt.Fprintf(&in, `{"id":"%d","text":"%s"}`+"\n", i, strings.Repeat("快递三天没到，要求退款。", 1+i%40))
	}
	got := lines(t, qianyi(t, in.String(), "triage").must(t, exitOK).out)
	for i, a := range got {
		if string(a.ID) != fmt.Sprint(i) {
			t.Fatalf("line %d is about %s", i+1, a.ID)
		}
	}
	if len(got) != 500 {
		t.Errorf("got %d lines, want 500", len(got))
	}
}

// A person who types a line, or a program that waits for the answer, must not
// have to close the input first.
func TestTriageAnswersWhileTheInputIsOpen(t *testing.T) {
	t.Parallel()
	in, feed := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- execute(t.Context(), []string{"triage"}, &streams{in: in, out: out, err: io.Discard, load: loadOnce})
		out.Close()
		in.Close() // so that a command that failed does not leave the test writing
	}()
	scanner := bufio.NewScanner(answers)
	scanner.Buffer(nil, 1<<20)
	for i := range 3 {
		if _, err := fmt.Fprintf(feed, `{"id":"%d","text":"空调不制冷"}`+"\n", i); err != nil {
			t.Fatal(err)
		}
		if !scanner.Scan() || !strings.Contains(scanner.Text(), fmt.Sprintf(`"id":"%d"`, i)) {
			t.Fatalf("answer %d is %.80q", i, scanner.Text())
		}
	}
	feed.Close()
	if scanner.Scan() {
		t.Errorf("one line too many: %q", scanner.Text())
	}
	if code := <-done; code != exitOK {
		t.Errorf("got exit code %d", code)
	}
}

func TestTriageEndsQuietlyWhenNobodyReads(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	r.Close()
	var errs bytes.Buffer
	in := strings.NewReader(strings.Repeat("快递丢了\n", 1000))
	code := execute(t.Context(), []string{"triage"}, &streams{in: in, out: w, err: &errs, load: loadOnce})
	if code != exitOK || errs.Len() > 0 {
		t.Errorf("got exit code %d and %q", code, errs.String())
	}
}

func TestTriageInputs(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("编号,投诉内容\r\nA1,客户反映宽带断网三天无人处理\r\nA2,要求退还多扣的话费\r\n")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("投诉", 1<<19)
	tests := []struct {
		name, in string
		// ids of the answers, and what the errors say, a line each
		ids  string
		says []string
	}{
		{"nothing", "", "", nil},
		{"plain lines with blank ones", "快递丢了\n\n要求退款\n", "1 3", nil},
		{"CRLF", "快递丢了\r\n要求退款\r\n", "1 2", nil},
		{"BOM", "\ufeff{\"id\":\"a\",\"text\":\"退款\"}\n", "a", nil},
		{"no line end", `{"id":"a","text":"退款"}`, "a", nil},
		{"labelled table", "label\ttext\n物流\t快递丢了\n", "2", nil},
		{"GB18030 table", gb, "A1 A2", nil},
		{"only emoji", "😡😡😡\n", "1", nil},
		{"HTML and a formula", "<script>alert(1)</script>\n=HYPERLINK(1)退款\n", "1 2", nil},
		{"half a JSON line", "{\"id\":\"a\",\"text\":\"退款\"}\n{\"id\":\"b\",\"te\n{\"id\":\"c\",\"text\":\"换货\"}\n", "a c", []string{":2: "}},
		{"empty text", "{\"id\":\"a\",\"text\":\"\"}\n{\"id\":\"b\",\"text\":\"退款\"}\n", "b", []string{":1: text: "}},
		{"wrong type of a field", `{"id":"a","text":5}`, "", []string{":1: text: "}},
		{"unknown channel", `{"id":"a","text":"退款","channel":"fax"}`, "", []string{`:1: channel: "fax"`}},
		{"year 9999", `{"id":"a","text":"退款","at":"9999-06-01T00:00:00Z"}`, "a", nil},
		{"year 10000", `{"id":"a","text":"退款","at":"10000-01-01T00:00:00Z"}`, "", []string{":1: at: "}},
		{"invalid UTF-8 in the text", "{\"id\":\"a\",\"text\":\"退款\xff\xfe投诉\"}\n{\"id\":\"b\",\"text\":\"退款投诉退款投诉退款投诉\"}\n", "b", []string{":1: text: "}},
		{"a text too long", long + "\n退款\n", "2", []string{":1: text: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code := exitOK
			if len(tt.says) > 0 {
				code = exitFailure
			}
			r := qianyi(t, tt.in, "triage").must(t, code)
			var ids []string
			for _, a := range lines(t, r.out) {
				ids = append(ids, string(a.ID))
			}
			if got := strings.Join(ids, " "); got != tt.ids {
				t.Errorf("answers for %q, want %q; stderr: %s", got, tt.ids, r.err)
			}
			said := strings.Split(strings.TrimSuffix(r.err, "\n"), "\n")
			if len(tt.says) > 0 && len(said) != len(tt.says)+1 {
				t.Fatalf("stderr has %d lines, want one per bad record and a summary:\n%s", len(said), r.err)
			}
			for i, want := range tt.says {
				if !strings.Contains(said[i], "standard input"+want) {
					t.Errorf("stderr line %d is %q, want %q", i+1, said[i], want)
				}
			}
		})
	}
}

func TestTriageNamesTheFaultOfPackAndModel(t *testing.T) {
	t.Parallel()
	model := file(t, "bad.model", "QIANYI MODEL 1\nnot a model at all, but long enough to look like one: 0123456789abcdef")
	r := qianyi(t, "退款\n", "triage", "--model", model).must(t, exitFailure)
	if strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, model) || !strings.Contains(r.err, "damaged") {
		t.Errorf("damaged model: stderr is %q", r.err)
	}
	packs := filepath.Dir(file(t, "mine.yaml", "code: mine\nname: 我的\nreveiw_below: 0.5\n"))
	r = qianyi(t, "退款\n", "triage", "--pack", "mine", "--packs", packs).must(t, exitFailure)
	if strings.Count(r.err, "\n") != 1 || !strings.HasSuffix(r.err, "mine.yaml:3: unknown field \"reveiw_below\"\n") {
		t.Errorf("typo in a pack: stderr is %q", r.err)
	}
}

// Every file of complaints that the project was given passes without an error.
func TestTriageOfRealFiles(t *testing.T) {
	t.Parallel()
	data := filepath.Join(testkit.Shared(t), "data")
	for _, name := range []string{
		"citizen/stream.until-2019-08.jsonl", "citizen/replies.jsonl", "citizen/types.train.tsv", "general/labelled.dev.jsonl",
		"general/labelled.train.jsonl", "reviews/hotel.train.tsv", "reviews/takeaway.train.tsv", "reviews/shopping.train.tsv",
		"sim-a/complaints.jsonl", "telecom/complaints.train.tsv",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(data, filepath.FromSlash(name))
			r := qianyi(t, "", "triage", "--words-only", "--in", head(t, path, 3000)).must(t, exitOK)
			if r.out == "" || r.err != "" {
				t.Errorf("%d bytes of answers, stderr: %.300s", len(r.out), r.err)
			}
		})
	}
}

// head copies the first lines of a file. QIANYI_CI=1 takes all of it.
func head(t *testing.T, path string, n int) string {
	t.Helper()
	if os.Getenv("QIANYI_CI") == "1" {
		return path
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.SplitAfterN(string(content), "\n", n+1)
	return file(t, filepath.Base(path), strings.Join(all[:min(n, len(all))], ""))
}
