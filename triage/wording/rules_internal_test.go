package wording

import (
	"strings"
	"testing"
)

func TestRuleFileMistakesAreNamed(t *testing.T) {
	t.Parallel()
	shipped := string(ruleFile)
	for _, tt := range []struct{ name, old, replacement, says string }{
		{"a field nobody knows", "points: 2", "point: 2", "point"},
		{"a kind nobody knows", "kind: arguing", "kind: quarrel", `"quarrel"`},
		{"a pattern that does not compile", "          - 呵呵", "          - (呵呵", "mocking"},
		{"a fragment that is not there", "<verified>", "<proven>", "<proven>"},
		{"a fragment the code reads", "  grant:", "  gift:", `"grant"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			broken := strings.Replace(shipped, tt.old, tt.replacement, 1)
			if broken == shipped {
				t.Fatalf("%q is not in the file", tt.old)
			}
			if _, err := parseRules([]byte(broken)); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want an error that says %s", err, tt.says)
			}
		})
	}
}

func TestEveryKindHasRules(t *testing.T) {
	t.Parallel()
	book, err := parseRules(ruleFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Kinds {
		if rules := book.kinds[k]; len(rules.rules) == 0 {
			t.Errorf("%s has no rule", k)
		}
	}
}
