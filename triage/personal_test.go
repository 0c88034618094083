package triage_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
)

// TestPersonalDataHidesItself writes a customer in every way that code does by
// accident, and looks for the data.
func TestPersonalDataHidesItself(t *testing.T) {
	t.Parallel()
	c := triage.Customer{ID: "K-1", Name: "欧阳小明", Phone: "13800138000", Email: "xiaoming@example.com"}
	var text, structured bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("seen", "customer", c, "phone", c.Phone, "name", c.Name, "email", c.Email)
	slog.New(slog.NewJSONHandler(&structured, nil)).Info("seen", "customer", c, "phone", c.Phone, "name", c.Name, "email", c.Email)
	encoded, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for way, got := range map[string]string{
		"a text log": text.String(), "a JSON log": structured.String(), "JSON": string(encoded),
		"%v": fmt.Sprintf("%v", c), "%+v": fmt.Sprintf("%+v", c), "%q": fmt.Sprintf("%q %q %q", c.Phone, c.Name, c.Email),
		"an error": triage.FieldErrorf("phone", "%s is unknown", c.Phone).Error(),
	} {
		for _, secret := range []string{"13800138000", "阳小明", "xiaoming"} {
			if strings.Contains(got, secret) {
				t.Errorf("%s shows %s: %s", way, secret, got)
			}
		}
	}
	if got := c.Phone.String() + c.Name.String() + c.Email.String(); got != "138****8000欧*x***@example.com" {
		t.Errorf("masked as %s", got)
	}
	if got := c.Phone.Reveal() + c.Name.Reveal() + c.Email.Reveal(); got != "13800138000欧阳小明xiaoming@example.com" {
		t.Errorf("revealed as %s", got)
	}
}
