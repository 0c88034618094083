package console

import (
	"context"
	"net/url"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// LibraryDeps is what the pages of solutions and the reply box need. Replies may
// be nil: then there is no reply box.
type LibraryDeps struct {
	Solutions SolutionLibrary
	Replies   ReplyDesk
}

func (d *LibraryDeps) complete() bool { return d == nil || d.Solutions != nil }

// SolutionLibrary is all of [solution.Library] that people use.
type SolutionLibrary interface {
	List(ctx context.Context, f solution.Filter) ([]solution.Version, error)
	Versions(ctx context.Context, id string) ([]solution.Version, error)
	Create(ctx context.Context, c solution.Content, by string) (solution.Version, error)
	Edit(ctx context.Context, id string, base int, c solution.Content, by string) (solution.Version, error)
	Move(ctx context.Context, id string, number int, to solution.State, by string) error
}

var _ SolutionLibrary = (*solution.Library)(nil)

// ReplyDesk is all of [reply.Desk] that people use.
type ReplyDesk interface {
	ReplyDrafts
	Replies
}

// ReplyDrafts proposes replies; nothing of them is stored.
type ReplyDrafts interface {
	Streams() bool
	Draft(ctx context.Context, a reply.Answer) (reply.Draft, error)
	Stream(ctx context.Context, a reply.Answer, show func(sentence string) error) (reply.Draft, error)
}

// Replies checks, sends and remembers replies.
type Replies interface {
	Check(ctx context.Context, a reply.Answer) (reply.Verdict, error)
	Send(ctx context.Context, a reply.Answer, s reply.Sending) (reply.Message, error)
	Messages(ctx context.Context, id triage.ComplaintID) ([]reply.Message, error)
}

var _ ReplyDesk = (*reply.Desk)(nil)

// libraryPages are the templates of solutions and of the reply box as a page.
var libraryPages = []string{"solutions", "solution", "editsolution", "reply"}

func (c *Console) libraryRoutes() []route {
	if c.d.Library == nil {
		return nil
	}
	all := []route{
		{"GET /solutions", access.SolutionRead, c.showSolutions},
		{"GET /solutions/export.csv", access.SolutionRead, c.exportSolutions},
		{"GET /solutions/new", access.SolutionWrite, c.newSolution},
		{"POST /solutions/new", access.SolutionWrite, c.saveSolution},
		{"GET /solutions/{id}", access.SolutionRead, c.showSolution},
		{"GET /solutions/{id}/edit", access.SolutionWrite, c.editSolution},
		{"POST /solutions/{id}/edit", access.SolutionWrite, c.saveSolution},
		{"POST /solutions/{id}/propose", access.SolutionWrite, c.solutionMove(solution.Proposed, "solution_proposed")},
		{"POST /solutions/{id}/withdraw", access.SolutionWrite, c.solutionMove(solution.Draft, "solution_withdrawn")},
		{"POST /solutions/{id}/approve", access.SolutionApprove, c.solutionMove(solution.Approved, "solution_approved")},
		{"POST /solutions/{id}/retire", access.SolutionApprove, c.solutionMove(solution.Retired, "solution_retired")},
	}
	if c.d.Library.Replies == nil {
		return all
	}
	return append(all, []route{
		{"GET /cases/{id}/reply", access.CaseWork, c.showReply},
		{"GET /cases/{id}/draft", access.CaseWork, c.streamDraft},
		{"POST /cases/{id}/draft", access.CaseWork, c.draftReply},
		{"POST /cases/{id}/check", access.CaseWork, c.checkReply},
		{"POST /cases/{id}/reply", access.CaseWork, c.sendReply},
	}...)
}

func solutionPath(id string) string { return "/solutions/" + url.PathEscape(id) }
