package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestLintCampaignKeepsTheContract(t *testing.T) {
	t.Parallel()
	in := `{"id":"A","name":"耳机","copy":"😊全网最低价！耳机99元/副。","rules":"","from":"2026-06-01","to":"2026-06-18"}` + "\n" +
		`{"id":"B","copy":"耳机99元/副，6月1日至6月18日，限购2副。"}` + "\n" +
		`{"id":"C","copy":"","rules":"x"}` + "\n" +
		`{"id":"D","copy":"充值100元送50元。","from":"soon"}` + "\n"
	r := qianyi(t, in, "lint-campaign").must(t, exitFailure)
	type verdict struct {
		ID       string
		Score    int
		Verdict  string
		Findings []struct {
			Kind, Severity, Text, Advice, Law string
			Start, End                        int
		}
	}
	var got []verdict
	for line := range strings.Lines(r.out) {
		if strings.Contains(line, "null") {
			t.Errorf("a null in %s", line)
		}
		var v verdict
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got = append(got, v)
	}
	if len(got) != 2 || got[0].ID != "A" || got[1].ID != "B" {
		t.Fatalf("got %+v, want A and B", got)
	}
	a := got[0]
	if len(a.Findings) != 1 || a.Score != 85 || a.Verdict != "fix" {
		t.Fatalf("A: got %+v", a)
	}
	if f := a.Findings[0]; f.Kind != "absolute_claim" || f.Severity != "high" || f.Text != "全网最低价" || f.Start != 1 || f.End != 6 || f.Advice == "" || f.Law == "" {
		t.Errorf("A: got %+v", f)
	}
	if b := got[1]; b.Score != 100 || b.Verdict != "go" || len(b.Findings) != 0 {
		t.Errorf("B: got %+v", b)
	}
	for _, want := range []string{"standard input:3: ", "standard input:4: ", "2 of 4 records"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("stderr is %q, want %q in it", r.err, want)
		}
	}
}
