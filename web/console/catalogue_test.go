package console

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// These tests look at the catalogue from inside: it is no part of the API.

// codeGroups are the groups of the catalogue whose codes come from data, so
// that no template names the key.
var codeGroups = []string{
	"qbase", "qunit", "qkey", "weekday", "month",
	"modelstate", "learned", "opinion",
	"signal", "campaignstate", "campaigncause", "attributed", "mtable", "campaigncard", "wrong.campaign",
	"role", "account", "secret", "keystate", "permission", "oidc",
	"channel", "urgency", "sentiment", "intensity", "demand", "style", "status", "tab", "sort", "sla", "entity",
	"source", "rule", "actor", "action", "run", "task", "advice", "toast", "error.title", "error.advice",
	"lane", "stage", "become", "severity", "path", "verdict", "ktab", "basis", "announce", "wrong.note", "wrong.action", "wrong.assign", "wrong.solution", "wrong.rename", "attribute", "correction",
	"solutionstate", "wrong.content", "via", "drafted.reply", "refused", "finding", "wordkind", "letter",
	"cause", "move", "need", "clock", "breaches.tab", "why", "wrong.fact", "answer", "fact",
	"planstate", "drafted", "notice", "arm", "reason", "found", "foreseen", "rulestate",
	"copyverdict", "copyverdict.why", "copyseverity", "copypart", "copykind", "wrong.check", "wrong.accept",
	"staffby", "staffaxis", "staffmeasure", "staffwhat", "staffverdict", "improvestatus", "improvemove", "improveverdict", "improvewhy", "improvepart",
	"wrong.improve", "wrong.move",
	"tier", "cadence", "same", "exposure", "told", "contacttab", "tasktab", "todo", "why", "via",
	"attitude", "behaviour", "objection", "whynot", "condition", "ground", "wrong.capture",
	"dim", "flag", "figures",
	"assumption", "silenceunit", "silencesource", "linestate", "sendday", "language", "wrong.schedule", "wrong.silence",
	"wrong.contact", "wrong.tier", "wrong.merge", "wrong.unmerge", "wrong.task", "wrong.plan", "wrong.done", "wrong.reassign", "wrong.identify", "wrong.callback",
}

func TestCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	verbs := regexp.MustCompile(`%[a-z%]`)
	han := regexp.MustCompile(`\p{Han}`)
	for key, p := range catalogue {
		for l, text := range p {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s has no text in %s", key, languageNames[l])
			}
		}
		if zh, en := verbs.FindAllString(p[chinese], -1), verbs.FindAllString(p[english], -1); !slices.Equal(zh, en) {
			t.Errorf("%s has the verbs %q in Chinese and %q in English", key, zh, en)
		}
		if han.MatchString(p[english]) && key != "other.lang" {
			t.Errorf("%s is not English: %q", key, p[english])
		}
		if zh, en := strings.Count(p[chinese], "\n"), strings.Count(p[english], "\n"); zh != en {
			t.Errorf("%s has %d lines in Chinese and %d in English", key, zh+1, en+1)
		}
	}
}

func TestCataloguePartsAreApart(t *testing.T) {
	t.Parallel()
	want := 0
	for _, part := range catalogueParts {
		want += len(part)
	}
	if got := len(catalogue); got != want {
		t.Errorf("the catalogue has %d phrases, its parts %d: a key is in two of them", got, want)
	}
}

func TestCatalogueKeysAreUsed(t *testing.T) {
	t.Parallel()
	sources := readSources(t, "*.go") + readSources(t, "templates/*.html")
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`"([a-z_.0-9]+)"`).FindAllStringSubmatch(sources, -1) {
		used[m[1]] = true
	}
	for key := range catalogue {
		group := key[:strings.LastIndex(key, ".")+1]
		if !used[key] && !slices.ContainsFunc(codeGroups, func(g string) bool { return strings.HasPrefix(group, g+".") }) {
			t.Errorf("%s is not used", key)
		}
	}
	for _, m := range regexp.MustCompile(`\bt "([^"]+)"`).FindAllStringSubmatch(readSources(t, "templates/*.html"), -1) {
		if _, ok := catalogue[m[1]]; !ok {
			t.Errorf("a template uses %s, which is not in the catalogue", m[1])
		}
	}
}

func TestToastsAndErrorsHaveWords(t *testing.T) {
	t.Parallel()
	for code := range httpStatus {
		for _, group := range []string{"error.title.", "error.advice."} {
			if _, err := chinese.text(group + string(code)); err != nil {
				t.Error(err)
			}
		}
	}
	for _, m := range regexp.MustCompile(`redirect\([^\n]*, "([a-z_]+)"\)|toast :?= "([a-z_]+)"`).FindAllStringSubmatch(readSources(t, "*.go"), -1) {
		if _, err := chinese.text("toast." + m[1] + m[2]); err != nil {
			t.Error(err)
		}
	}
}

func TestTemplatesHaveNoWordsOfTheirOwn(t *testing.T) {
	t.Parallel()
	if found := regexp.MustCompile(`\p{Han}+`).FindAllString(readSources(t, "templates/*.html"), -1); found != nil {
		t.Errorf("templates say %q; that belongs into the catalogue", found)
	}
	for _, unwanted := range []string{"<style", " style=", "javascript:", "http://", "https://", " onclick"} {
		if strings.Contains(readSources(t, "templates/*.html"), unwanted) {
			t.Errorf("a template has %q, which the policy forbids", unwanted)
		}
	}
}

// readSources returns the files of the pattern, without tests and the
// catalogue itself.
func readSources(t *testing.T, pattern string) string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no files like %s: %v", pattern, err)
	}
	var b strings.Builder
	for _, name := range names {
		if strings.HasPrefix(name, "catalogue") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(content)
	}
	return b.String()
}
