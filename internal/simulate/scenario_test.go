package simulate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/simulate"
)

func TestMistakesAreNamedWithTheirLine(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/scenario.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown key":           {"days: 60", "dayz: 60", `s.yaml:5: unknown field "dayz"`},
		"unknown key below":     {"    repeat: 0.1", "    repeats: 0.1", `s.yaml:34: unknown field "repeats"`},
		"wrong type":            {"customers: 20000", "customers: many", "s.yaml:6: "},
		"no day":                {"start: 2026-01-05", "start: 5.1.2026", `s.yaml:4: start: "5.1.2026" is no day`},
		"too long":              {"    to: 35", "    to: 61", "s.yaml:27: incidents[0].to: 61 is outside 26 to 60"},
		"unknown kind":          {"kind: topup-gateway", "kind: flood", `s.yaml:25: incidents[0].kind: "flood" is none of app-release`},
		"kind of others":        {"kind: topup-gateway", "kind: hub-damage", "s.yaml:25: incidents[0].kind: hub-damage belongs to the industry logistics"},
		"unknown slot":          {"{gateway: 百川支付}", "{bank: 百川支付}", "s.yaml:28: incidents[0].values.bank: "},
		"unknown region":        {"[青棠, 槐州]", "[青棠, 槐]", `s.yaml:29: incidents[0].regions[1]: "槐" is none of 云岭`},
		"share above one":       {"affected: 0.6", "affected: 60", "s.yaml:31: incidents[0].affected: 60 is outside 0 to 1"},
		"weekday":               {"[1, 1, 1, 1, 1, 1, 1]", "[1, 1]", "s.yaml:11: background.weekday: has 2 weights"},
		"idle week":             {"[1, 1, 1, 1, 1, 1, 1]", "[0, 0, 0, 0, 0, 0, 0]", "s.yaml:11: background.weekday: all weights are 0"},
		"shares together":       {"corpus: 0.3", "corpus: 0.9", "s.yaml:13: background.corpus: 0.9 is outside 0 to 0.8"},
		"disturbance":           {"kind: serial", "kind: cereal", `s.yaml:21: disturbances[2].kind: "cereal" is none of surge`},
		"promotion of nothing":  {"type: logistics, ", "", "s.yaml:20: disturbances[1].type: "},
		"industry":              {"[telecom, shop]", "[telecom, mining]", `s.yaml:8: industries[1]: "mining" is none of telecom`},
		"incident without name": {"  - id: I1\n    kind", "  - kind", "incidents[0].id: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(string(data), c.old, c.new, 1)
			if text == string(data) {
				t.Fatalf("%q is not in the file", c.old)
			}
			_, err := simulate.ReadScenario("s.yaml", strings.NewReader(text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestWrittenScenarioGivesTheSameWorld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := generate(t, small(3))
	if err := w.Write(dir); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, simulate.ScenarioFile))
	if err != nil {
		t.Fatal(err)
	}
	s, err := simulate.ReadScenario(simulate.ScenarioFile, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.Scenario, s); diff != "" {
		t.Errorf("scenario (-written +read):\n%s", diff)
	}
	if diff := cmp.Diff(w.Truth, generate(t, s).Truth); diff != "" {
		t.Errorf("truth (-first +again):\n%s", diff)
	}
}

func TestTooManyExposedIsAnError(t *testing.T) {
	t.Parallel()
	s := handWritten(t)
	s.Incidents[0].Regions = []string{"松原坪"}
	if _, err := s.Generate(); err == nil || !strings.Contains(err.Error(), "incidents[0].exposed: 2000 is more than the") {
		t.Errorf("got %v, want the field and the number of customers", err)
	}
}

func TestDrawnScenarios(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for seed := range uint64(300) {
		s := simulate.Draw(seed, simulate.Options{})
		if err := s.Validate(); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(s, simulate.Draw(seed, simulate.Options{})); diff != "" {
			t.Errorf("seed %d: drawn twice (-first +second):\n%s", seed, diff)
		}
		for _, in := range s.Incidents {
			kinds[in.Kind] = true
		}
	}
	for _, k := range simulate.Kinds() {
		if !kinds[k] {
			t.Errorf("%s is never drawn", k)
		}
	}
}

func TestDrawDoesWhatItIsTold(t *testing.T) {
	t.Parallel()
	s := simulate.Draw(1, simulate.Options{Customers: 700, Days: 30, PerDay: 12, Incidents: 9})
	if s.Customers != 700 || s.Days != 30 || s.PerDay != 12 || len(s.Incidents) != 9 {
		t.Errorf("got %d customers, %d days, %v a day, %d incidents", s.Customers, s.Days, s.PerDay, len(s.Incidents))
	}
	for days := -3; days < 7; days++ { // too short to play, but no reason to fall over
		odd := simulate.Draw(1, simulate.Options{Customers: days, Days: days, Incidents: 3})
		if err := odd.Validate(); days > 0 && err == nil {
			t.Errorf("%d days and customers are valid", days)
		}
	}
}
