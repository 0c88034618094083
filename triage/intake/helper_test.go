package intake_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

var shanghai = time.FixedZone("UTC+8", 8*60*60)

func options() intake.Options { return intake.Options{Zone: shanghai} }

// open reads content under the name "in", which error texts then begin with.
func open(t testing.TB, content string) *intake.Reader {
	t.Helper()
	r, err := intake.New(strings.NewReader(content), "in", options())
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// drain decodes every row; what failed is told by its error text. An error
// that ends the reading fails the test.
func drain[T any](t testing.TB, r *intake.Reader, decode func(intake.Row) (T, error)) (values []T, rejected []string) {
	t.Helper()
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return values, rejected
		}
		var v T
		if err == nil {
			v, err = decode(row)
		}
		var bad *intake.RowError
		switch {
		case errors.As(err, &bad):
			rejected = append(rejected, err.Error())
		case err != nil:
			t.Fatalf("reading ended: %v", err)
		default:
			values = append(values, v)
		}
	}
}

// complaints reads content and returns "id=text" of each complaint.
func complaints(t testing.TB, content string) (got, rejected []string) {
	t.Helper()
	all, rejected := drain(t, open(t, content), intake.Complaint)
	for _, c := range all {
		got = append(got, string(c.ID)+"="+c.Text)
	}
	return got, rejected
}

// lines reads content with Lines and returns "id=text" of each complaint.
func lines(t testing.TB, content string) (got, rejected []string) {
	t.Helper()
	for c, err := range intake.Lines(strings.NewReader(content), "in", options()) {
		if err != nil {
			rejected = append(rejected, err.Error())
			continue
		}
		got = append(got, string(c.ID)+"="+c.Text)
	}
	return got, rejected
}

func at(s string) time.Time {
	t, err := time.ParseInLocation(time.DateTime, s, shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func full(t testing.TB, content string) triage.Complaint {
	t.Helper()
	all, rejected := drain(t, open(t, content), intake.Complaint)
	if len(all) != 1 || len(rejected) > 0 {
		t.Fatalf("got %d complaints and %q, want one and no rejects", len(all), rejected)
	}
	return all[0]
}
