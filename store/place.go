package store

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// placeOf writes a cursor behind the row with this time and id.
func placeOf(at time.Time, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(at.UnixMilli(), 10) + " " + id))
}

// parsePlace reads what placeOf wrote.
func parsePlace(cursor string) (at int64, id string, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		var ms string
		ms, id, _ = strings.Cut(string(b), " ")
		at, err = strconv.ParseInt(ms, 10, 64)
	}
	if err != nil || id == "" {
		return 0, "", triage.FieldErrorf("cursor", "is not one of ours; start again from the first page")
	}
	return at, id, nil
}
