package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
)

// doctorCmd looks for what is wrong and says what to do.
type doctorCmd struct {
	settings
	dataSettings
	packSettings
	JSON bool `name:"json" help:"Print JSON."`
}

// finding is the outcome of one check.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	// Advice is what to do when the check failed.
	Advice string `json:"advice,omitempty"`
}

// Run prints all findings and fails when a check did.
func (cmd *doctorCmd) Run(ctx context.Context, s *streams) error {
	c, err := cmd.load(cmd.dataSettings.flags(), cmd.packSettings.flags())
	findings := []finding{judged("configuration", "complete", err, "correct the setting that is named")}
	if err == nil {
		findings = append(findings, examine(ctx, s, &c)...)
	}
	failed := 0
	for _, f := range findings {
		if !f.OK {
			failed++
		}
	}
	if err := cmd.print(s, findings); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(findings))
	}
	return nil
}

func (cmd *doctorCmd) print(s *streams, findings []finding) error {
	if cmd.JSON {
		return json.NewEncoder(s.out).Encode(findings)
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		state := "ok"
		if !f.OK {
			state = "FAILED"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", state, f.Check, f.Detail)
		if f.Advice != "" {
			fmt.Fprintf(w, "\t\t-> %s\n", f.Advice)
		}
	}
	return w.Flush()
}

// judged turns the error of a check into a finding.
func judged(check, detail string, err error, advice string) finding {
	if err != nil {
		return finding{Check: check, Detail: oneLine(err.Error()), Advice: advice}
	}
	return finding{Check: check, OK: true, Detail: detail}
}
