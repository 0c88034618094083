package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/web/console"
)

// cliActor is who trail, jobs and models name for what is done on the command
// line: whoever has the data folder.
const cliActor = "cli"

// userAddCmd makes a user, or gives an existing one a new role and password.
type userAddCmd struct {
	Name        string `arg:"" help:"Name to sign in with."`
	Role        string `enum:"agent,lead,quality,marketing,auditor,admin" default:"agent" help:"agent, lead, quality, marketing, auditor or admin (default agent)."`
	DisplayName string `help:"Name that others read." placeholder:"NAME"`
	Department  string `help:"Department whose cases agents and leads see (default all)." placeholder:"NAME"`
	Email       string `help:"E-mail address." placeholder:"ADDRESS"`
	settings
	dataSettings
}

// Run reads the password from a terminal, twice, or the first line of standard
// input.
func (cmd *userAddCmd) Run(ctx context.Context, s *streams) (err error) {
	c, err := cmd.load(cmd.dataSettings.flags())
	if err != nil {
		return err
	}
	if cmd.Name = strings.TrimSpace(cmd.Name); !console.ValidUserName(cmd.Name) {
		return usagef("%q cannot be the name of a user: want one without blanks, colons and slashes that no program has", cmd.Name)
	}
	password, err := readPassword(s)
	if err != nil {
		return err
	}
	if err := access.CheckPassword(password, cmd.Name); err != nil {
		return err
	}
	hash, err := console.HashPassword(password)
	if err != nil {
		return err
	}
	db, err := createStore(ctx, &c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Shutdown()) }()
	u := triage.User{
		Name: cmd.Name, PasswordHash: hash, Role: triage.Role(cmd.Role), CreatedAt: c.now(),
		DisplayName: cmd.DisplayName, Department: cmd.Department, Email: triage.Email(cmd.Email),
	}
	role := map[string]string{"role": cmd.Role}
	err = db.AddUser(ctx, u, cliEntry(&c, "user.add", "user:"+u.Name, role))
	if triage.CodeOf(err) == triage.CodeConflict {
		_, err = db.EditUser(ctx, u.Name, func(known *triage.User) ([]triage.AuditEntry, error) {
			known.PasswordHash, known.Role = u.PasswordHash, u.Role
			known.DisplayName = cmp.Or(u.DisplayName, known.DisplayName)
			known.Department = cmp.Or(u.Department, known.Department)
			known.Email = cmp.Or(u.Email, known.Email)
			known.Disabled, known.Failures, known.LockedUntil = false, 0, time.Time{}
			return []triage.AuditEntry{cliEntry(&c, "user.change", "user:"+u.Name, role)}, nil
		})
	}
	if err != nil {
		return err
	}
	s.say("user %s may sign in as %s", cmd.Name, cmd.Role)
	return nil
}

// cliEntry is an entry about what is done on the command line; its detail are
// the facts, if any.
func cliEntry(c *config, action, object string, facts map[string]string) triage.AuditEntry {
	e := triage.AuditEntry{At: c.now(), Actor: cliActor, Action: action, Object: object}
	if facts == nil {
		return e
	}
	b, err := json.Marshal(facts)
	if err != nil {
		return e // cannot happen: strings
	}
	e.Detail = string(b)
	return e
}

func putUser(ctx context.Context, db *store.DB, name, password string, role triage.Role) error {
	hash, err := console.HashPassword(password)
	if err != nil {
		return err
	}
	return db.PutUser(ctx, triage.User{Name: name, PasswordHash: hash, Role: role})
}

func readPassword(s *streams) (string, error) {
	f, ok := s.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		line, err := bufio.NewReader(s.in).ReadString('\n')
		if line == "" && err != nil {
			return "", errors.New("password: standard input is empty; give the password as its first line")
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var typed [2]string
	for i, prompt := range []string{"Password: ", "Again: "} {
		fmt.Fprint(s.err, prompt)
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(s.err)
		if err != nil {
			return "", fmt.Errorf("password: %w", err)
		}
		typed[i] = string(b)
	}
	if typed[0] != typed[1] {
		return "", errors.New("password: the two entries differ")
	}
	return typed[0], nil
}
