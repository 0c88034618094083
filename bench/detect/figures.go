package main

import (
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
	"github.com/qianyi-dev/qianyi/triage"
)

func median(n []int) float64 {
	if len(n) == 0 {
		return 0
	}
	slices.Sort(n)
	return float64(n[len(n)/2]+n[(len(n)-1)/2]) / 2
}

// perComplaint is the time of detection and understanding, in milliseconds.
func perComplaint(o outcome) float64 {
	return o.took.Seconds() * 1000 / float64(max(o.complaints, 1))
}

// bcubed measures agreement with the gold issues of kinds C and P with at least
// three members (Bagga and Baldwin, "Entity-Based Cross-Document Coreferencing
// Using the Vector Space Model", ACL 1998), averaged over their members. A
// companion without a gold issue counts as wrong; one of kind S never counts.
func bcubed(gold []goldIssue, list []replay.Assignment, use func(*goldIssue) bool) (precision, recall, f1 float64) {
	label, careless := map[triage.ComplaintID]int{}, map[triage.ComplaintID]bool{}
	for _, g := range gold {
		for _, m := range g.Members {
			label[m] = g.Issue
			careless[m] = g.Kind == "S"
		}
	}
	of := map[triage.ComplaintID]string{}
	together := map[string][]triage.ComplaintID{}
	for _, a := range list {
		of[a.Complaint] = a.Issue
		together[a.Issue] = append(together[a.Issue], a.Complaint)
	}
	n := 0.0
	for i := range gold {
		g := &gold[i]
		if g.Kind == "S" || len(g.Members) < 3 || !use(g) {
			continue
		}
		for _, m := range g.Members {
			same, all := 1.0, 1.0
			for _, o := range together[of[m]] {
				if o == m || of[m] == "" || careless[o] {
					continue
				}
				all++
				if l, labelled := label[o]; labelled && l == g.Issue {
					same++
				}
			}
			precision += same / all
			recall += same / float64(len(g.Members))
			n++
		}
	}
	precision, recall = precision/n, recall/n
	return precision, recall, 2 * precision * recall / (precision + recall)
}
