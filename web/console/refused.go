package console

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

// refusedForm is a small form of a page that was not taken: the page shows what
// was written again, with what is wrong beside the field. The zero one is none.
type refusedForm struct {
	name, field string
	written     url.Values
	words       string
}

// refuseForm shows the page of the cluster again when the input of one of its
// forms is at fault; any other error is returned.
func (c *Console) refuseForm(v *visit, name string, err error) error {
	field, ok := fieldAtFault(err)
	if !ok {
		return err
	}
	if field == "due_at" {
		field = "due" // as the form calls it
	}
	words, known := catalogue["wrong."+name+"."+field]
	if !known {
		words = catalogue["wrong.field"]
	}
	return c.renderCluster(v, http.StatusUnprocessableEntity, refusedForm{name, field, v.r.PostForm, words[v.lang]})
}

// Is says whether this is the form of a name.
func (f refusedForm) Is(name string) bool { return f.name == name }

// Written is what somebody wrote into a field of a form, or what is usually
// there.
func (f refusedForm) Written(name, field, usual string) string {
	if f.name != name {
		return usual
	}
	return f.written.Get(field)
}

// Wrong says what is wrong with a field of a form, "" when nothing is.
func (f refusedForm) Wrong(name, field string) string {
	if f.name != name || f.field != field {
		return ""
	}
	return f.words
}

// said is why a desk refused something, in the language of the page where the
// desk speaks it, and the field at fault, "" for none.
func (c *Console) said(l language, err error) (field, words string) {
	e, ok := errors.AsType[*triage.Error](err)
	if !ok {
		return "", err.Error()
	}
	words = e.Message
	if in, ok := errors.AsType[*outreach.English](err); ok && l == english {
		words = in.Error()
	}
	return e.Field, c.masked(words, nil)
}
