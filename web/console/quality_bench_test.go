package console_test

import (
	"net/http"
	"testing"

	"github.com/qianyi-dev/qianyi/web/console"
)

// BenchmarkQuality is each page over a million cases of three years: the usual
// month, a year against the one before, and all of it.
func BenchmarkQuality(b *testing.B) {
	book := ledger(b, 1095, 812)
	d := setup(b, func(deps *console.Deps) { deps.Quality = &console.QualityDeps{Book: book} })
	d.signIn("quality", password)
	for name, query := range map[string]string{
		"month": "", "year": "?from=2025-01-01&to=2025-12-31&base=year",
		"all": "?from=2023-03-03&to=2026-03-01", "type": "?from=2023-03-03&to=2026-03-01&type=billing",
	} {
		for _, path := range qualityPaths {
			b.Run(name+path, func(b *testing.B) {
				for b.Loop() {
					if w := d.get(path + query); w.Code != http.StatusOK {
						b.Fatalf("got status %d", w.Code)
					}
				}
			})
		}
	}
}
