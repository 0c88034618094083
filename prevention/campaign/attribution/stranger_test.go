package attribution_test

import (
	"encoding/json"
	"hash/fnv"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/triage"
)

// stranger is what somebody wrote who knew the task and not this package, see
// testdata/README.md.
type stranger struct {
	campaigns []triage.Campaign
	replayed  attribution.Replayed
	truth     map[triage.ComplaintID]string
}

func readStranger(t *testing.T) stranger {
	t.Helper()
	raw, err := os.ReadFile("testdata/stranger.json")
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		Campaigns []struct {
			ID, Name, From, To, Channel, Rules, Audience, Copy string
			Aliases                                            []string
		}
		Exposures []struct {
			Customer      triage.CustomerID `json:"customer_id"`
			Kind, Key, At string
			Attrs         map[string]any
		}
		Complaints []struct {
			ID              triage.ComplaintID
			Customer        triage.CustomerID `json:"customer_id"`
			At, Text, Truth string
		}
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	at := func(layout, s string) time.Time {
		v, err := time.Parse(layout, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	const second = "2006-01-02T15:04:05"
	s := stranger{truth: map[triage.ComplaintID]string{}}
	for _, c := range in.Campaigns {
		s.campaigns = append(s.campaigns, triage.Campaign{
			ID: c.ID, Name: c.Name, Channel: c.Channel, Rules: c.Rules, Audience: c.Audience, Copy: c.Copy, Aliases: c.Aliases,
			From: at(time.DateOnly, c.From), To: at(time.DateOnly, c.To).Add(day - time.Second),
		})
	}
	s.replayed.Campaigns = s.campaigns
	for _, e := range in.Exposures {
		s.replayed.Exposures = append(s.replayed.Exposures, triage.Exposure{CustomerID: e.Customer, Kind: e.Kind, Key: e.Key, At: at(second, e.At), Attrs: e.Attrs})
	}
	for _, c := range in.Complaints {
		s.replayed.Complaints = append(s.replayed.Complaints, triage.Complaint{ID: c.ID, CustomerID: c.Customer, At: at(second, c.At), Text: c.Text})
		s.truth[c.ID] = c.Truth
	}
	return s
}

// unseen says whether a complaint is of the half that nobody looked at.
func unseen(id triage.ComplaintID) bool {
	h := fnv.New32a()
	h.Write([]byte(id))
	return h.Sum32()%2 == 1
}

// named says whether a text has the name of a campaign or another one of it.
func (s *stranger) named(id, text string) bool {
	for _, c := range s.campaigns {
		if c.ID == id {
			for _, n := range append([]string{c.Name}, c.Aliases...) {
				if strings.Contains(text, n) {
					return true
				}
			}
		}
	}
	return false
}

// judge plays the records and counts one half, and how many of those that name
// the campaign, and of those that do not, are found.
func (s *stranger) judge(t *testing.T, half bool) (all, named, unnamed score) {
	t.Helper()
	r := attribution.Replay{Tokenizer: segment.Default(), Zone: time.UTC, Judged: func(p attribution.Played) error {
		c, truth := p.Complaint, s.truth[p.Complaint.ID]
		if unseen(c.ID) != half {
			return nil
		}
		said := campaign.Attribution{}
		if p.About != nil {
			said = *p.About
		}
		kind := &unnamed
		if s.named(truth, c.Text) {
			kind = &named
		}
		for _, to := range []*score{&all, kind} {
			switch {
			case truth == said.Campaign && truth == "":
				to.clean++
			case truth == said.Campaign:
				to.right++
			case said.Campaign != "":
				to.wrong++
			}
			if truth != "" && truth != said.Campaign {
				to.missed++
			}
		}
		if truth != said.Campaign && !half {
			t.Logf("%s for %s by %s %.2f %q: %s", said.Campaign, truth, said.Basis, said.Score, said.Evidence, c.Text)
		}
		return nil
	}}
	if err := r.Run(t.Context(), s.replayed); err != nil {
		t.Fatal(err)
	}
	return all, named, unnamed
}

// TestStranger holds what was measured on both halves, a little below it.
func TestStranger(t *testing.T) {
	t.Parallel()
	s := readStranger(t)
	for _, tt := range []struct {
		name              string
		half              bool
		precision, recall float64
	}{{"looked at", false, 0.95, 0.82}, {"unseen", true, 0.95, 0.78}} {
		all, named, unnamed := s.judge(t, tt.half)
		t.Logf("%s: precision %.2f, recall %.2f: of those that name it %.2f, of the others %.2f (%+v, %+v, %+v)",
			tt.name, all.precision(), all.recall(), named.recall(), unnamed.recall(), all, named, unnamed)
		if all.precision() < tt.precision || all.recall() < tt.recall {
			t.Errorf("%s: precision %.2f, recall %.2f, want at least %.2f, %.2f", tt.name, all.precision(), all.recall(), tt.precision, tt.recall)
		}
	}
}
