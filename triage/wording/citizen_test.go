package wording_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// Formal replies of authorities are nearly all proper in tone, so what is
// flagged in them beside empty delays and evasions is mostly a false alarm. Of
// those two many are real: replies that only confirm receipt or pass it on.
func TestFewAlarmsOnFormalReplies(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const every = 12 // of the replies, to keep the test short
	f, err := os.Open(filepath.Join(testkit.Shared(t), "data", "citizen", "replies.jsonl"))
	if err != nil {
		t.Skip("the citizen replies are not in the shared data:", err)
	}
	defer f.Close() // only read
	c := checker(t)
	kinds := map[wording.Kind]int{}
	replies, flagged, tone := 0, 0, 0
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for line := 0; s.Scan(); line++ {
		if line%every != 0 {
			continue
		}
		var l struct{ Title, Text, Resolution string }
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		replies++
		found := kindsOf(c.Check(l.Resolution, matter(t, l.Title+"\n"+l.Text)))
		rude := false
		for _, k := range found {
			kinds[k]++
			rude = rude || k != wording.Evading && k != wording.EmptyDelay
		}
		if len(found) > 0 {
			flagged++
		}
		if rude {
			tone++
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d replies flagged, %d for more than delay or evasion: %v", flagged, replies, tone, kinds)
	if share := float64(tone) / float64(replies); share > 0.08 {
		t.Errorf("%.3f of the replies have flags beside delay and evasion, want at most 0.08", share)
	}
}
