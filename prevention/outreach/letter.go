package outreach

import (
	"context"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// Brief is all that whoever drafts a message may know of a cluster. What
// customers wrote is not in it.
type Brief struct {
	Title string
	// Type is the name of the type of most complaints.
	Type string
	// Affected says in words whom the rule matches.
	Affected string
	Since    time.Time
	// Actions are what is being done, Solution what ended the problem.
	Actions  []string
	Solution string
}

// Drafter writes a message from a brief, a language model say. What it returns
// is not trusted.
type Drafter interface {
	Draft(ctx context.Context, b Brief) (prevention.Template, error)
}

// Draft is a proposal for a message. Nothing of it is stored or sent.
type Draft struct {
	Template prevention.Template
	// ByModel is set when the Drafter wrote it, not the template of the program.
	ByModel bool
	// Refused is why what the Drafter wrote was not taken, for the log: it holds
	// none of the text.
	Refused error
}

// Draft proposes a message about a cluster: the Drafter's when it can be had and
// passes the checks of a draft, else Letter.
func (s *Service) Draft(ctx context.Context, b Brief) Draft {
	if s.d.Drafter == nil {
		return Draft{Template: s.Letter(b)}
	}
	b.Since = b.Since.In(s.d.Zone)
	t, err := s.d.Drafter.Draft(ctx, b)
	if err == nil {
		t = prevention.Template{Subject: strings.TrimSpace(t.Subject), Text: strings.TrimSpace(t.Text)}
		err = s.checkDraft(t, b)
	}
	if err != nil {
		return Draft{Template: s.Letter(b), Refused: err}
	}
	return Draft{Template: t, ByModel: true}
}

// The template of the program, in Chinese like the customers.
const (
	letterSubject = "关于近期服务情况的说明"
	letterText    = "尊敬的{{name}}，您好。我们发现部分客户近期遇到PROBLEM，正在处理。如果您也受到影响，无需来电，我们会主动跟进。给您带来不便，深表歉意。"
	letterProblem = "PROBLEM"
)

// Letter is the message that needs no model. It names the problem by the title
// of the cluster, unless a notice may not say such a title.
func (s *Service) Letter(b Brief) prevention.Template {
	problem := "服务问题"
	if title := strings.Join(strings.Fields(b.Title), " "); title != "" {
		named := prevention.Template{Text: "“" + title + "”"}
		if checkTemplate(named) == nil && len(variablesOf(title)) == 0 && s.content.check(named, &s.d.Policy) == nil {
			problem = named.Text + "的问题"
		}
	}
	return prevention.Template{Subject: letterSubject, Text: strings.Replace(letterText, letterProblem, problem, 1)}
}
