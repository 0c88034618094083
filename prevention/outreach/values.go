package outreach

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// maxValueRunes keeps a value of the data from becoming the message.
const maxValueRunes = 60

// values returns what the variables stand for. Name says how the customer's
// name is shown; e is nil when the exposure is not known.
func values(name string, c *triage.Customer, e *triage.Exposure, zone *time.Location) map[string]string {
	v := map[string]string{varName: name, varRegion: c.Region}
	if e != nil {
		local := e.At.In(zone)
		v[varTime] = local.Format("1月2日 15:04")
		v[varDate] = local.Format("1月2日")
		v[varKind] = e.Kind
		v[varKey] = e.Key
		for field, value := range e.Attrs {
			v[attrPrefix+field] = plain(value)
		}
		v[varProduct] = plain(e.Attrs[varProduct])
		if v[varProduct] == "" && (e.Kind == "purchase" || e.Kind == varProduct) {
			v[varProduct] = e.Key
		}
	}
	for field, value := range v {
		v[field] = strings.Join(strings.Fields(value), " ") // a value is one line
	}
	maps.DeleteFunc(v, func(_, value string) bool { return value == "" || len([]rune(value)) > maxValueRunes })
	return v
}

// plain writes the value of an attribute as rules compare it; nil, lists and
// objects are "".
func plain(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return ""
}

// fits says whether an exposure meets a condition.
func fits(c *prevention.Condition, e *triage.Exposure) bool {
	if c.Kind != e.Kind || c.Key != "" && c.Key != e.Key ||
		e.At.Before(c.From) || !c.To.IsZero() && !e.At.Before(c.To) {
		return false
	}
	for field, want := range c.Attrs {
		if value, ok := e.Attrs[field]; !ok || plain(value) != want {
			return false
		}
	}
	return true
}

// pick returns the exposure at a time that fits one of the conditions, else any
// one of that time, else nil. Times are compared to the millisecond, as they
// are stored.
func pick(list []triage.Exposure, at time.Time, conditions []prevention.Condition) *triage.Exposure {
	var found *triage.Exposure
	for i := range list {
		e := &list[i]
		if e.At.UnixMilli() != at.UnixMilli() {
			continue
		}
		for j := range conditions {
			if fits(&conditions[j], e) {
				return e
			}
		}
		if found == nil {
			found = e
		}
	}
	return found
}
