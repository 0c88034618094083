package cascade_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// What reads like an attack is not asked about: of real complaints that must be
// few.
func TestFewRealComplaintsAreSuspected(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	shared := testkit.Shared(t)
	for code, file := range map[string]string{
		"telecom": "telecom/complaints.train.tsv", "citizen": "citizen/types.train.tsv",
	} {
		p, err := pack.Load("", code)
		if err != nil {
			t.Fatal(err)
		}
		all, err := os.ReadFile(filepath.Join(shared, "data", file))
		if err != nil {
			t.Fatal(err)
		}
		suspected, count := 0, 0
		for line := range strings.Lines(string(all)) {
			if _, text, found := strings.Cut(line, "\t"); found {
				count++
				if cascade.Suspect(strings.TrimSpace(text), p.Infos()) {
					suspected++
				}
			}
		}
		t.Logf("%s: %d of %d", file, suspected, count)
		if suspected*100 > 4*count {
			t.Errorf("%s: %d of %d are suspected, want 4 %% at most", file, suspected, count)
		}
	}
}
