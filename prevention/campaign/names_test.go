package campaign_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

// directory is a register that can be out of reach.
type directory struct {
	name  string
	down  bool
	reads int
}

func (d *directory) Campaigns(context.Context) ([]triage.Campaign, error) {
	d.reads++
	if d.down {
		return nil, errors.New("out of reach")
	}
	return []triage.Campaign{{ID: "CMP-1", Name: d.name}, {ID: "CMP-2"}}, nil
}

func TestNamesOfCampaigns(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	d := &directory{name: "春季存费送机"}
	n := campaign.NewNames(d, func() time.Time { return now })
	check := func(when, id, want string, reads int) {
		t.Helper()
		if got := n.Name(id); got != want || d.reads != reads {
			t.Errorf("%s: got %q after %d reads, want %q after %d", when, got, d.reads, want, reads)
		}
	}
	check("first", "CMP-1", "春季存费送机", 1)
	check("without a name", "CMP-2", "CMP-2", 1)
	check("unknown", "CMP-9", "CMP-9", 1)
	d.name, now = "春季存费送机（延期）", now.Add(30*time.Second)
	check("within the minute", "CMP-1", "春季存费送机", 1)
	d.down, now = true, now.Add(time.Minute)
	check("out of reach", "CMP-1", "春季存费送机", 2)
	d.down, now = false, now.Add(time.Minute)
	check("back", "CMP-1", "春季存费送机（延期）", 3)
}
