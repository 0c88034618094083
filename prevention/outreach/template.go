package outreach

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
)

// The variables of a template. Besides, {{attr.NAME}} is any attribute of the
// exposure that made the customer part of the cohort.
const (
	varName    = "name"
	varRegion  = "region"
	varProduct = "product"
	varTime    = "time" // of the exposure, to the minute
	varDate    = "date" // of the exposure
	varKind    = "kind"
	varKey     = "key"

	attrPrefix = "attr."
)

// Variables lists the names that a template may use, in the order the console
// shows them, without {{attr.NAME}}.
var Variables = []string{varName, varRegion, varProduct, varTime, varDate, varKind, varKey}

const (
	maxSubjectRunes = 100
	maxTextRunes    = 1000
)

var (
	placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)
	leftBrace   = regexp.MustCompile(`\{\{|\}\}`)
)

// checkTemplate finds what is wrong with a template whoever reads it. Errors
// name the field and, of variables, the one that is unknown.
func checkTemplate(t prevention.Template) error {
	if strings.TrimSpace(t.Text) == "" {
		return refuse("text", "请填写通知内容", "write a message")
	}
	for _, f := range []struct {
		field, text string
		limit       int
	}{{"subject", t.Subject, maxSubjectRunes}, {"text", t.Text, maxTextRunes}} {
		if n := len([]rune(f.text)); n > f.limit {
			return refuse(f.field, "共 %d 字，超过 %d 字", "has %d characters; %d are allowed", n, f.limit)
		}
		for _, name := range variablesOf(f.text) {
			if !slices.Contains(Variables, name) && !isAttr(name) {
				return refuse(f.field, "没有变量 {{%s}}；可用：%s、attr.属性名", "there is no variable {{%s}}; use %s, attr.NAME", name, strings.Join(Variables, "、"))
			}
		}
		if leftBrace.MatchString(placeholder.ReplaceAllString(f.text, "")) {
			return refuse(f.field, "花括号没有成对；变量写成 {{name}}", "braces do not match; write variables like {{name}}")
		}
	}
	if strings.ContainsAny(t.Subject, "\r\n") {
		return refuse("subject", "标题不能换行", "the subject must be one line")
	}
	return nil
}

func isAttr(name string) bool {
	return strings.HasPrefix(name, attrPrefix) && len(name) > len(attrPrefix)
}

// variablesOf lists the variables of a text, each once, in order.
func variablesOf(text string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// needsExposure says whether a template speaks of more than the customer.
func needsExposure(t prevention.Template) bool {
	return slices.ContainsFunc(variablesOf(t.Subject+t.Text), func(name string) bool {
		return name != varName && name != varRegion
	})
}

// missingError is a variable that a customer has no value for.
type missingError struct{ variable string }

func (e *missingError) Error() string { return fmt.Sprintf("no value for {{%s}}", e.variable) }

// render fills a template. A missing or empty value is a *missingError: nobody
// is sent half a text. Values are put in as they are and not read again.
func render(text string, values map[string]string) (string, error) {
	var missing error
	out := placeholder.ReplaceAllStringFunc(text, func(match string) string {
		name := placeholder.FindStringSubmatch(match)[1]
		value := values[name]
		if value == "" && missing == nil {
			missing = &missingError{name}
		}
		return value
	})
	return out, missing
}
