package console

import "fmt"

// language is one of the two the console speaks.
type language int

const (
	chinese language = iota
	english
	languageCount
)

// languageNames are the names used in addresses and cookies, by language.
var languageNames = []string{"zh", "en"}

// languageOf returns Chinese for a name it does not know.
func languageOf(name string) language {
	if name == languageNames[english] {
		return english
	}
	return chinese
}

// Tag is the BCP 47 tag of the language.
func (l language) Tag() string {
	if l == english {
		return "en"
	}
	return "zh-CN"
}

// phrase is one entry of the catalogue, by language.
type phrase [languageCount]string

// text returns the phrase of a key, with its verbs filled. A key that the
// catalogue does not have is an error: a page must not show keys.
func (l language) text(key string, args ...any) (string, error) {
	p, ok := catalogue[key]
	if !ok {
		return "", fmt.Errorf("console: the catalogue has no phrase %q", key)
	}
	if len(args) == 0 {
		return p[l], nil
	}
	return fmt.Sprintf(p[l], args...), nil
}

// label returns the phrase for a code that comes from data, such as the name
// of a channel; an unknown code is shown as it is.
func (l language) label(group string, code any) string {
	if p, ok := catalogue[group+"."+fmt.Sprint(code)]; ok {
		return p[l]
	}
	return fmt.Sprint(code)
}
