package console

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// actionForms are how the sources name the action of an audit entry.
var actionForms = []*regexp.Regexp{
	regexp.MustCompile(`\bAction: +"([a-z_.]+)"`),
	regexp.MustCompile(`\b(?:audit|action|recordAction)[A-Z]?\w* += "([a-z_.]+)"`),
	regexp.MustCompile(`\baudit\([^"\n]*"([a-z_.]+)"`),
	regexp.MustCompile(`[eE]ntry\([^"\n]*"([a-z_.]+)"`),
	regexp.MustCompile(`^\s+Move\w+ +Move = "([a-z_]+)"`),
}

// objectAction is an action that is handed through functions: an object and
// what is done to it. The console has keys of the catalogue that look alike.
var objectAction = regexp.MustCompile(`"((?:case|cluster|customer|key|model|person|plan|reply|rule|session|solution|survey|task|user)\.[a-z_]+)"`)

// notActions look like actions: actors and objects, keys of facts and of the
// configuration, and the beginning of a name.
var notActions = map[string]bool{
	"audit": true, "oidc": true, "system": true, "unknown": true, "waited": true, "solution.": true, "survey.enabled": true, "survey.base_url": true,
}

// Every action that the program writes into the trail has words for people.
func TestActionsHaveWords(t *testing.T) {
	t.Parallel()
	found := 0
	for _, folder := range []string{"cmd", "jobs", "prevention", "store", "triage", "web"} {
		err := fs.WalkDir(os.DirFS("../../"+folder), ".", func(path string, d fs.DirEntry, err error) error {
			name := filepath.Base(path)
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
				strings.HasPrefix(name, "catalogue") || strings.HasPrefix(path, "storetest/") || folder == "triage" && strings.HasPrefix(path, "access/") {
				return err
			}
			source, err := os.ReadFile(filepath.Join("../..", folder, path))
			for line := range strings.Lines(string(source)) {
				forms := actionForms
				if folder != "web" {
					forms = append(slices.Clip(forms), objectAction)
				}
				for _, form := range forms {
					for _, m := range form.FindAllStringSubmatch(line, -1) {
						_, action := catalogue["action."+m[1]]
						_, move := catalogue["move."+m[1]]
						if found++; !action && !move && !notActions[m[1]] {
							t.Errorf("%s/%s: the action %s has no words", folder, path, m[1])
						}
					}
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 80 {
		t.Errorf("found %d actions in the sources; the forms no longer match them", found)
	}
}
