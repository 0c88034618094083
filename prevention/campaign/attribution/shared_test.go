package attribution_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// records reads a file of the shared data.
func records[T any](t *testing.T, path string, parse func(intake.Row) (T, error)) (list []T) {
	t.Helper()
	in, err := intake.Open(path, intake.Options{Zone: time.FixedZone("Asia/Shanghai", 8*60*60)})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for {
		row, err := in.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		r, err := parse(row)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
}

// TestSharedCampaign measures the incident of a campaign in the simulated
// operator: which of its complaints are found, and what else is.
func TestSharedCampaign(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	t.Parallel()
	dir := filepath.Join(testkit.Shared(t), "data", "sim-a")
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Incidents []struct {
			ID       string
			Exposure struct{ Kind, Key string }
			About    []triage.ComplaintID `json:"complaint_ids"`
		}
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	in := attribution.Replayed{
		Complaints: records(t, filepath.Join(dir, "complaints.jsonl"), intake.Complaint),
		Exposures:  records(t, filepath.Join(dir, "exposures.csv"), intake.Exposure),
	}
	found := map[triage.ComplaintID]campaign.Attribution{}
	r := attribution.Replay{Tokenizer: segment.Default(), Zone: time.FixedZone("Asia/Shanghai", 8*60*60), Judged: func(p attribution.Played) error {
		if p.About != nil {
			found[p.Complaint.ID] = *p.About
		}
		return nil
	}}
	if err := r.Run(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	for _, k := range truth.Incidents {
		if k.Exposure.Kind != campaign.ExposureKind {
			continue
		}
		var s score
		for _, id := range k.About {
			if a, ok := found[id]; ok && a.Campaign == k.Exposure.Key {
				s.right++
				delete(found, id)
			} else {
				s.missed++
			}
		}
		for _, a := range found {
			if a.Campaign == k.Exposure.Key {
				s.wrong++
			}
		}
		t.Logf("%s: precision %.2f recall %.2f (%+v)", k.ID, s.precision(), s.recall(), s)
		if s.precision() < 0.8 || s.recall() < 0.8 {
			t.Errorf("%s: precision and recall must be at least 0.8", k.ID)
		}
	}
}
