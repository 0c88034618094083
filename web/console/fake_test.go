package console_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/triage"
)

// company is a service and its stores in memory, as small as the console needs
// them. Its methods are safe for concurrent use.
type company struct {
	mu       sync.Mutex
	now      func() time.Time
	cases    []triage.Case
	users    map[string]triage.User
	sessions map[string]triage.Session
	trail    []triage.AuditEntry
	runs     []jobs.Run
	keys     []triage.Key
	broken   int64 // the entry at which the trail is broken, 0 for none
	asked    []triage.QueueFilter
	// fail is what every reading of cases returns, nil for none.
	fail error
	// panics makes the next counting of cases panic.
	panics bool
}

func (f *company) find(id triage.ComplaintID) *triage.Case {
	for i := range f.cases {
		if f.cases[i].ID == id {
			return &f.cases[i]
		}
	}
	return nil
}

func (f *company) Case(_ context.Context, id triage.ComplaintID) (triage.Case, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return triage.Case{}, f.fail
	}
	if k := f.find(id); k != nil {
		return *k, nil
	}
	return triage.Case{}, triage.Errorf(triage.CodeNotFound, "no case %s", id)
}

func (f *company) View(_ context.Context, id triage.ComplaintID, similar int) (triage.View, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return triage.View{}, f.fail
	}
	k := f.find(id)
	if k == nil {
		return triage.View{}, triage.Errorf(triage.CodeNotFound, "no case %s", id)
	}
	v := triage.View{Case: *k}
	for _, s := range k.Assessment.Similar[:min(similar, len(k.Assessment.Similar))] {
		v.Neighbours = append(v.Neighbours, *f.find(s.ID))
	}
	for _, c := range f.cases {
		if k.CustomerID != "" && c.CustomerID == k.CustomerID && c.At.Before(k.At) {
			v.Earlier = append(v.Earlier, c)
		}
	}
	for _, e := range f.trail {
		if e.Object == triage.CaseObject(id) {
			v.Trail = append(v.Trail, e)
		}
	}
	return v, nil
}

func (f *company) Queue(_ context.Context, q triage.QueueFilter) (triage.QueuePage, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, q)
	if f.fail != nil {
		return triage.QueuePage{}, f.fail
	}
	start := 0
	var matches []triage.Case
	for _, c := range f.cases {
		if (q.Status == "" || c.Status == q.Status) && (q.Type == "" || c.FinalType() == q.Type) {
			matches = append(matches, c)
		}
	}
	if q.Cursor != "" {
		start = slices.IndexFunc(matches, func(c triage.Case) bool { return string(c.ID) == q.Cursor }) + 1
	}
	end := min(start+q.Limit, len(matches))
	page := triage.QueuePage{Cases: matches[start:end], Total: len(matches)}
	if end < len(matches) {
		page.Next = string(matches[end-1].ID)
	}
	return page, nil
}

func (f *company) CountByStatus(context.Context) (map[triage.Status]int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.panics {
		panic("a mistake of ours")
	}
	counts := map[triage.Status]int{}
	for _, c := range f.cases {
		counts[c.Status]++
	}
	return counts, f.fail
}

func (f *company) Catalogue() triage.Catalogue { return pack{} }

