package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"github.com/qianyi-dev/qianyi/triage/pack"
)

// cli is the table of commands; each is in the file of its name.
type cli struct {
	Serve     serveCmd  `cmd:"" help:"Run the service and its console."`
	Triage    triageCmd `cmd:"" help:"Judge complaints: one JSON line out for each line in."`
	Import    importCmd `cmd:"" help:"Store complaints, customers, exposures, campaigns or solutions from CSV, XLSX or JSONL."`
	Train     trainCmd  `cmd:"" help:"Train a model on labelled texts."`
	Eval      evalCmd   `cmd:"" help:"Measure a model or a pack on labelled texts."`
	Learn     learnCmds `cmd:"" help:"Learn from what people confirmed and corrected."`
	Detect    detectCmd `cmd:"" help:"Replay a stream of complaints and print what rises in it."`
	Campaigns struct {
		Attribute campaignsAttributeCmd `cmd:"" help:"Say which campaigns complaints are about, and whom campaigns reached."`
	} `cmd:"" help:"Follow what campaigns lead to."`
	Figures figuresCmds `cmd:"" help:"Look after what the figures are counted from."`
	Report  struct {
		Weekly reportWeeklyCmd `cmd:"" help:"Write the report of a week, as text, page or workbook."`
	} `cmd:"" help:"Say what the complaints of a time tell."`
	LintReply    lintReplyCmd    `cmd:"" help:"Check the wording of replies to customers: one JSON line out for each line in."`
	LintCampaign lintCampaignCmd `cmd:"" help:"Check the copy of campaigns before they start: one JSON line out for each line in."`
	Simulate     simulateCmd     `cmd:"" help:"Write the files of a made-up company whose incidents are known."`
	Reindex      reindexCmd      `cmd:"" help:"Build the search index again from the database."`
	Backup       backupCmd       `cmd:"" help:"Copy the database to a file while the service goes on."`
	Restore      restoreCmd      `cmd:"" help:"Put a backup in the place of the database of a stopped service."`
	Doctor       doctorCmd       `cmd:"" help:"Check data folder, database, index, packs and models, and say what to do."`
	Config       struct {
		Check configCheckCmd `cmd:"" help:"Print the settings in effect and where each came from."`
	} `cmd:"" help:"Look at the configuration."`
	User struct {
		Add     userAddCmd     `cmd:"" help:"Add a user of the console or give one a new password."`
		List    userListCmd    `cmd:"" help:"Print the users."`
		Disable userDisableCmd `cmd:"" help:"Keep a user out, or let one in again."`
		Role    userRoleCmd    `cmd:"" help:"Give a user another role."`
		Reset   userResetCmd   `cmd:"" help:"Turn the one-time codes of a user off who has lost them."`
	} `cmd:"" help:"Manage the users of the console."`
	Key struct {
		Add    keyAddCmd    `cmd:"" help:"Make an API key and print its secret."`
		List   keyListCmd   `cmd:"" help:"Print the API keys."`
		Revoke keyRevokeCmd `cmd:"" help:"End an API key."`
	} `cmd:"" help:"Manage the API keys."`
	Audit struct {
		Verify auditVerifyCmd `cmd:"" help:"Check that nobody has changed the audit trail."`
		Export auditExportCmd `cmd:"" help:"Write the audit trail as JSON lines."`
	} `cmd:"" help:"Look after the audit trail."`
	Job struct {
		Run jobRunCmd `cmd:"" help:"Run a scheduled job now."`
	} `cmd:"" help:"Manage the scheduled jobs."`
	Person struct {
		Export personExportCmd `cmd:"" help:"Write everything that is stored about a person, as JSON."`
		Erase  personEraseCmd  `cmd:"" help:"Take a person's data away for ever; what is counted stays."`
	} `cmd:"" help:"Give people their data, or take it away."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes: data on out, everything said
// to people on err.
type streams struct {
	in       io.Reader
	out, err io.Writer
	// load makes analysers: pack.NewAnalyzer, or in tests one that remembers.
	load func(pack.Options) (*pack.Analyzer, error)
}

// onTerminal says whether a person is watching err.
func (s *streams) onTerminal() bool { return isTerminal(s.err) }

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// say writes one line to err.
func (s *streams) say(format string, args ...any) {
	fmt.Fprintf(s.err, format+"\n", args...)
}

// The exit codes of the contract.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// run executes one command line and returns the exit code. When ctx ends the
// command stops in order.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return execute(ctx, args, &streams{in: stdin, out: stdout, err: stderr, load: pack.NewAnalyzer})
}

func execute(ctx context.Context, args []string, s *streams) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("qianyi"),
		kong.Description("前移 qianyi triages customer complaints. 客户投诉的受理、分诊与预防。"),
		kong.Writers(s.out, s.err),
		kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Summary: false}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s),
	)
	if err != nil {
		return exitCode(s.err, err)
	}
	command, err := parser.Parse(args)
	switch {
	case exit >= 0: // --help has been answered
		return exit
	case err != nil:
		return exitCode(s.err, usageError{fmt.Errorf("%w (see qianyi --help)", err)})
	}
	return exitCode(s.err, command.Run())
}
