package triage_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
)

func TestErrorCodes(t *testing.T) {
	t.Parallel()
	cause := &triage.Error{Code: triage.CodeUnavailable, Field: "data", Message: "cannot be read", Err: fs.ErrPermission}
	for name, test := range map[string]struct {
		err  error
		want triage.Code
	}{
		"none":                 {nil, ""},
		"an error of ours":     {triage.Errorf(triage.CodeConflict, "closed"), triage.CodeConflict},
		"an error of a field":  {triage.FieldErrorf("id", "is missing"), triage.CodeInvalid},
		"a wrapped one":        {fmt.Errorf("import: %w", cause), triage.CodeUnavailable},
		"one of several":       {errors.Join(errors.New("late"), cause), triage.CodeUnavailable},
		"an error of a friend": {fs.ErrNotExist, triage.CodeInternal},
	} {
		if got := triage.CodeOf(test.err); got != test.want {
			t.Errorf("%s: got code %q, want %q", name, got, test.want)
		}
	}
	if !errors.Is(fmt.Errorf("import: %w", cause), fs.ErrPermission) {
		t.Error("the cause is lost")
	}
	if got, want := cause.Error(), "data: cannot be read: permission denied"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFindType(t *testing.T) {
	t.Parallel()
	for code, name := range map[string]string{"network": "网络质量", "network.slow": "网速慢", "billing": "资费争议"} {
		if info, found := triage.FindType(types{}, code); !found || info.Name != name {
			t.Errorf("%s: got %q, %v, want %s", code, info.Name, found, name)
		}
	}
	for _, code := range []string{"", "weather", "network.", "网络质量"} {
		if info, found := triage.FindType(types{}, code); found {
			t.Errorf("%q: got %v, want nothing", code, info)
		}
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]triage.Complaint{
		"断网\n三天了": {Title: "断网", Text: "三天了"}, "断网": {Title: "断网"}, "三天了": {Text: "三天了"}, "": {},
	} {
		if got := c.Body(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
