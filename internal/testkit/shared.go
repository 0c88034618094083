package testkit

import (
	"os"
	"path/filepath"
	"testing"
)

// Shared returns the folder of shared data, which is no part of the
// repository: $QIANYI_SHARED, else the folder "shared" beside the repository.
// Without one the test is skipped; with QIANYI_CI=1 it fails, so that CI never
// passes by leaving tests out.
func Shared(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("QIANYI_SHARED"); dir != "" {
		if !isDir(dir) {
			t.Fatalf("QIANYI_SHARED=%s is not a folder", dir)
		}
		return dir
	}
	if root := moduleRoot(t); root != "" {
		if dir := filepath.Join(filepath.Dir(root), "shared"); isDir(dir) {
			return dir
		}
	}
	Missing(t, "shared data is absent: set QIANYI_SHARED to its folder or put it beside the repository as ../shared")
	return ""
}

// moduleRoot walks up to the folder of go.mod, "" when there is none.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("working directory: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Missing skips the test because of what is absent; with QIANYI_CI=1 it fails it.
func Missing(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("QIANYI_CI") == "1" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}
