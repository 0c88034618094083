package wording_test

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// Formal replies of authorities to citizens are nearly all proper: what is
// flagged in them is mostly a false alarm.
func TestFewAlarmsOnFormalReplies(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join(testkit.Shared(t), "data", "citizen", "replies.jsonl"))
	if err != nil {
		t.Skip("no citizen replies here:", err)
	}
	defer f.Close() // only read
	c := checker(t)
	flagged, total := map[wording.Kind]int{}, 0
	any := 0
	rng := rand.New(rand.NewPCG(1, 2))
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var l struct{ Title, Text, Resolution string }
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		total++
		r := c.Check(l.Resolution, matter(t, l.Title+"\n"+l.Text))
		for _, k := range kindsOf(r) {
			flagged[k]++
		}
		if len(r.Flags) > 0 {
			any++
		}
		if os.Getenv("SHOW") == "citizen" {
			for _, f := range r.Flags {
				if rng.IntN(10) < 6 {
					x := []rune(l.Resolution)
					t.Logf("%s: %s>>>%s<<<%s", f.Kind, string(x[max(0, f.Start-25):f.Start]), f.Text, string(x[f.End:min(len(x), f.End+15)]))
				}
			}
		}
	}
	t.Logf("%d of %d replies flagged: %v", any, total, flagged)
}
