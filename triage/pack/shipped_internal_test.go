package pack

import (
	"bytes"
	"errors"
	"testing"

	"github.com/qianyi-dev/qianyi/nlp"
)

// TestDamagedModels reads the shipped files as they never should be.
func TestDamagedModels(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(b []byte) []byte{
		"empty":              func([]byte) []byte { return nil },
		"half":               func(b []byte) []byte { return b[:len(b)/2] },
		"without its end":    func(b []byte) []byte { return b[:len(b)-1] },
		"with a flipped bit": func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"of another kind":    func([]byte) []byte { return []byte("code: general\n") },
	} {
		for file, content := range map[string][]byte{"sentiment": sentimentFile, "general": generalFile} {
			if _, err := readAttached(damage(bytes.Clone(content)), nil); err == nil {
				t.Errorf("a %s model %s was read", file, name)
			}
		}
	}
	if _, err := readAttached(sentimentFile, nil); err != nil {
		t.Errorf("the sentiment model as shipped: %v", err)
	}
}

func TestGeneralModelNeedsItsBackground(t *testing.T) {
	t.Parallel()
	_, err := readAttached(generalFile, nil)
	if _, ok := errors.AsType[*nlp.BackgroundError](err); !ok {
		t.Errorf("got %v, want a BackgroundError", err)
	}
}
