package attribution_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/simulate"
	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/triage"
)

// TestSimulatedCompanies plays companies whose campaigns have an incident: of
// its complaints most are found, though some customers have no records, and of
// the others few are taken that do not name the campaign.
func TestSimulatedCompanies(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	t.Parallel()
	for _, seed := range []uint64{101, 104, 106} {
		scenario := simulate.Draw(seed, simulate.Options{})
		w, err := scenario.Generate()
		if err != nil {
			t.Fatal(err)
		}
		about := map[triage.ComplaintID]string{}
		for _, in := range w.Truth.Incidents {
			if in.Exposure.Kind == campaign.ExposureKind {
				for _, id := range in.ComplaintIDs {
					about[id] = in.Exposure.Key
				}
			}
		}
		text := map[triage.ComplaintID]string{}
		for i := range w.Complaints {
			w.Complaints[i].Campaign = "" // only the text tells
			text[w.Complaints[i].ID] = w.Complaints[i].Text
		}
		right, wrong := 0, 0
		r := attribution.Replay{Tokenizer: segment.Default(), Zone: time.UTC, Judged: func(p attribution.Played) error {
			if p.About == nil {
				return nil
			}
			switch a := p.About; {
			case about[a.Complaint] == a.Campaign:
				right++
			case !strings.Contains(text[a.Complaint], a.Campaign):
				wrong++
			}
			return nil
		}}
		if err := r.Run(t.Context(), attribution.Replayed{Complaints: w.Complaints, Exposures: w.Exposures}); err != nil {
			t.Fatal(err)
		}
		if recall := float64(right) / float64(len(about)); recall < 0.75 || wrong > len(w.Complaints)/200 {
			t.Errorf("seed %d: %d of %d found, %d of %d others taken", seed, right, len(about), wrong, len(w.Complaints))
		}
	}
}
