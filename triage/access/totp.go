package access

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// One-time codes as RFC 6238 has them, in the form that every app knows: six
// digits, 30 seconds, SHA-1.
const (
	codePeriod  = 30
	codeDigits  = otp.DigitsSix
	secretBytes = 20
	// codeSkew is how many steps a clock may be off, either way.
	codeSkew = 1

	recoveryCodes = 10
	recoveryRunes = 12 // of base32: 60 bits
)

// NewSecret returns a secret for one-time codes of an account.
func NewSecret(issuer, account string) (string, error) {
	k, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, SecretSize: secretBytes, Period: codePeriod, Digits: codeDigits})
	if err != nil {
		return "", fmt.Errorf("make a secret for one-time codes: %w", err)
	}
	return k.Secret(), nil
}

// SecretPicture returns the QR code of a secret, as PNG, for an app to read.
func SecretPicture(issuer, account, secret string, pixels int) ([]byte, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return nil, fmt.Errorf("draw a secret: %w", err)
	}
	k, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Secret: raw, Period: codePeriod, Digits: codeDigits})
	if err != nil {
		return nil, fmt.Errorf("draw a secret: %w", err)
	}
	picture, err := k.Image(pixels, pixels)
	if err != nil {
		return nil, fmt.Errorf("draw a secret: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("draw a secret: %w", err)
	}
	return b.Bytes(), nil
}

// TakeCode checks a one-time code at a time and returns its time step. A step
// that is not after the last one taken is refused: whoever looks over the
// shoulder cannot use the code again. ok is false for a wrong code.
func TakeCode(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	at := now.Unix() / codePeriod
	for s := at - codeSkew; s <= at+codeSkew; s++ {
		if s < 0 {
			continue
		}
		right, err := hotp.ValidateCustom(code, uint64(s), secret, hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
		if err == nil && right && s > last {
			return s, true
		}
	}
	return 0, false
}

// NewRecovery returns codes for the day when the app is lost, and their hashes.
// A code has 60 random bits, so that a plain hash is enough.
func NewRecovery() (codes, hashes []string) {
	for range recoveryCodes {
		c := rand.Text()[:recoveryRunes]
		codes = append(codes, c[:4]+"-"+c[4:8]+"-"+c[8:])
		hashes = append(hashes, recoveryHash(c))
	}
	return codes, hashes
}

// TakeRecovery returns the hashes without that of a code; ok is false when it
// is not among them.
func TakeRecovery(hashes []string, code string) (rest []string, ok bool) {
	i := slices.Index(hashes, recoveryHash(code))
	if i < 0 {
		return hashes, false
	}
	return slices.Delete(slices.Clone(hashes), i, i+1), true
}

func recoveryHash(code string) string {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(code))
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}
