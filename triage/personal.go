package triage

import (
	"log/slog"

	"github.com/qianyi-dev/qianyi/nlp"
)

// Phone is a telephone number that shows itself masked everywhere; Reveal is
// the only way to the digits and belongs next to an audit entry.
type Phone string

// String returns the masked number.
func (p Phone) String() string { return nlp.MaskPhone(string(p)) }

// Reveal returns the number itself.
func (p Phone) Reveal() string { return string(p) }

// LogValue masks the number in logs.
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText masks the number in JSON and other encodings.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Email is an address that shows itself masked everywhere.
type Email string

// String returns the masked address.
func (e Email) String() string { return nlp.MaskEmail(string(e)) }

// Reveal returns the address itself.
func (e Email) Reveal() string { return string(e) }

// LogValue masks the address in logs.
func (e Email) LogValue() slog.Value { return slog.StringValue(e.String()) }

// MarshalText masks the address in JSON and other encodings.
func (e Email) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// PersonName is a person's name that shows only its first character.
type PersonName string

// String returns the masked name.
func (n PersonName) String() string { return nlp.MaskName(string(n)) }

// Reveal returns the name itself.
func (n PersonName) Reveal() string { return string(n) }

// LogValue masks the name in logs.
func (n PersonName) LogValue() slog.Value { return slog.StringValue(n.String()) }

// MarshalText masks the name in JSON and other encodings.
func (n PersonName) MarshalText() ([]byte, error) { return []byte(n.String()), nil }
