// Package chromium starts browsers for tests that look at pages as people do.
package chromium

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
)

// Find returns the path of a Chromium: $QIANYI_CHROMIUM, else one that is
// installed. Without one the test is skipped, with QIANYI_CI=1 it fails. It is
// skipped with -short, too: browsers take long.
func Find(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("takes long")
	}
	for _, name := range []string{os.Getenv("QIANYI_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	testkit.Missing(t, "no Chromium: set QIANYI_CHROMIUM to its path or install the package chromium")
	return ""
}

// Start starts a Chromium with a profile of its own and returns the context of
// its first tab. It runs until the cleanups of the test, so that later ones can
// still take pictures, and at most for the limit.
func Start(t testing.TB, limit time.Duration, options ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	options = append(options,
		chromedp.ExecPath(Find(t)), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("headless", true), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := context.WithTimeout(context.WithoutCancel(t.Context()), limit)
	t.Cleanup(stop)
	ctx, stopProcess := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stopProcess)
	ctx, stopTab := chromedp.NewContext(ctx)
	t.Cleanup(stopTab)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}
