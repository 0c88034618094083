package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// imported runs an import with --json and returns its summary.
func imported(t *testing.T, code int, args ...string) (importSummary, result) {
	t.Helper()
	r := qianyi(t, "", append([]string{"import", "--json"}, args...)...).must(t, code)
	var sum importSummary
	if err := json.Unmarshal([]byte(r.out), &sum); err != nil {
		t.Fatalf("summary %q: %v", r.out, err)
	}
	return sum, r
}

var untimed = cmpopts.IgnoreFields(importSummary{}, "Seconds")

func TestImportTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	var b strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&b, `{"id":"I%d","text":"第%d单快递迟迟未到，要求退款"}`+"\n", i, i)
	}
	path := file(t, "a.jsonl", b.String())
	got, _ := imported(t, exitOK, "complaints", path, "--data", data)
	if diff := cmp.Diff(importSummary{Kind: "complaints", Read: 1200, Added: 1200, Indexed: true}, got, untimed); diff != "" {
		t.Errorf("first import (-want +got):\n%s", diff)
	}
	got, _ = imported(t, exitOK, "complaints", path, "--data", data)
	if diff := cmp.Diff(importSummary{Kind: "complaints", Read: 1200, Known: 1200, Indexed: true}, got, untimed); diff != "" {
		t.Errorf("second import (-want +got):\n%s", diff)
	}
	r := qianyi(t, `{"id":"new","text":"快递迟迟未到，要求退款"}`, "triage", "--similar", "3", "--data", data).must(t, exitOK)
	if a := lines(t, r.out)[0]; len(a.Similar) != 3 || len(a.Suggestions) == 0 {
		t.Errorf("after the import: %d similar cases and %d suggestions, want 3 and some", len(a.Similar), len(a.Suggestions))
	}
}

