package mailbox_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/mailbox/mailboxtest"
)

// dovecotConf is for version 2.3, as Debian 12 has it: one account, Maildir,
// every process under the user of the test.
const dovecotConf = `
base_dir = DIR/run
state_dir = DIR/state
log_path = DIR/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:DIR/mail
default_internal_user = INTERNAL
default_internal_group = GROUP
default_login_user = LOGIN
first_valid_uid = 0
first_valid_gid = 0
service imap-login {
  chroot =
  inet_listener imap {
    port = PORT
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
passdb {
  driver = static
  args = password=PASSWORD
}
userdb {
  driver = static
  args = uid=UID gid=GID home=DIR/home
}
namespace inbox {
  inbox = yes
}
`

// startDovecot runs a real mail server until the end of the test and returns its
// port and the folder of new mails. Without one installed the test is skipped,
// in CI it fails.
func startDovecot(t *testing.T) (port int, inbox string) {
	t.Helper()
	program, err := exec.LookPath("dovecot")
	if err != nil {
		const missing = "no Dovecot: install the Debian package dovecot-imapd"
		if os.Getenv("QIANYI_CI") == "1" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	who := dovecotUsers(t)
	dir, err := os.MkdirTemp("", "dovecot") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	inbox = filepath.Join(dir, "mail", "new")
	if err := os.MkdirAll(inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	who.own(t, filepath.Join(dir, "mail"), inbox)
	port = freePort(t)
	conf := strings.NewReplacer("DIR", dir, "PORT", fmt.Sprint(port), "PASSWORD", mailboxtest.Password,
		"INTERNAL", who.internal, "GROUP", who.group, "LOGIN", who.login, "UID", fmt.Sprint(who.uid), "GID", fmt.Sprint(who.gid)).Replace(dovecotConf)
	file := filepath.Join(dir, "dovecot.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-F", "-c", file)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Wait() // the context of the test ends it
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Logf("dovecot:\n%s", log)
		}
	})
	return port, inbox
}

// users are those that a mail server runs under, and the owner of the mails.
type users struct {
	internal, group, login string
	uid, gid               int
}

// dovecotUsers are the test's own user or, because nothing of a mail server runs
// as root, those of the package.
func dovecotUsers(t *testing.T) users {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		t.Fatal(err)
	}
	who := users{me.Username, group.Name, me.Username, os.Getuid(), os.Getgid()}
	if who.uid != 0 {
		return who
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	who.internal, who.group, who.login = "dovecot", "dovecot", "dovenull"
	who.uid, _ = strconv.Atoi(nobody.Uid)
	who.gid, _ = strconv.Atoi(nobody.Gid)
	return who
}

func (u users) own(t *testing.T, files ...string) {
	t.Helper()
	for _, f := range files {
		if err := os.Chown(f, u.uid, u.gid); err != nil {
			t.Fatal(err)
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// The whole way with a server that others wrote: what it announces, how it
// numbers and moves.
func TestDovecot(t *testing.T) {
	t.Parallel()
	port, inbox := startDovecot(t)
	server := &mailboxtest.Server{Host: "127.0.0.1", Port: port}
	w := with(t, server, func(c *mailbox.Config) { c.TLS = "none" })
	starting, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for err := w.set.Check(starting)["service"]; err != nil; err = w.set.Check(starting)["service"] {
		if starting.Err() != nil {
			t.Fatalf("dovecot does not listen: %v", err)
		}
	}
	delivered := 0
	deliver := func(raw string) {
		delivered++
		name := filepath.Join(inbox, fmt.Sprintf("%d.M%d.test", start.Unix(), delivered))
		if err := os.WriteFile(name, []byte(raw), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	deliver(mail(1, "宽带", "断了"))
	deliver(mail(2, "自动回复", "我在休假", "Auto-Submitted", "auto-replied"))
	w.fetch(t, "1 complaints, 0 messages, 0 duplicates, 1 ignored (auto_submitted 1)")
	deliver(mail(3, "Re: 宽带", "还是断的", "In-Reply-To", "<m1@customer.example>"))
	w.fetch(t, "0 complaints, 1 messages, 0 duplicates, 0 ignored")
	w.fetch(t, "0 complaints, 0 messages, 0 duplicates, 0 ignored")
	if c := w.cases[w.order[0]]; c.Title != "宽带" || c.Text != "断了" || w.said[0].Case != c.ID {
		t.Errorf("got %q, %q and a message to %s", c.Title, c.Text, w.said[0].Case)
	}
	wrong := with(t, server, func(c *mailbox.Config) { c.TLS, c.Password = "none", "wrong" })
	if err := wrong.set.Check(t.Context())["service"]; err == nil || !strings.Contains(err.Error(), "refuses user and password") {
		t.Errorf("got %v for a wrong password", err)
	}
}
