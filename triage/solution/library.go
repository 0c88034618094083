package solution

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Store keeps versions. Every change is stored with its audit entry in one
// transaction.
type Store interface {
	// SolutionVersions returns the versions that fit, by solution and number.
	SolutionVersions(ctx context.Context, f Filter) ([]Version, error)
	// AddSolutionVersion stores a new version and retires the drafts and
	// proposals of the same solution. CodeConflict is a number that is taken.
	AddSolutionVersion(ctx context.Context, v Version, e triage.AuditEntry) error
	// MoveSolution changes the state of a version; one that is approved retires
	// the approved one before it. CodeConflict is a version that is no longer in
	// the state it is moved from, CodeNotFound one that does not exist.
	MoveSolution(ctx context.Context, m Move, e triage.AuditEntry) error
	// UseSolution records what a case was settled with; a later use of another
	// solution takes its place. CodeNotFound is an unknown case or version.
	UseSolution(ctx context.Context, u Use, e triage.AuditEntry) error
}

// Filter narrows a list of versions; zero fields do not filter.
type Filter struct{ Solution, Type string }

// Move is one change of state.
type Move struct {
	Solution string
	Number   int
	From, To State
	By       string
	At       time.Time
}

// Use is a case that was settled with a version.
type Use struct {
	Complaint triage.ComplaintID
	Solution  string
	Number    int
	By        string
	At        time.Time
}

// Library is what people do with solutions. It is safe for concurrent use.
type Library struct {
	store  Store
	solved Solved
	types  triage.Catalogue
	now    func() time.Time
}

// New makes a Library. solved may be nil where nobody calls Propose.
func New(store Store, solved Solved, types triage.Catalogue, now func() time.Time) *Library {
	return &Library{store: store, solved: solved, types: types, now: now}
}

// List returns every version that fits, by solution and number.
func (l *Library) List(ctx context.Context, f Filter) ([]Version, error) {
	return l.store.SolutionVersions(ctx, f)
}

// Versions returns the versions of one solution, oldest first; CodeNotFound
// when there are none.
func (l *Library) Versions(ctx context.Context, id string) ([]Version, error) {
	list, err := l.store.SolutionVersions(ctx, Filter{Solution: id})
	if err == nil && (id == "" || len(list) == 0) {
		err = triage.Errorf(triage.CodeNotFound, "there is no solution %.40q", id)
	}
	return list, err
}

// InForce returns the approved version of a solution, CodeNotFound without one.
func (l *Library) InForce(ctx context.Context, id string) (Version, error) {
	list, err := l.Versions(ctx, id)
	if err != nil {
		return Version{}, err
	}
	v, ok := InForce(list)
	if !ok {
		return Version{}, triage.Errorf(triage.CodeNotFound, "no version of the solution %.40q is approved", id)
	}
	return v, nil
}

// Create stores the first draft of a new solution.
func (l *Library) Create(ctx context.Context, c Content, by string) (Version, error) {
	return l.add(ctx, Version{Solution: "S-" + rand.Text()[:10], Number: 1, Content: c, State: Draft, Author: by})
}

// Edit stores a draft that follows version base, the latest that the editor has
// seen; CodeConflict is a base that is not the latest. What is approved stays in
// force until the draft is.
func (l *Library) Edit(ctx context.Context, id string, base int, c Content, by string) (Version, error) {
	list, err := l.Versions(ctx, id)
	if err != nil {
		return Version{}, err
	}
	if last := list[len(list)-1].Number; last != base {
		return Version{}, triage.Errorf(triage.CodeConflict, "version %d of the solution is not the latest, %d is: read that first", base, last)
	}
	return l.add(ctx, Version{Solution: id, Number: base + 1, Content: c, State: Draft, Author: by})
}

func (l *Library) add(ctx context.Context, v Version) (Version, error) {
	content, err := cleaned(v.Content, l.types)
	if err != nil {
		return Version{}, err
	}
	v.Content, v.CreatedAt = content, l.now()
	e := entry("solution."+string(v.State), v.Solution, v.Number, v.Author, v.CreatedAt)
	return v, l.store.AddSolutionVersion(ctx, v, e)
}

// Move brings a version into another state: a draft is proposed or taken back,
// a proposal approved, anything retired. CodeConflict is a move that the state
// does not allow, CodeForbidden an approval by the author.
func (l *Library) Move(ctx context.Context, id string, number int, to State, by string) error {
	list, err := l.Versions(ctx, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(v Version) bool { return v.Number == number })
	if i < 0 {
		return triage.Errorf(triage.CodeNotFound, "the solution %.40q has no version %d", id, number)
	}
	v := &list[i]
	switch {
	case !slices.Contains(moves[v.State], to):
		return triage.Errorf(triage.CodeConflict, "version %d is %s and cannot become %.20s", number, v.State, string(to))
	case to == Approved && v.Author == by:
		return triage.Errorf(triage.CodeForbidden, "a version is approved by somebody else than its author")
	}
	m := Move{Solution: id, Number: number, From: v.State, To: to, By: by, At: l.now()}
	return l.store.MoveSolution(ctx, m, entry("solution."+string(to), id, number, by, m.At))
}

// Use records that a case is settled with the version in force. The score that
// its customer gives counts for that version, whenever it comes.
func (l *Library) Use(ctx context.Context, c triage.ComplaintID, id, by string) error {
	v, err := l.InForce(ctx, id)
	if err != nil {
		return err
	}
	u := Use{Complaint: c, Solution: id, Number: v.Number, By: by, At: l.now()}
	e := entry("solution.used", id, v.Number, by, u.At)
	e.Object = triage.CaseObject(c)
	return l.store.UseSolution(ctx, u, e)
}

// Object is the Object of audit entries about a solution.
func Object(id string) string { return "solution:" + id }

func entry(action, id string, number int, by string, at time.Time) triage.AuditEntry {
	detail, err := json.Marshal(map[string]any{"solution": id, "version": number})
	if err != nil {
		detail = nil // cannot happen: a string and a number have a JSON form
	}
	return triage.AuditEntry{At: at, Actor: by, Action: action, Object: Object(id), Detail: string(detail)}
}
