package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
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
	if title, _ := alerts[0]["title"].(string); !strings.HasPrefix(title, "充值缴费不到账") {
		t.Errorf("title: got %q, want 充值缴费不到账 first", title)
	}
}

func TestDetectNamesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	r := qianyi(t, `{"id":"A","text":"断网"}`+"\n"+`{"id":"B","text":`, "detect", "--in", "-").must(t, exitFailure)
	for _, want := range []string{"complaint A: at: is missing", ":2: ", "2 of 2 complaints"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("stderr is %q, want %q in it", r.err, want)
		}
	}
}
