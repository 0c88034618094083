package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

// userAddCmd makes a user, or gives an existing one a new role and password.
type userAddCmd struct {
	Name string `arg:"" help:"Name to sign in with."`
	Role string `enum:"admin,agent" default:"agent" help:"admin or agent (default agent)."`
	settings
	dataSettings
}

// minPasswordRunes is what the console's users must type at least.
const minPasswordRunes = 8

// Run reads the password from a terminal, twice, or the first line of standard
// input.
func (cmd *userAddCmd) Run(ctx context.Context, s *streams) (err error) {
	c, err := cmd.load(cmd.dataSettings.flags())
	if err != nil {
		return err
	}
	if cmd.Name = strings.TrimSpace(cmd.Name); cmd.Name == "" {
		return usagef("the name of the user is empty")
	}
	password, err := readPassword(s)
	if err != nil {
		return err
	}
	if n := utf8.RuneCountInString(password); n < minPasswordRunes {
		return fmt.Errorf("password: has %d characters, want at least %d", n, minPasswordRunes)
	}
	db, err := createStore(ctx, &c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Shutdown()) }()
	if err := putUser(ctx, db, cmd.Name, password, triage.Role(cmd.Role)); err != nil {
		return err
	}
	s.say("user %s may sign in as %s", cmd.Name, cmd.Role)
	return nil
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
