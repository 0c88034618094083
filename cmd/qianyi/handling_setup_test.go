package main

import (
	"context"
	"fmt"
	"mime"
	"net/mail"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/mailbox/mailboxtest"
)

// house is a company that is reached by mail: the service itself, a server with
// its mailbox, one that takes its letters, and the people who work there.
type house struct {
	*instance
	data     string
	config   string
	incoming *mailboxtest.Server
	outgoing *channeltest.SMTP
	// browser is set by openBrowser; every seat has a profile of its own in it.
	browser context.Context
}

const (
	// customerAddress is in the customer file, as C1.
	customerAddress = "c1@example.com"
	// frontDepartment is whose such complaints are by the pack, and
	// otherDepartment has to help.
	frontDepartment = "装维支撑中心"
	otherDepartment = "网络优化中心"
	// surveyHost stands for the name under which customers reach the service.
	surveyHost = "service.example.com"
	// userPassword is that of every user.
	userPassword = "correct horse battery"
)

// staff are the users: their names, roles and departments.
var staff = []struct{ name, role, department string }{
	{"lin", "agent", ""},
	{"zhao", "agent", otherDepartment},
	{"wang", "lead", ""},
	{"qin", "quality", ""},
}

// newHouse starts the mail servers and fills the folder of data.
func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{data: filepath.Join(t.TempDir(), "data"), incoming: mailboxtest.Start(t, mailboxtest.Options{})}
	var err error
	if h.outgoing, err = channeltest.NewSMTP(channeltest.SMTPOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.outgoing.Close() })
	h.config = outreachConfig(t, func(c *config) {
		c.Pack = "telecom"
		c.Channels = []channel.Config{{Name: "mail", SMTP: &channel.SMTPConfig{
			Host: h.outgoing.Host(), Port: h.outgoing.Port(), TLS: "none", From: "客户服务 <" + mailboxtest.User + ">",
		}}}
		c.Mailboxes = []mailbox.Config{{
			Name: "service", Host: h.incoming.Host, Port: h.incoming.Port, CAFile: h.incoming.CAFile,
			User: mailboxtest.User, Password: mailboxtest.Password,
		}}
		c.Survey.Enabled, c.Survey.After, c.Survey.BaseURL = true, 0, "http://"+surveyHost
	})
	for _, u := range staff {
		qianyi(t, userPassword+"\n", "user", "add", u.name, "--role", u.role, "--department", u.department, "--data", h.data).must(t, exitOK)
	}
	importFile(t, h.data, "customers", "customer_id,name,phone,email,region,tier\nC1,王小明,"+phone(1)+","+customerAddress+",沈阳,high\n")
	importFile(t, h.data, "solutions", "id,type,title,text\nS-DOWN,usage,宽带中断,"+standardSolution+"\n")
	return h
}

// serve starts the service.
func (h *house) serve(t *testing.T) {
	t.Helper()
	h.instance = serve(t, "--data", h.data, "--config", h.config)
}

// standardSolution is the one of the library.
const standardSolution = "当日安排工程师上门更换故障端口，并减免停用期间的费用"

// letter is what the customer received.
type letter struct {
	subject, text, messageID string
}

// letters are those that were sent so far.
func (h *house) letters() []letter {
	headers := h.outgoing.Headers()
	var all []letter
	for i, r := range h.outgoing.All() { // each has one addressee
		all = append(all, letter{r.Subject, r.Text, headers[i].Get("Message-ID")})
	}
	return all
}

// last waits until so many letters were sent and returns the last.
func (h *house) last(t *testing.T, n int) letter {
	t.Helper()
	eventually(t, fmt.Sprintf("letter %d", n), func() bool { return len(h.outgoing.All()) >= n && len(h.outgoing.Headers()) >= n })
	all := h.letters()
	if len(all) != n {
		t.Fatalf("%d letters were sent, want %d: %+v", len(all), n, all)
	}
	return all[n-1]
}

// write puts a mail of the customer into the mailbox.
func (h *house) write(id, subject, inReplyTo, text string) {
	var b strings.Builder
	from := mail.Address{Name: "王小明", Address: customerAddress}
	fmt.Fprintf(&b, "From: %s\nTo: <%s>\nMessage-ID: <%s@example.com>\nDate: %s\n", from.String(), mailboxtest.User, id, time.Now().Format(time.RFC1123Z))
	fmt.Fprintf(&b, "Subject: %s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n", mime.BEncoding.Encode("utf-8", subject))
	if inReplyTo != "" {
		fmt.Fprintf(&b, "In-Reply-To: %[1]s\nReferences: %[1]s\n", inReplyTo)
	}
	fmt.Fprintf(&b, "\n%s\n", text)
	h.incoming.Deliver(time.Now(), b.String())
}