func (f *company) Assess(_ context.Context, c triage.Complaint, _ int) (triage.Assessment, error) {
	if err := c.Validate(); err != nil {
		return triage.Assessment{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cases[0].Assessment, nil
}

func (f *company) Submit(_ context.Context, c triage.Complaint, _ int) (triage.Receipt, error) {
	if err := c.Validate(); err != nil {
		return triage.Receipt{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.find(c.ID); k != nil {
		return triage.Receipt{Case: *k, Duplicate: true}, nil
	}
	k := triage.Case{Seq: int64(len(f.cases) + 1), Complaint: c, Status: triage.StatusReceived, ReceivedAt: f.now()}
	f.cases = append(f.cases, k)
	return triage.Receipt{Case: k}, nil
}

func (f *company) Confirm(_ context.Context, id triage.ComplaintID, typ, subtype, by string) (triage.Case, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k := f.find(id)
	if k == nil {
		return triage.Case{}, triage.Errorf(triage.CodeNotFound, "no case %s", id)
	}
	if _, ok := triage.FindType(pack{}, typ); !ok {
		return triage.Case{}, triage.FieldErrorf("type", "%q is not a type", typ)
	}
	k.Type, k.Subtype, k.Status = typ, subtype, triage.StatusAcknowledged
	f.trail = append(f.trail, triage.AuditEntry{
		At: f.now(), Actor: by, Action: "confirm", Object: triage.CaseObject(id), Detail: `{"type":"` + typ + `","subtype":"` + subtype + `"}`,
	})
	return *k, nil
}

func (f *company) Close(_ context.Context, d triage.Closing) (triage.Case, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k := f.find(d.Complaint)
	if k == nil {
		return triage.Case{}, triage.Errorf(triage.CodeNotFound, "no case %s", d.Complaint)
	}
	if k.Status == triage.StatusClosed {
		return triage.Case{}, triage.Errorf(triage.CodeConflict, "closed already")
	}
	k.Status, k.Resolution, k.Satisfaction, k.ClosedAt = triage.StatusClosed, d.Resolution, d.Satisfaction, d.At
	return *k, nil
}

func (f *company) Search(_ context.Context, words string, q triage.QueueFilter) ([]triage.Case, int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []triage.Case
	for _, c := range f.cases {
		if strings.Contains(c.Body(), words) {
			found = append(found, c)
		}
	}
	return found[:min(q.Limit, len(found))], len(found), f.fail
}

func (f *company) PutUser(_ context.Context, u triage.User) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.users[u.Name] = u
	return nil
}

func (f *company) User(_ context.Context, name string) (triage.User, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, ok := f.users[name]
	if !ok {
		return u, triage.Errorf(triage.CodeNotFound, "no such user")
	}
	return u, nil
}

func (f *company) Users(context.Context) ([]triage.User, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.SortedFunc(maps.Values(f.users), func(a, b triage.User) int { return strings.Compare(a.Name, b.Name) }), nil
}

func (f *company) EditUser(_ context.Context, name string, edit func(*triage.User) ([]triage.AuditEntry, error)) (triage.User, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, ok := f.users[name]
	if !ok {
		return u, triage.Errorf(triage.CodeNotFound, "no such user")
	}
	was := u
	entries, err := edit(&u)
	if err != nil {
		return triage.User{}, err
	}
	lost := was.Role == triage.RoleAdmin && !was.Disabled && (u.Role != triage.RoleAdmin || u.Disabled)
	f.users[name] = u
	if lost && !slices.ContainsFunc(slices.Collect(maps.Values(f.users)), func(u triage.User) bool { return u.Role == triage.RoleAdmin && !u.Disabled }) {
		f.users[name] = was
		return triage.User{}, triage.Errorf(triage.CodeConflict, "the last administrator")
	}
	f.trail = append(f.trail, entries...)
	return u, nil
}

func (f *company) CountUsers(context.Context) (int, error) { return len(f.users), nil }

func (f *company) PutSession(_ context.Context, s triage.Session) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sessions[s.TokenHash] = s
	return nil
}

func (f *company) Session(_ context.Context, hash string) (triage.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.sessions[hash]
	if !ok {
		return s, triage.Errorf(triage.CodeNotFound, "no such session")
	}
	return s, nil
}

func (f *company) TouchSession(_ context.Context, hash string, at time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.sessions[hash]
	s.SeenAt = at
	f.sessions[hash] = s
	return nil
}

func (f *company) DeleteSession(_ context.Context, hash string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.sessions, hash)
	return nil
}

func (f *company) Append(_ context.Context, e triage.AuditEntry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trail = append(f.trail, e)
	return nil
}

func (f *company) Trail(context.Context, string) ([]triage.AuditEntry, error) { return nil, nil }

// actions returns what the trail says was done, in order.
func (f *company) actions() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for _, e := range f.trail {
		all = append(all, e.Actor+" "+e.Action+" "+e.Object)
	}
	return all
}

func (f *company) Jobs() []jobs.Job {
	return []jobs.Job{{Name: "index-catch-up", Schedule: "@every 1m", Limit: 10 * time.Minute}}
}

func (f *company) Runs(context.Context, string, int) ([]jobs.Run, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.runs), nil
}

func (f *company) RunNow(_ context.Context, job, by string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if job != "index-catch-up" {
		return triage.Errorf(triage.CodeNotFound, "no job %s", job)
	}
	for _, r := range f.runs {
		if r.State == jobs.StateRunning {
			return triage.Errorf(triage.CodeConflict, "running")
		}
	}
	f.runs = append([]jobs.Run{{ID: 9, Job: job, State: jobs.StateRunning, StartedAt: f.now(), By: by}}, f.runs...)
	return nil
}
