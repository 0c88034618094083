package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// userListCmd prints the accounts.
type userListCmd struct {
	settings
	dataSettings
}

// Run prints a table; addresses are masked.
func (cmd *userListCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		users, err := db.Users(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tROLE\tDEPARTMENT\tSTATE\tCODES\tLAST SIGN-IN")
		for _, u := range users {
			state, codes, seen := "active", "-", "-"
			switch {
			case u.Disabled:
				state = "disabled"
			case c.now().Before(u.LockedUntil):
				state = "locked"
			}
			if u.Second.On {
				codes = "on"
			}
			if !u.SignedInAt.IsZero() {
				seen = u.SignedInAt.In(c.zone()).Format("2006-01-02 15:04")
			}
			department := u.Department
			if department == "" {
				department = "-"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", u.Name, u.Role, department, state, codes, seen)
		}
		return w.Flush()
	})
}

// userDisableCmd keeps somebody out, or lets them in again.
type userDisableCmd struct {
	Name   string `arg:"" help:"Name of the user."`
	Enable bool   `help:"Let the user in again."`
	settings
	dataSettings
}

// Run also ends the user's sign-ins.
func (cmd *userDisableCmd) Run(ctx context.Context, s *streams) error {
	action, said := "user.disable", "may not sign in any more"
	if cmd.Enable {
		action, said = "user.enable", "may sign in again"
	}
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		err := editUser(ctx, c, db, cmd.Name, action, nil, func(u *triage.User) { u.Disabled = !cmd.Enable })
		if err == nil && !cmd.Enable {
			_, err = db.EndSessions(ctx, cmd.Name, "")
		}
		if err == nil {
			s.say("user %s %s", cmd.Name, said)
		}
		return err
	})
}

// userRoleCmd gives somebody another role.
type userRoleCmd struct {
	Name string `arg:"" help:"Name of the user."`
	Role string `arg:"" enum:"agent,lead,quality,marketing,auditor,admin" help:"agent, lead, quality, marketing, auditor or admin."`
	settings
	dataSettings
}

// Run refuses to take the role of the last administrator.
func (cmd *userRoleCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		err := editUser(ctx, c, db, cmd.Name, "user.change", map[string]string{"role": cmd.Role}, func(u *triage.User) { u.Role = triage.Role(cmd.Role) })
		if err == nil {
			s.say("user %s is now %s", cmd.Name, cmd.Role)
		}
		return err
	})
}

// userResetCmd turns the one-time codes of somebody off who has lost the app.
type userResetCmd struct {
	Name string `arg:"" help:"Name of the user."`
	settings
	dataSettings
}

// Run also opens an account that is locked.
func (cmd *userResetCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		err := editUser(ctx, c, db, cmd.Name, "user.factor_reset", nil, func(u *triage.User) {
			u.Second, u.Failures, u.LockedUntil = triage.SecondFactor{}, 0, time.Time{}
		})
		if err == nil {
			s.say("user %s signs in with the password alone, until codes are set up again", cmd.Name)
		}
		return err
	})
}

func editUser(ctx context.Context, c *config, db *store.DB, name, action string, facts map[string]string, change func(*triage.User)) error {
	_, err := db.EditUser(ctx, name, func(u *triage.User) ([]triage.AuditEntry, error) {
		change(u)
		return []triage.AuditEntry{cliEntry(c, action, "user:"+name, facts)}, nil
	})
	return err
}
