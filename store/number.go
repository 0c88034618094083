package store

import (
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// The letters before the numbers of plans and event rules.
const (
	planPrefix = "P"
	rulePrefix = "R"
)

// numberOf returns the number in an id such as "P7"; 0, which no row has, for
// anything else.
func numberOf(prefix, id string) int64 {
	digits, ok := strings.CutPrefix(id, prefix)
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || prefix+strconv.FormatInt(n, 10) != id {
		return 0
	}
	return n
}

// numbered reads a number into an id.
type numbered[T ~string] struct {
	prefix string
	to     *T
}

// Scan implements sql.Scanner.
func (i numbered[T]) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return triage.Errorf(triage.CodeInternal, "an id %s… is stored as %T, want a number", i.prefix, src)
	}
	*i.to = T(i.prefix + strconv.FormatInt(n, 10))
	return nil
}
