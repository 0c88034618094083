package replay_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
	"github.com/qianyi-dev/qianyi/triage"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type oneType struct{}

func (oneType) Assess(c *triage.Complaint) triage.Assessment {
	return triage.Assessment{ID: c.ID, Type: "billing"}
}

// company is 60 days of ordinary complaints and, at the end, customers whose
// payment failed, of whom every fifth complains. It is in the wrong order.
func company() replay.Input {
	var in replay.Input
	things := []string{"宽带断网报修没人来", "快递迟迟不送", "客服态度很差", "手机屏幕划痕", "房间隔音太差", "暖气不热", "电梯坏了", "路灯不亮"}
	for i := range 600 {
		id := fmt.Sprint("n", i)
		at := start.Add(time.Duration(i) * 144 * time.Minute)
		in.Complaints = append(in.Complaints, triage.Complaint{ID: triage.ComplaintID(id), CustomerID: triage.CustomerID(id), At: at, Text: things[(i*i/3)%8]})
		in.Customers = append(in.Customers, triage.Customer{ID: triage.CustomerID(id), Region: "大连"})
		in.Exposures = append(in.Exposures, triage.Exposure{CustomerID: triage.CustomerID(id), Kind: "payment", Key: "快付", At: at.Add(-time.Hour), Attrs: map[string]any{"status": "ok"}})
	}
	for i := range 60 {
		id := fmt.Sprint("p", i)
		at := start.Add(50*24*time.Hour + time.Duration(i)*time.Hour)
		in.Customers = append(in.Customers, triage.Customer{ID: triage.CustomerID(id), Region: "大连", OptedOut: i == 1})
		in.Exposures = append(in.Exposures, triage.Exposure{CustomerID: triage.CustomerID(id), Kind: "payment", Key: "快付", At: at, Attrs: map[string]any{"status": "failed"}})
		if i%5 == 0 {
			in.Complaints = append(in.Complaints, triage.Complaint{ID: triage.ComplaintID(id), CustomerID: triage.CustomerID(id), At: at.Add(time.Hour), Text: "快付扣了钱话费没到账"})
		}
	}
	return in
}

func run(ctx context.Context, in replay.Input, say func(replay.Event) error) (*replay.Replay, error) {
	r := replay.New(in, replay.Options{Analyzer: oneType{}, Tokenizer: segment.Default()})
	return r, r.Run(ctx, say)
}

func TestReplayFindsTheSilent(t *testing.T) {
	t.Parallel()
	var last *prevention.Cohort
	var raised, told int
	var before time.Time
	r, err := run(t.Context(), company(), func(e replay.Event) error {
		if e.At.Before(before) {
			t.Errorf("%s is said after %s", e.At, before)
		}
		before = e.At
		if e.Change != nil && e.Change.Kind == detect.Raised {
			raised++
			if e.Change.Cluster.Estimate.Basis != prevention.BasisExposure {
				t.Errorf("the alarm's estimate is %+v, want one from the exposures", e.Change.Cluster.Estimate)
			}
		}
		if e.Cohort != nil {
			told++
			last = e.Cohort
			for _, c := range e.Cohort.Customers {
				if c.Exposed.After(e.At) {
					t.Errorf("an exposure of %s is used at %s", c.Exposed, e.At)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if raised != 1 || told < 2 {
		t.Fatalf("got %d alarms and %d cohorts, want 1 and several", raised, told)
	}
	want := []prevention.Condition{{Kind: "payment", Key: "快付", Attrs: map[string]string{"status": "failed"}}}
	got := last.Rule.Conditions
	for i := range got {
		got[i].From, got[i].To = time.Time{}, time.Time{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rule (-want +got)\n%s", diff)
	}
	if len(last.Customers) != 47 || last.Excluded.Complained != 12 || last.Excluded.OptedOut != 1 {
		t.Errorf("got %d silent, excluded %+v; want 47, 12 who complained and 1 who opted out", len(last.Customers), last.Excluded)
	}
	issue := map[triage.ComplaintID]string{}
	for _, a := range r.Assignments() {
		issue[a.Complaint] = a.Issue
	}
	if len(issue) != 612 || issue["p0"] != "K1" || issue["p55"] != "K1" || issue["n0"] == "K1" {
		t.Errorf("assignments: %d complaints, p0 in %q, p55 in %q, n0 in %q", len(issue), issue["p0"], issue["p55"], issue["n0"])
	}
}

func TestReplayStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := run(ctx, company(), func(replay.Event) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	full := errors.New("disk full")
	if _, err := run(t.Context(), company(), func(replay.Event) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v, want the error of say", err)
	}
}

func TestReplayOfNothing(t *testing.T) {
	t.Parallel()
	r, err := run(t.Context(), replay.Input{Exposures: company().Exposures}, func(e replay.Event) error {
		t.Errorf("said %+v", e)
		return nil
	})
	if err != nil || len(r.Assignments()) != 0 {
		t.Errorf("got %v and %v", err, r.Assignments())
	}
}
