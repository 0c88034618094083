package testkit_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
)

func TestClock(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, time.March, 1, 9, 30, 0, 0, time.UTC)
	c := testkit.NewClock(start)
	if got := c.Now(); !got.Equal(start) {
		t.Errorf("a new clock shows %v, want %v", got, start)
	}
	if got, want := c.Advance(time.Hour), start.Add(time.Hour); !got.Equal(want) || !c.Now().Equal(want) {
		t.Errorf("an hour later the clock shows %v, want %v", got, want)
	}
	c.Set(start)
	if got := c.Now(); !got.Equal(start) {
		t.Errorf("a clock that was set back shows %v, want %v", got, start)
	}
}

func TestShared(t *testing.T) {
	repo := t.TempDir()
	sub := filepath.Join(repo, "main", "store", "deep")
	shared := filepath.Join(repo, "shared")
	for _, dir := range []string{sub, shared} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(repo, "main", "go.mod"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(sub)
	t.Setenv("QIANYI_SHARED", "")
	t.Setenv("QIANYI_CI", "")

	if got := testkit.Shared(t); !sameFolder(t, got, shared) {
		t.Errorf("beside the repository: got %s, want %s", got, shared)
	}
	elsewhere := t.TempDir()
	t.Setenv("QIANYI_SHARED", elsewhere)
	if got := testkit.Shared(t); got != elsewhere {
		t.Errorf("with QIANYI_SHARED: got %s, want %s", got, elsewhere)
	}
	t.Setenv("QIANYI_SHARED", "")
	if err := os.Remove(shared); err != nil {
		t.Fatal(err)
	}
	if skipped := ran(t, func(t *testing.T) { testkit.Shared(t) }); !skipped {
		t.Error("without shared data the test went on, want it skipped")
	}
}

// ran runs a subtest and says whether it was skipped.
func ran(t *testing.T, f func(t *testing.T)) (skipped bool) {
	t.Helper()
	t.Run("without data", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		f(t)
	})
	return skipped
}

func sameFolder(t *testing.T, a, b string) bool {
	t.Helper()
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	return os.SameFile(infoA, infoB)
}

func TestGolden(t *testing.T) {
	t.Chdir(t.TempDir())
	path := filepath.Join("testdata", "golden", "a", "b.txt")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("wanted\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "a/b.txt", []byte("wanted\n"))
	other := &recorder{TB: t}
	testkit.Golden(other, "a/b.txt", []byte("something else\n"))
	if !other.failed {
		t.Error("a difference from the golden file went unnoticed")
	}
}

// recorder notes a failure instead of failing the test.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }
