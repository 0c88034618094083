package outreach

import (
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
)

// English is the cause of a refusal: its message, which is Chinese, in English.
type English struct{ text string }

// Error returns the English text.
func (e *English) Error() string { return e.text }

// refuse says in both languages what is wrong with a field. Both take the same
// arguments.
func refuse(field, chinese, english string, args ...any) *triage.Error {
	e := refuseAs(triage.CodeInvalid, chinese, english, args...)
	e.Field = field
	return e
}

// refuseAs says in both languages why something cannot be done.
func refuseAs(code triage.Code, chinese, english string, args ...any) *triage.Error {
	return &triage.Error{Code: code, Message: fmt.Sprintf(chinese, args...), Err: &English{fmt.Sprintf(english, args...)}}
}
