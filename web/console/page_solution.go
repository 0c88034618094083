package console

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// solutionView is the page of one solution, one of its versions shown.
type solutionView struct {
	solutionRow
	Path     string
	Steps    []string
	Wording  string
	Limits   []limitRow
	Evidence []evidenceLink
	Versions []versionRow
	// Diff compares the shown version with Against, the one before; empty for
	// the first.
	StepsDiff, WordingDiff []diffPart
	Against                int
	CreatedAt              string
	DecidedBy, DecidedAt   string
	// What the reader may do with the shown version.
	Edit                               string
	Propose, Withdraw, Approve, Retire bool
	// OwnProposal says why an author cannot approve.
	OwnProposal bool
	Trail       []trailRow
}

type limitRow struct {
	Tier   triage.Tier
	Amount string
	Gift   string
}

type evidenceLink struct{ Href, ID string }

// versionRow is one version in the list of them.
type versionRow struct {
	solutionRow
	Href  string
	Shown bool
}

func (v *visit) solutionID() string { return v.r.PathValue("id") }

// showSolution shows the version that the address names, else the latest.
func (c *Console) showSolution(v *visit) error {
	ctx := v.r.Context()
	versions, err := c.d.Library.Solutions.Versions(ctx, v.solutionID())
	if err != nil {
		return err
	}
	at := len(versions) - 1
	if n, err := strconv.Atoi(v.r.URL.Query().Get("version")); err == nil {
		if i := slices.IndexFunc(versions, func(s solution.Version) bool { return s.Number == n }); i >= 0 {
			at = i
		}
	}
	view := c.solutionView(v, versions, at)
	trail, err := c.d.Audit.Trail(ctx, solution.Object(view.ID))
	if err != nil {
		return err
	}
	view.Trail = c.trailRows(v.lang, trail)
	return c.render(v, http.StatusOK, "solution", page{Title: "nav.solutions", Nav: "/solutions", Name: view.Title, View: view})
}

func (c *Console) solutionView(v *visit, versions []solution.Version, at int) solutionView {
	s := &versions[at]
	view := solutionView{
		solutionRow: c.versionRow(v.lang, s), Path: solutionPath(s.Solution), Wording: c.masked(s.Wording, nil),
		CreatedAt: c.when(s.CreatedAt), DecidedBy: s.DecidedBy, DecidedAt: c.when(s.DecidedAt),
	}
	for _, step := range s.Steps {
		view.Steps = append(view.Steps, c.masked(step, nil))
	}
	for _, l := range s.Policy {
		view.Limits = append(view.Limits, limitRow{l.Tier, l.Amount.String(), l.Gift})
	}
	for _, id := range s.Evidence {
		view.Evidence = append(view.Evidence, evidenceLink{casePath(id), c.maskedLine(string(id))})
	}
	if at > 0 {
		before := &versions[at-1]
		view.Against = before.Number
		view.StepsDiff = diffOf(c.masked(before.Text(), nil), c.masked(s.Text(), nil))
		view.WordingDiff = diffOf(c.masked(before.Wording, nil), view.Wording)
	}
	for i := range slices.Backward(versions) {
		row := versionRow{solutionRow: c.versionRow(v.lang, &versions[i]), Shown: i == at}
		row.Href = view.Path + "?version=" + strconv.Itoa(versions[i].Number)
		view.Versions = append(view.Versions, row)
	}
	c.offerMoves(v, &view, s, at == len(versions)-1)
	return view
}

// versionRow is a version as a row of its own.
func (c *Console) versionRow(l language, s *solution.Version) solutionRow {
	return c.solutionRow(l, []solution.Version{*s})
}

func (c *Console) offerMoves(v *visit, view *solutionView, s *solution.Version, latest bool) {
	writes, approves := v.may(access.SolutionWrite), v.may(access.SolutionApprove)
	view.Propose = writes && s.State == solution.Draft
	view.Withdraw = writes && s.State == solution.Proposed
	view.OwnProposal = approves && s.State == solution.Proposed && s.Author == v.user.Name
	view.Approve = approves && s.State == solution.Proposed && !view.OwnProposal
	view.Retire = approves && s.State != solution.Retired
	if writes && latest {
		view.Edit = view.Path + "/edit"
	}
}

// solutionMove makes the action of a button that changes the state of a version.
func (c *Console) solutionMove(to solution.State, toast string) action {
	return func(v *visit) error {
		n, err := strconv.Atoi(v.r.PostForm.Get("version"))
		if err != nil {
			return triage.FieldErrorf("version", "is not a number")
		}
		if err := c.d.Library.Solutions.Move(v.r.Context(), v.solutionID(), n, to, v.user.Name); err != nil {
			return err
		}
		return c.redirect(v, solutionPath(v.solutionID())+"?version="+strconv.Itoa(n), toast)
	}
}