// The file for the rejected rows is emptied at the start: it must never be the
// only copy of the data.
func TestImportSparesItsInput(t *testing.T) {
	t.Parallel()
	const content = `{"id":"1","text":"快递丢了"}` + "\n"
	path := file(t, "a.jsonl", content)
	r := qianyi(t, "", "import", "complaints", path, "--data", t.TempDir(), "--rejects", path).must(t, exitUsage)
	if !strings.Contains(r.err, "--rejects: "+path) {
		t.Errorf("stderr %q does not name the file", r.err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != content {
		t.Errorf("the file holds %q (%v), want it untouched", b, err)
	}
}

func TestImportKeepsTheGoodRows(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	path := file(t, "a.csv", "\ufeffid,text,channel,at\r\n"+
		"1,快递丢了,app,2026-03-01T08:00:00\r\n"+
		"2,要求退款,fax,2026-03-01T08:00:00\r\n"+
		"3,客服态度差,app,yesterday\r\n"+
		"4,,app,\r\n"+
		"5,=SUM(A1)多扣费,app,9999-12-31T00:00:00\r\n"+
		"1,快递又丢了,app,\r\n")
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	got, _ := imported(t, exitOK, "complaints", path, "--data", data, "--rejects", rejects)
	if diff := cmp.Diff(importSummary{Kind: "complaints", Read: 6, Added: 2, Known: 1, Rejected: 3, Indexed: true}, got, untimed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	b, err := os.ReadFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"3,channel,", "4,at,", "5,text,"} {
		if !strings.Contains(string(b), "\n"+want) {
			t.Errorf("rejects lack a row %s…:\n%s", want, b)
		}
	}
	got, r := imported(t, exitFailure, "complaints", path, "--data", data)
	if got.Known != 3 || got.Rejected != 3 {
		t.Errorf("again: known %d, rejected %d", got.Known, got.Rejected)
	}
	for _, want := range []string{"a.csv:3: channel: ", "a.csv:4: at: ", "a.csv:5: text: ", "--rejects"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("stderr does not say %q:\n%s", want, r.err)
		}
	}
}

func TestImportDuplicatesAcrossFilesAreKnown(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("编号,投诉内容\n1,宽带断网\n2,多扣话费\n")
	if err != nil {
		t.Fatal(err)
	}
	got, _ := imported(t, exitOK, "complaints", file(t, "gb.csv", gb), file(t, "b.jsonl", `{"id":2,"text":"多扣话费"}`), "--data", t.TempDir())
	if diff := cmp.Diff(importSummary{Kind: "complaints", Read: 3, Added: 2, Known: 1, Indexed: true}, got, untimed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A service that runs holds the index: it will bring in what was imported.
func TestImportBesideARunningService(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serve(t, "--data", data)
	got, r := imported(t, exitOK, "complaints", file(t, "a.jsonl", `{"id":"1","text":"宽带断网三天"}`), "--data", data)
	if got.Added != 1 || got.Indexed || !strings.Contains(r.err, "a running service brings it up to date") {
		t.Errorf("added %d, indexed %v, stderr:\n%s", got.Added, got.Indexed, r.err)
	}
	s.caughtUp(t)
	var answer similar
	if s.call(t, "POST", "/api/v1/triage?similar=1", `{"id":"q","text":"宽带断网"}`, &answer); len(answer.Similar) != 1 {
		t.Errorf("the service did not bring it in: similar cases %v", answer.Similar)
	}
}

func TestImportOfOtherRecords(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for kind, content := range map[string]string{
		"customers": "customer_id,name,phone,tier\nC1,张三,13800138000,vip\nC2,李四,13800138001,ordinary\n",
		"exposures": "customer_id,kind,key,at,attrs\nC1,payment,银联,2026-03-01T00:00:00,\"{\"\"amount\"\":1}\"\nC2,payment,银联,2026-03-01T00:00:01,\n",
		"campaigns": "id,name,from,to\nM1,春季满减,2026-03-01,2026-03-31\nM2,开学季,2026-09-01,2026-09-30\n",
		"solutions": "{\"id\":\"S1\",\"type\":\"logistics\",\"text\":\"核实物流后补发\"}\n{\"id\":\"S2\",\"type\":\"billing\",\"text\":\"核对账单后退费\"}\n",
	} {
		path := file(t, kind, content)
		first, _ := imported(t, exitOK, kind, path, "--data", data)
		again, _ := imported(t, exitOK, kind, path, "--data", data)
		if first.Added != 2 || again.Added != 0 || again.Known != 2 {
			t.Errorf("%s: added %d, then %d (known %d); want 2, 0, 2", kind, first.Added, again.Added, again.Known)
		}
	}
}

func TestImportRefusesUnusableFiles(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"empty":                "",
		"no known column":      "a,b\n1,2\n",
		"no text column":       "id,channel\n1,app\n",
		"one JSON array":       `[{"id":"1","text":"退款"}]`,
		"a program, not text":  "\x7fELF\x00\x00\x00",
		"a column named twice": "id,text,text\n1,a,b\n",
	} {
		path := file(t, "f", content)
		r := qianyi(t, "", "import", "complaints", path, "--data", t.TempDir()).must(t, exitFailure)
		if strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, path) {
			t.Errorf("%s: stderr is %q, want one line that names the file", name, r.err)
		}
	}
}

func TestImportNamesAnUnusableDatabase(t *testing.T) {
	t.Parallel()
	complaints := file(t, "a.jsonl", `{"id":"1","text":"退款"}`)
	notDB := file(t, "qianyi.db", strings.Repeat("this is a letter, not a database. ", 200))
	notFolder := file(t, "data", "")
	for _, args := range [][]string{{"--db", notDB, "--data", t.TempDir()}, {"--data", notFolder}} {
		r := qianyi(t, "", append([]string{"import", "complaints", complaints}, args...)...).must(t, exitFailure)
		if strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, args[1]) {
			t.Errorf("%v: stderr is %q, want one line that names it", args, r.err)
		}
	}
}
