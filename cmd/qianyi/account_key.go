package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/web/console"
)

// keyAddCmd makes an API key.
type keyAddCmd struct {
	Name        string   `arg:"" help:"What the key is for."`
	Owner       string   `required:"" help:"User in whose name the program acts." placeholder:"USER"`
	Permissions []string `name:"allow" required:"" help:"Permissions such as case.read, parted by commas; none that the owner lacks." placeholder:"PERMISSION"`
	Expires     string   `help:"Last day of the key, 2026-12-31 say (default none)." placeholder:"DAY"`
	settings
	dataSettings
}

// Run prints the secret, which is kept nowhere.
func (cmd *keyAddCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		owner, err := db.User(ctx, cmd.Owner)
		if err != nil {
			return err
		}
		for _, p := range cmd.Permissions {
			if !slices.Contains(access.Of(owner.Role), access.Permission(p)) {
				return usagef("--allow: %s may not %q; choose of: %s", owner.Name, p, joined(access.Of(owner.Role)))
			}
		}
		secret, hash := console.NewKeySecret()
		k := triage.Key{Name: cmd.Name, Owner: owner.Name, Hash: hash, Permissions: cmd.Permissions, CreatedBy: cliActor, CreatedAt: c.now()}
		if cmd.Expires != "" {
			day, err := time.ParseInLocation("2006-01-02", cmd.Expires, c.zone())
			if err != nil {
				return usagef("--expires: %q is not a day such as 2026-12-31", cmd.Expires)
			}
			k.ExpiresAt = day.AddDate(0, 0, 1)
		}
		// As the console writes them.
		facts := map[string]string{"name": k.Name, "permissions": strings.Join(slices.Sorted(slices.Values(k.Permissions)), " ")}
		id, err := db.AddKey(ctx, k, cliEntry(c, "key.add", "user:"+owner.Name, facts))
		if err != nil {
			return err
		}
		s.say("key %d of %s; the secret is shown only now:", id, owner.Name)
		fmt.Fprintln(s.out, secret)
		return nil
	})
}

func joined(permissions []access.Permission) string {
	words := make([]string, len(permissions))
	for i, p := range permissions {
		words[i] = string(p)
	}
	return strings.Join(words, ", ")
}

// keyListCmd prints the API keys.
type keyListCmd struct {
	settings
	dataSettings
}

// Run prints a table, newest first.
func (cmd *keyListCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		keys, err := db.Keys(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tOWNER\tSTATE\tPERMISSIONS")
		for _, k := range keys {
			state := "good"
			switch {
			case !k.RevokedAt.IsZero():
				state = "revoked"
			case !k.ExpiresAt.IsZero() && !c.now().Before(k.ExpiresAt):
				state = "expired"
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Owner, state, strings.Join(k.Permissions, " "))
		}
		return w.Flush()
	})
}

// keyRevokeCmd ends an API key.
type keyRevokeCmd struct {
	ID int64 `arg:"" help:"Number of the key, as qianyi key list shows it."`
	settings
	dataSettings
}

// Run ends the key at once and for good.
func (cmd *keyRevokeCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		e := cliEntry(c, "key.revoke", fmt.Sprintf("key:%d", cmd.ID), nil)
		if err := db.RevokeKey(ctx, cmd.ID, c.now(), e); err != nil {
			return err
		}
		s.say("key %d does not work any more", cmd.ID)
		return nil
	})
}
