package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSimulateWritesWhatItSays(t *testing.T) {
	t.Parallel()
	first, again := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "again")
	r := qianyi(t, "", "simulate", "--out", first, "--seed", "3", "--customers", "1000", "--days", "20", "--per-day", "10", "--incidents", "2").must(t, exitOK)
	for _, want := range []string{"1000 customers", "20 days", "seed 3", "I1 ", "I2 "} {
		if !strings.Contains(r.err, want) {
			t.Errorf("stderr is %q, want %q in it", r.err, want)
		}
	}
	qianyi(t, "", "simulate", "--out", again, "--scenario", filepath.Join(first, "scenario.yaml")).must(t, exitOK)
	for _, name := range []string{"customers.csv", "exposures.csv", "complaints.jsonl", "truth.json", "scenario.yaml"} {
		a, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(again, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(a) != string(b) {
			t.Errorf("%s: the written scenario gives another file", name)
		}
	}
}

func TestSimulateFlagsWinOverTheFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "s.yaml")
	text := "start: 2026-01-01\ndays: 7\ncustomers: 50\nper_day: 1\nindustries: [bank]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := qianyi(t, "", "simulate", "--out", t.TempDir(), "--scenario", file,
		"--seed", "8", "--customers", "60", "--days", "9", "--per-day", "2", "--null").must(t, exitOK)
	for _, want := range []string{"60 customers", "9 days", "seed 8"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("stderr is %q, want %q in it", r.err, want)
		}
	}
}

func TestSimulateRefuses(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "s.yaml")
	if err := os.WriteFile(broken, []byte("days: 7\nhours: 8\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no folder":               {nil, exitUsage, "--out"},
		"negative":                {[]string{"--out", t.TempDir(), "--days=-1"}, exitUsage, "must not be negative"},
		"null and incidents":      {[]string{"--out", t.TempDir(), "--null", "--incidents", "2"}, exitUsage, "contradict"},
		"scenario and incidents":  {[]string{"--out", t.TempDir(), "--scenario", broken, "--incidents", "2"}, exitUsage, "lists its own"},
		"too few days":            {[]string{"--out", t.TempDir(), "--days", "2"}, exitFailure, "days: 2 is outside 7 to"},
		"unknown key":             {[]string{"--out", t.TempDir(), "--scenario", broken}, exitFailure, "s.yaml:2: "},
		"scenario does not exist": {[]string{"--out", t.TempDir(), "--scenario", broken + "x"}, exitFailure, "s.yamlx"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := qianyi(t, "", append([]string{"simulate"}, c.args...)...).must(t, c.code)
			if !strings.Contains(r.err, c.want) {
				t.Errorf("stderr is %q, want %q in it", r.err, c.want)
			}
		})
	}
}
