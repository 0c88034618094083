package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"

	"github.com/qianyi-dev/qianyi/triage"
)

//go:embed static
var staticFiles embed.FS

// assets are the static files. All share one version, a hash of everything, so
// that a style sheet can name an image beside it.
type assets struct {
	version string
	files   map[string][]byte
}

func loadAssets() (*assets, error) {
	a := &assets{files: map[string][]byte{}}
	entries, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("console: static files: %w", err)
	}
	sum := sha256.New()
	for _, e := range entries {
		content, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("console: static files: %w", err)
		}
		a.files[e.Name()] = content
		fmt.Fprintf(sum, "%s %d\n", e.Name(), len(content))
		sum.Write(content)
	}
	a.version = hex.EncodeToString(sum.Sum(nil)[:8])
	return a, nil
}

// path returns the address of a file, an error for one that does not exist.
func (a *assets) path(name string) (string, error) {
	if _, ok := a.files[name]; !ok {
		return "", fmt.Errorf("console: no static file %q", name)
	}
	return "/static/" + a.version + "/" + name, nil
}

// serve answers for the present version only, so that nothing wrong is ever
// cached for good.
func (a *assets) serve(v *visit) error {
	name := v.r.PathValue("name")
	content, ok := a.files[name]
	if !ok || v.r.PathValue("version") != a.version {
		return triage.Errorf(triage.CodeNotFound, "no such file")
	}
	h := v.w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, err := v.w.Write(content)
	if err != nil {
		return nil //nolint:nilerr // the reader has gone; there is nobody to tell
	}
	return nil
}
