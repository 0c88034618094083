package access_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

var noon = time.Date(2026, time.March, 1, 4, 0, 0, 0, time.UTC)

// rfcSecret is the key of RFC 6238, appendix B, in base32.
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func TestTakeCodeKnowsTheStandard(t *testing.T) {
	t.Parallel()
	// The last six digits of the values of appendix B for SHA-1.
	for unix, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"} {
		if step, ok := access.TakeCode(rfcSecret, code, time.Unix(unix, 0), 0); !ok || step != unix/30 {
			t.Errorf("at %d: got step %d, %v, want %d", unix, step, ok, unix/30)
		}
	}
}

func codeAt(t *testing.T, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCodeCustom(rfcSecret, at, totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestTakeCode(t *testing.T) {
	t.Parallel()
	step := noon.Unix() / 30
	for name, tt := range map[string]struct {
		code string
		last int64
		want bool
	}{
		"now":               {codeAt(t, noon), 0, true},
		"one step behind":   {codeAt(t, noon.Add(-30*time.Second)), 0, true},
		"one step ahead":    {codeAt(t, noon.Add(30*time.Second)), 0, true},
		"two steps behind":  {codeAt(t, noon.Add(-time.Minute)), 0, false},
		"two steps ahead":   {codeAt(t, noon.Add(time.Minute)), 0, false},
		"used already":      {codeAt(t, noon), step, false},
		"older than used":   {codeAt(t, noon.Add(-30*time.Second)), step, false},
		"newer than used":   {codeAt(t, noon.Add(30*time.Second)), step, true},
		"with a blank":      {codeAt(t, noon)[:3] + " " + codeAt(t, noon)[3:], 0, true},
		"empty":             {"", 0, false},
		"letters":           {"abcdef", 0, false},
		"too many digits":   {codeAt(t, noon) + "0", 0, false},
		"of another secret": {"000000", 0, false},
	} {
		if _, got := access.TakeCode(rfcSecret, tt.code, noon, tt.last); got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}

func TestSecretPicture(t *testing.T) {
	t.Parallel()
	secret, err := access.NewSecret("前移", "li")
	if err != nil {
		t.Fatal(err)
	}
	picture, err := access.SecretPicture("前移", "li", secret, 200)
	if err != nil {
		t.Fatal(err)
	}
	if drawn, err := png.Decode(bytes.NewReader(picture)); err != nil || drawn.Bounds().Dx() != 200 {
		t.Errorf("got no picture of 200 pixels: %v", err)
	}
	if _, err := access.SecretPicture("前移", "li", "not base32!", 200); err == nil {
		t.Error("a secret that is none was drawn")
	}
}

func TestRecoveryCodesWorkOnce(t *testing.T) {
	t.Parallel()
	codes, hashes := access.NewRecovery()
	rest, ok := access.TakeRecovery(hashes, strings.ToLower(strings.ReplaceAll(codes[3], "-", " ")))
	if !ok || len(rest) != len(hashes)-1 {
		t.Fatalf("got %d hashes left, %v, want one less", len(rest), ok)
	}
	if _, ok := access.TakeRecovery(rest, codes[3]); ok {
		t.Error("a recovery code worked twice")
	}
	if _, ok := access.TakeRecovery(rest, ""); ok {
		t.Error("no code at all was taken")
	}
	for _, c := range codes {
		if strings.Contains(strings.Join(hashes, " "), c) {
			t.Error("a recovery code is kept as it is")
		}
	}
}

func TestSealer(t *testing.T) {
	t.Parallel()
	s := access.NewSealer(access.NewKey())
	sealed := s.Seal("secret", "li")
	if got, err := s.Open(sealed, "li"); err != nil || got != "secret" {
		t.Errorf("got %q, %v", got, err)
	}
	if strings.Contains(sealed, "secret") || sealed == s.Seal("secret", "li") {
		t.Error("a sealed secret shows itself or is the same twice")
	}
	for name, open := range map[string]func() (string, error){
		"another owner": func() (string, error) { return s.Open(sealed, "wang") },
		"another key":   func() (string, error) { return access.NewSealer(access.NewKey()).Open(sealed, "li") },
		"damaged":       func() (string, error) { return s.Open("A"+sealed[1:len(sealed)-2]+"AA", "li") },
		"empty":         func() (string, error) { return s.Open("", "li") },
		"no base64":     func() (string, error) { return s.Open("%%%", "li") },
	} {
		if got, err := open(); err == nil {
			t.Errorf("%s: opened as %q", name, got)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"四季青山绿水长流", "correct horse", "li-2026-spring"} {
		if err := access.CheckPassword(good, "li"); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "short", "12345678", "PASSWORD", "aaaaaaaaaa", "好好好好好好好好好", "lilei2026", "LiLei123456", strings.Repeat("长", 201)} {
		err := access.CheckPassword(bad, "lilei")
		if triage.CodeOf(err) != triage.CodeInvalid {
			t.Errorf("%q: got %v, want CodeInvalid", bad, err)
		}
		if bad != "" && err != nil && strings.Contains(err.Error(), bad) {
			t.Errorf("the error %q repeats the password", err)
		}
	}
}

func TestSeen(t *testing.T) {
	t.Parallel()
	var s access.Seen
	look := func(person, object string, after time.Duration, want bool) {
		t.Helper()
		if got := s.First(person, object, noon.Add(after)); got != want {
			t.Errorf("%s at %s after %v: got %v, want %v", person, object, after, got, want)
		}
	}
	look("li", "case:1", 0, true)
	look("li", "case:1", 59*time.Minute, false)
	look("li", "case:2", 0, true)
	look("wang", "case:1", 0, true)
	look("li", "case:1", time.Hour, true)
	s.Forget("li", "case:1")
	look("li", "case:1", time.Hour, true)
}
