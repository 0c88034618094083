package attribution

import (
	"regexp"
	"slices"
)

// nothing is how people say that something is not what they complain about.
var nothing = regexp.MustCompile(`[跟和与同][^,。;!?]{1,12}(?:没有?(?:任何|半点|什么)?关系|无关|不相干)`)

// denied says whether a clue is in such words.
func (f *folded) denied(clues []clue) bool {
	at := nothing.FindStringIndex(f.norm.Text)
	return at != nil && slices.ContainsFunc(clues, func(c clue) bool { return c.kind.own() && c.from >= at[0] && c.to <= at[1] })
}

// question is one of a form, with a blank for yes or no and what is asked.
var question = regexp.MustCompile(`\([是有]?[/、,]?[否无]\)[^,。;!?()]{0,40}|\([是有]\)[^,。;!?()]{0,40}`)

// asked leaves out clues in questions of a form: the customer did not speak of it.
func (f *folded) asked(clues []clue) []clue {
	for _, q := range question.FindAllStringIndex(f.norm.Text, -1) {
		clues = slices.DeleteFunc(clues, func(c clue) bool { return c.from >= q[0] && c.to <= q[1] })
	}
	return clues
}
