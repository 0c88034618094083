package replay

import (
	"fmt"

	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

// issues remembers where every complaint went.
type issues struct {
	order []triage.ComplaintID
	of    map[triage.ComplaintID]cluster.ID
	into  map[cluster.ID]cluster.ID
}

func newIssues() issues {
	return issues{of: map[triage.ComplaintID]cluster.ID{}, into: map[cluster.ID]cluster.ID{}}
}

func (s *issues) place(e detect.Event, p cluster.Placement) {
	s.order = append(s.order, e.ID)
	s.of[e.ID] = p.Issue
	for _, m := range p.Merged {
		s.into[m] = p.Issue
	}
}

// final follows the merges of an issue.
func (s *issues) final(id cluster.ID) cluster.ID {
	for to, ok := s.into[id]; ok; to, ok = s.into[id] {
		id = to
	}
	return id
}

// Assignment is the issue of one complaint: the cluster's id where it alarmed,
// I and a number where it did not, "" for a complaint that stands alone.
type Assignment struct {
	Complaint triage.ComplaintID
	Issue     string
}

// Assignments lists all complaints of the replay in order of time.
func (r *Replay) Assignments() []Assignment {
	list := make([]Assignment, 0, len(r.issues.order))
	size := map[string]int{}
	for _, id := range r.issues.order {
		issue := r.issues.final(r.issues.of[id])
		name := fmt.Sprint("I", issue)
		if k, ok := r.detector.ClusterOf(issue); ok {
			name = string(k)
		}
		size[name]++
		list = append(list, Assignment{id, name})
	}
	for i := range list {
		if size[list[i].Issue] == 1 {
			list[i].Issue = ""
		}
	}
	return list
}
