package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"fmt"
)

// Sealer encrypts what the database keeps but must not know: the secrets of
// one-time codes. Its key is not in the database, so that a copy of that alone,
// a backup say, signs nobody in.
type Sealer struct{ aead cipher.AEAD }

// NewSealer returns a Sealer for AES-256-GCM.
func NewSealer(key [32]byte) *Sealer {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil // cannot happen: the key has the right length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil // cannot happen: AES has the right block size
	}
	return &Sealer{aead}
}

// Seal encrypts a secret for one owner: it opens for nobody else.
func (s *Sealer) Seal(secret, owner string) string {
	return base64.RawStdEncoding.EncodeToString(s.aead.Seal(nil, nil, []byte(secret), []byte(owner)))
}

// Open decrypts what Seal made for the owner. An error means another key, another
// owner or a damaged value.
func (s *Sealer) Open(sealed, owner string) (string, error) {
	b, err := base64.RawStdEncoding.DecodeString(sealed)
	if err == nil {
		b, err = s.aead.Open(nil, nil, b, []byte(owner))
	}
	if err != nil {
		return "", fmt.Errorf("the second factor of %s cannot be decrypted; was the key of the data folder replaced? Reset it with: qianyi user reset %s: %w", owner, owner, err)
	}
	return string(b), nil
}

// NewKey returns a random key for NewSealer.
func NewKey() (key [32]byte) {
	_, _ = rand.Read(key[:]) // never fails
	return key
}
