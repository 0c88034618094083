package main

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// clusterLister lists clusters, the latest alarm first.
type clusterLister interface {
	Clusters(ctx context.Context, f prevention.ClusterFilter) (prevention.ClusterPage, error)
}

// reportPage is how many clusters are read at a time, reportPages how many pages:
// older ones than that do not matter to a week.
const reportPage, reportPages = 200, 5

// reportClusters tells reports of the clusters that were raised in a week, ended
// in it, or are open; to a department of those whose type belongs to it.
func reportClusters(store clusterLister, types triage.Catalogue, zone *time.Location) func(context.Context, report.Scope) ([]report.Cluster, error) {
	return func(ctx context.Context, s report.Scope) ([]report.Cluster, error) {
		first, next := s.Week.Days()
		from, to := first.In(zone), next.In(zone)
		list := []report.Cluster{}
		f := prevention.ClusterFilter{Limit: reportPage}
		for range reportPages {
			page, err := store.Clusters(ctx, f)
			if err != nil {
				return nil, err
			}
			for i := range page.Clusters {
				k := &page.Clusters[i]
				if c := reportCluster(k, from, to); (c.New || c.Closed || c.Open) && belongs(types, k.Type, s.Department) {
					list = append(list, c)
				}
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
		return list, nil
	}
}

func belongs(types triage.Catalogue, typ, department string) bool {
	if department == "" {
		return true
	}
	info, ok := triage.FindType(types, typ)
	return ok && info.Department == department
}

func reportCluster(k *prevention.Cluster, from, to time.Time) report.Cluster {
	within := func(t time.Time) bool { return !t.Before(from) && t.Before(to) }
	known := k.Alarm.At.Before(to) && k.MergedInto == "" && !k.Historic && k.Stage != prevention.StageDismissed
	c := report.Cluster{
		Title: k.Title, Link: "/clusters/" + string(k.ID), Cases: k.Complaints, Type: k.Type,
		New: known && within(k.Alarm.At), Open: known && k.Stage.Active(), Closed: known && k.Stage == prevention.StageClosed && within(k.StageAt),
	}
	for _, a := range k.Explanation.Attributes {
		if d, ok := fact.DimNamed(a.Field); ok {
			c.Is = append(c.Is, fact.Is{Dim: d, Value: a.Value})
		}
	}
	return c
}

// outreachSum is what outreach has prevented, all plans together.
type outreachSum interface {
	Sum(ctx context.Context) (live.Sum, error)
}

// reportOutreach tells reports what outreach has prevented so far: of the whole
// house, as nobody knows it by department.
func reportOutreach(effects outreachSum) func(context.Context, report.Scope) (*report.Effect, error) {
	return func(ctx context.Context, s report.Scope) (*report.Effect, error) {
		sum, err := effects.Sum(ctx)
		if err != nil || sum.Plans == 0 || s.Department != "" {
			return nil, err
		}
		return &report.Effect{Prevented: sum.Avoided, Low: sum.AvoidedLow, High: sum.AvoidedHigh, Link: "/outreach"}, nil
	}
}

// silenceOutreach is the same for the cost of silence.
func silenceOutreach(effects outreachSum) silence.Source {
	return func(ctx context.Context) ([]silence.Prevented, error) {
		sum, err := effects.Sum(ctx)
		if err != nil || sum.Plans == 0 {
			return nil, err
		}
		return []silence.Prevented{{Name: "主动关怀", Link: "/outreach", Value: sum.Avoided, Low: sum.AvoidedLow, High: sum.AvoidedHigh}}, nil
	}
}
