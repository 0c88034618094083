package improve

import (
	"slices"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Status is how far an improvement is.
type Status string

// The statuses. People say whether a done improvement is verified or has failed,
// with the measured effect before them.
const (
	Planned  Status = "planned"
	Doing    Status = "doing"
	Done     Status = "done"
	Verified Status = "verified"
	Failed   Status = "failed"
	Closed   Status = "closed"
)

// Statuses lists the statuses in their order.
var Statuses = []Status{Planned, Doing, Done, Verified, Failed, Closed}

// moves lists every allowed change of status.
var moves = map[Status][]Status{
	Planned:  {Doing, Closed},
	Doing:    {Done, Planned, Closed},
	Done:     {Verified, Failed, Doing},
	Verified: {Closed},
	Failed:   {Doing, Closed},
	Closed:   {Planned},
}

// Moves returns the statuses that may follow.
func (s Status) Moves() []Status { return slices.Clone(moves[s]) }

// Open says whether somebody still has to do something before it is done.
func (s Status) Open() bool { return s == Planned || s == Doing }

// Improvement is a change that is to lower the complaints of a scope.
type Improvement struct {
	ID    int64
	Title string
	// Scope chooses the complaints that it is about, without days. Control chooses
	// those it is compared with, less the scope itself: the zero value all; its
	// conditions are some of those of Scope.
	Scope, Control fact.Filter
	// Cluster is the cluster that it came from, "" for none, and Peak the days in
	// which the complaints rose to the alarm: they do not count as before. A Peak
	// without To lasts until the change.
	Cluster prevention.ClusterID
	Peak    Span
	Cause   string
	// Owner and Department have to do it until the end of the day Due.
	Owner, Department string
	Due               fact.Day
	// Target is the change of the rate of complaints that is hoped for, such as
	// -0.3.
	Target float64
	// Started and Done are the first day of the change and the last; 0 before.
	Started, Done fact.Day
	Status        Status
	// CopyOf is the improvement that was used again, 0 for none.
	CopyOf int64
	// Effect is the last measured one, at EffectAt; nil before the first.
	Effect   *Effect
	EffectAt time.Time

	CreatedAt time.Time
	CreatedBy string
	UpdatedAt time.Time
	// Version grows by one with every change of people; a change with an old one
	// fails.
	Version int64
}

// Object is the Object of audit entries about an improvement.
func Object(id int64) string { return "improvement:" + strconv.FormatInt(id, 10) }

// Overdue says whether it should have been done before the day.
func (a *Improvement) Overdue(today fact.Day) bool { return a.Status.Open() && a.Due < today }

// Remark is an entry of the history: a change of status, a note, or both.
type Remark struct {
	At     time.Time
	By     string
	Status Status
	Text   string
}

// Filter narrows the improvements. Zero fields do not filter.
type Filter struct {
	Statuses   []Status
	Department string
	Owner      string
	Cluster    prevention.ClusterID
	// Measured asks for those that have an effect.
	Measured bool
	// For keeps to those that a person may see: of the department, their own, or
	// made by them.
	For Viewer
	// Limit is at most 500; 0 means 500.
	Limit int
}

// Viewer is a person who sees one department only.
type Viewer struct{ Name, Department string }

// May says whether the viewer may see the improvement; without a department,
// every one.
func (w Viewer) May(a *Improvement) bool {
	return w.Department == "" || a.Department == w.Department || a.Owner == w.Name || a.CreatedBy == w.Name
}

// Narrow returns a scope or control that the viewer wants to have counted, as
// they may: figures of other departments, and of the people there, are for those
// who belong to none. was is the filter so far, which stays allowed. field is
// that of the error, which is of CodeInvalid.
func (w Viewer) Narrow(field string, f, was fact.Filter) (fact.Filter, error) {
	if w.Department == "" || f.Query().Encode() == was.Query().Encode() {
		return f, nil
	}
	own, others := false, false
	for _, is := range f.Is {
		switch is.Dim {
		case fact.Department, fact.CauseDepartment:
			if is.Value != w.Department {
				return f, triage.FieldErrorf(field, "names another department than that of the user")
			}
			own = own || is.Dim == fact.Department
		case fact.Owner:
			others = others || is.Value != w.Name
		}
	}
	if others && !own {
		f = f.With(fact.Department, w.Department)
	}
	return f, nil
}
