package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
)

// risingStream is two months of ordinary complaints and a failing top-up in
// one region at the end, written in the wrong order.
func risingStream(t *testing.T) string {
	t.Helper()
	texts := []string{"宽带断网，报修没人来", "快递迟迟不送", "客服态度很差", "手机屏幕有划痕", "房间隔音太差"}
	regions := []string{"沈阳", "大连", "鞍山", "抚顺"}
	start := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	var lines []string
	add := func(id string, at time.Time, region, text string) {
		line, err := json.Marshal(map[string]any{"id": id, "customer_id": "C" + id, "at": at, "region": region, "text": text})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	for i := range 12 {
		add(fmt.Sprint("R", i), start.Add(60*24*time.Hour+time.Duration(i)*time.Hour), "大连", "充值100元三天没到账，要求核实")
	}
	for i := range 61 * 10 {
		add(fmt.Sprint("N", i), start.Add(time.Duration(i)*144*time.Minute), regions[(i/3)%4], texts[i%5])
	}
	return strings.Join(lines, "\n")
}

func TestDetectFindsWhatRises(t *testing.T) {
	t.Parallel()
	r := qianyi(t, risingStream(t), "detect", "--in", "-", "--json").must(t, exitOK)
	var alerts []map[string]any
	for line := range strings.Lines(r.out) {
		var event map[string]any
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%q is no event: %v", line, err)
		}
		if event["event"] == "alert" {
			alerts = append(alerts, event)
		}
	}
	if len(alerts) != 1 {
		t.Fatalf("got %d alerts, want 1:\n%s", len(alerts), r.out)
	}
	for _, field := range []string{
		"at", "cluster", "title", "terms", "score", "p_value", "baseline", "count", "distinct_customers", "members", "attributes", "estimate",
	} {
		if alerts[0][field] == nil {
			t.Errorf("%s is missing in %v", field, alerts[0])
		}
	}
	if title, _ := alerts[0]["title"].(string); !strings.Contains(title, "到账") {
		t.Errorf("title: got %q, want 到账 in it", title)
	}
}

// gatewayFiles is the stream above without its rise, a failing gateway, and the
// customers: every fourth of those whose payment failed complains.
func gatewayFiles(t *testing.T) (complaints, exposures, customers string) {
	t.Helper()
	var c, e, k strings.Builder
	e.WriteString("customer_id,kind,key,at,attrs\n")
	k.WriteString("customer_id,name,region,opted_out\n")
	for line := range strings.Lines(risingStream(t)) {
		if !strings.Contains(line, "充值") {
			c.WriteString(line)
		}
	}
	start := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	ways := []string{"在小河收银台付了钱没到账", "小河收银台扣款成功，余额没变", "用小河收银台交费，显示失败却扣了钱"}
	for i := range 400 {
		fmt.Fprintf(&k, "M%d,,大连,%d\n", i, i%50/49)
		status := "ok"
		at := start.Add(time.Duration(i) * 3 * time.Hour)
		if i >= 350 {
			status, at = "failed", start.Add(55*24*time.Hour+time.Duration(i-350)*time.Hour)
		}
		fmt.Fprintf(&e, "M%d,payment,小河收银台,%s,\"{\"\"status\"\": \"\"%s\"\"}\"\n", i, at.Format(time.RFC3339), status)
		if status == "failed" && i%4 == 0 {
			line, err := json.Marshal(map[string]any{
				"id": fmt.Sprint("G", i), "customer_id": fmt.Sprint("M", i), "at": at.Add(5 * time.Hour), "region": "大连", "text": ways[i%3],
			})
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&c, "\n%s", line)
		}
	}
	return file(t, "complaints.jsonl", c.String()), file(t, "exposures.csv", e.String()), file(t, "customers.csv", k.String())
}

func TestDetectFindsTheSilent(t *testing.T) {
	t.Parallel()
	complaints, exposures, customers := gatewayFiles(t)
	assignments := filepath.Join(t.TempDir(), "issues.csv")
	r := qianyi(t, "", "detect", "--in", complaints, "--json", "--exposures", exposures, "--customers", customers,
		"--assignments", assignments).must(t, exitOK)
	testkit.Golden(t, "detect.jsonl", []byte(r.out))
	list, err := os.ReadFile(assignments)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(list)), "\n")
	if lines[0] != "id,cluster" || len(lines) != 1+61*10+12 {
		t.Errorf("assignments: got %q and %d lines", lines[0], len(lines))
	}
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "G392,K") }) {
		t.Error("the last complaint of the incident has no cluster in the assignments")
	}
}

func TestDetectNamesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	r := qianyi(t, `{"id":"A","text":"断网"}`+"\n"+`{"id":"B","text":`, "detect", "--in", "-").must(t, exitFailure)
	for _, want := range []string{"complaint A: at: is missing", ":2: ", "2 of 2 records"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("stderr is %q, want %q in it", r.err, want)
		}
	}
}
