package main

import (
	"math/rand/v2"
	"os"

	"github.com/qianyi-dev/qianyi/internal/simulate"
)

// simulateCmd writes the files of a company whose trouble is known.
type simulateCmd struct {
	Out       string  `help:"Folder for customers.csv, exposures.csv, complaints.jsonl, truth.json and scenario.yaml; files of these names are replaced." required:"" placeholder:"DIR"`
	Scenario  string  `help:"Play this scenario (YAML, as in scenario.yaml) instead of one drawn from the seed." placeholder:"FILE"`
	Seed      *uint64 `help:"Seed: the same seed gives the same files. One is chosen and printed when it is not given."`
	Customers int     `help:"Number of customers (drawn: 40000)." placeholder:"N"`
	Days      int     `help:"Number of days (drawn: 90)." placeholder:"N"`
	PerDay    float64 `help:"Background complaints a day (drawn: 60 to 150)." placeholder:"N"`
	Incidents int     `help:"Number of incidents to draw (drawn: 3 to 6)." placeholder:"N"`
	Null      bool    `help:"Plant no incidents: every alarm is a false one."`
}

// Run draws or reads the scenario, plays it and writes the files.
func (cmd *simulateCmd) Run(s *streams) error {
	scenario, err := cmd.scenario()
	if err != nil {
		return err
	}
	w, err := scenario.Generate()
	if err != nil {
		return err
	}
	if err := w.Write(cmd.Out); err != nil {
		return err
	}
	s.say("%s: %d customers, %d exposures, %d complaints in %d days from %s, seed %d",
		cmd.Out, len(w.Customers), len(w.Exposures), len(w.Complaints), scenario.Days, scenario.Start, scenario.Seed)
	for _, p := range w.Truth.Incidents {
		s.say("  %s %s (%s): days %d to %d, %d affected, %d complaints", p.ID, p.Name, p.Kind, p.From, p.To, len(p.Affected), p.Complaints)
	}
	return nil
}

func (cmd *simulateCmd) scenario() (simulate.Scenario, error) {
	if err := cmd.check(); err != nil {
		return simulate.Scenario{}, err
	}
	if cmd.Scenario == "" {
		seed := rand.Uint64N(1_000_000) //nolint:gosec // it has to differ, not to be secret
		if cmd.Seed != nil {
			seed = *cmd.Seed
		}
		return simulate.Draw(seed, simulate.Options{
			Customers: cmd.Customers, Days: cmd.Days, PerDay: cmd.PerDay, Incidents: cmd.Incidents, Null: cmd.Null,
		}), nil
	}
	f, err := os.Open(cmd.Scenario)
	if err != nil {
		return simulate.Scenario{}, err
	}
	defer f.Close()
	scenario, err := simulate.ReadScenario(cmd.Scenario, f)
	if err != nil {
		return simulate.Scenario{}, err
	}
	cmd.override(&scenario)
	return scenario, nil
}

// check finds mistakes of the command line; everything else is found when the
// scenario is validated.
func (cmd *simulateCmd) check() error {
	switch {
	case cmd.Customers < 0, cmd.Days < 0, cmd.Incidents < 0, !(cmd.PerDay >= 0):
		return usagef("--customers, --days, --per-day and --incidents must not be negative")
	case cmd.Incidents > 0 && cmd.Null:
		return usagef("--incidents and --null contradict each other; give one of them")
	case cmd.Incidents > 0 && cmd.Scenario != "":
		return usagef("--incidents draws incidents, but --scenario lists its own; give one of them")
	}
	return nil
}

// override lets flags win over the file.
func (cmd *simulateCmd) override(s *simulate.Scenario) {
	if cmd.Seed != nil {
		s.Seed = *cmd.Seed
	}
	if cmd.Customers > 0 {
		s.Customers = cmd.Customers
	}
	if cmd.Days > 0 {
		s.Days = cmd.Days
	}
	if cmd.PerDay > 0 {
		s.PerDay = cmd.PerDay
	}
	if cmd.Null {
		s.Incidents = nil
	}
}
