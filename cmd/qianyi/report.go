package main

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console"
)

// reportWeeklyCmd writes the report of a week.
type reportWeeklyCmd struct {
	Week       string `help:"The week (default the last one that is over)." placeholder:"2026-W10"`
	Department string `help:"Only the cases of a department." placeholder:"NAME"`
	English    bool   `help:"Write English."`
	HTML       string `name:"html" help:"Write a page with pictures to a file instead." placeholder:"FILE" type:"path"`
	XLSX       string `name:"xlsx" help:"Write a workbook to a file instead." placeholder:"FILE" type:"path"`
	settings
	dataSettings
}

// Run brings the figures up to date, as the job of the service does, and prints
// the report as text unless a file is asked for. That it was made is in the
// trail.
func (cmd *reportWeeklyCmd) Run(ctx context.Context, s *streams) error {
	var week report.Week
	if cmd.Week != "" {
		var err error
		if week, err = report.ParseWeek(cmd.Week); err != nil {
			return usagef("--week: %q is not a week such as 2026-W10", cmd.Week)
		}
	}
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		if week == (report.Week{}) {
			week = report.LastWeek(c.now(), c.zone())
		}
		a, err := s.load(c.packOptions())
		if err != nil {
			return err
		}
		r, err := weeklyReport(ctx, c, db, a, report.Scope{Week: week, Department: cmd.Department})
		if err != nil {
			return err
		}
		err = db.Append(ctx, cliEntry(c, "export", "report:"+week.String(), map[string]string{"department": cmd.Department}))
		if err != nil {
			return err
		}
		return cmd.write(s, &r, console.ReportNamer(a, campaign.NewNames(db, c.now).Name, newMask()))
	})
}

// weeklyReport makes a report without a service.
func weeklyReport(ctx context.Context, c *config, db *store.DB, types triage.Catalogue, scope report.Scope) (report.Report, error) {
	f, err := newFigures(c, db, quietLogger())
	if err != nil {
		return report.Report{}, err
	}
	if _, err := f.facts.RollUp(ctx); err != nil {
		return report.Report{}, err
	}
	if err := f.keeper.Follow(ctx); err != nil {
		return report.Report{}, err
	}
	sources, err := reportSources(c, db, f.book, types)
	if err != nil {
		return report.Report{}, err
	}
	maker := report.Maker{Book: f.book, Zone: c.zone(), Now: c.now, Sources: sources}
	return maker.Make(ctx, scope)
}

// reportSources are those of the service: what its jobs have measured and judged
// so far, and nothing is judged anew.
func reportSources(c *config, db *store.DB, book *fact.Book, types triage.Catalogue) (report.Sources, error) {
	zone := c.zone()
	improvements, err := improve.New(improve.Deps{Ledger: db, Figures: book, Now: c.now, Zone: zone})
	if err != nil {
		return report.Sources{}, err
	}
	register := campaign.NewRegister(campaign.RegisterDeps{Store: db, Attributions: db, Now: c.now})
	effects := live.NewEffects(live.EffectDeps{Plans: db, Notices: db, Members: db, Audit: db, Zone: zone, Now: c.now})
	return report.Sources{
		Clusters: reportClusters(db, types, zone), Outreach: reportOutreach(effects), Actions: reportActions(improvements),
		Campaigns: reportCampaigns(newWatch(c, db, book, register, c.now), zone, c.now),
	}, nil
}

func (cmd *reportWeeklyCmd) write(s *streams, r *report.Report, names report.Namer) error {
	l := report.Chinese
	if cmd.English {
		l = report.English
	}
	if cmd.HTML != "" {
		page, err := dispatch.Page(l, r, names)
		if err != nil {
			return err
		}
		if err := os.WriteFile(cmd.HTML, []byte(page), 0o600); err != nil {
			return fmt.Errorf("--html: %w", err)
		}
	}
	if cmd.XLSX != "" {
		var book bytes.Buffer
		if err := console.WriteReport(&book, l, r, names); err != nil {
			return err
		}
		if err := os.WriteFile(cmd.XLSX, book.Bytes(), 0o600); err != nil {
			return fmt.Errorf("--xlsx: %w", err)
		}
	}
	if cmd.HTML == "" && cmd.XLSX == "" {
		fmt.Fprint(s.out, dispatch.Text(l, r, names))
	}
	return nil
}
