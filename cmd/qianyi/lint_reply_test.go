package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestLintReplyKeepsTheContract(t *testing.T) {
	t.Parallel()
	in := `{"id":"A","text":"您好，呵呵，请问您的订单号是多少？","complaint":"订单号20260301885566，东西坏了，要求退款"}` + "\n" +
		`{"id":"B","text":"经核实，您的退款已办理，今天到账。","complaint":"要求退款"}` + "\n" +
		`{"id":"C","text":"请您耐心等待。"}` + "\n"
	r := qianyi(t, in, "lint-reply").must(t, exitOK)
	type flag struct {
		Kind, Text, Advice string
		Start, End         int
	}
	type verdict struct {
		ID    string
		Score int
		Flags []flag
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
	if len(got) != 3 || got[0].ID != "A" || got[1].ID != "B" || got[2].ID != "C" {
		t.Fatalf("got %+v, want A, B and C", got)
	}
	if a := got[0]; a.Score != 1 || len(a.Flags) != 2 || a.Flags[0].Kind != "mocking" || a.Flags[0].Start != 3 || a.Flags[0].End != 5 ||
		a.Flags[1].Kind != "meaningless_question" || a.Flags[1].Advice == "" {
		t.Errorf("A: got %+v", a)
	}
	if b := got[1]; b.Score != 5 || b.Flags == nil || len(b.Flags) != 0 {
		t.Errorf("B: got %+v", b)
	}
	if c := got[2]; len(c.Flags) != 1 || c.Flags[0].Kind != "empty_delay" {
		t.Errorf("C: got %+v", c)
	}
}

func TestLintReplyNamesBadLines(t *testing.T) {
	t.Parallel()
	r := qianyi(t, `{"id":"A","text":"您好。"}`+"\n{broken\n"+`{"id":"B","text":"您好。"}`+"\n", "lint-reply").must(t, exitFailure)
	if strings.Count(r.out, "\n") != 2 {
		t.Errorf("got %q, want the two good lines", r.out)
	}
	if !strings.Contains(r.err, "standard input:2: ") || !strings.Contains(r.err, "1 of 3 records") {
		t.Errorf("stderr is %q", r.err)
	}
}
