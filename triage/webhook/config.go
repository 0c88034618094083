package webhook

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// Config is one source.
type Config struct {
	// Name is part of the address and of the ids of the source's complaints; it
	// must stay the same.
	Name string `yaml:"name"`
	// Secret is what both sides sign with.
	Secret string `yaml:"secret"`
	// Map says where the source keeps the fields of the contract: our name to
	// the path of the value, such as text: ticket.description or
	// order_id: items.0.order. What is not named is found under our own names.
	Map map[string]string `yaml:"map"`
	// Set are values for fields that a call leaves out, such as channel: wechat.
	Set map[string]string `yaml:"set"`
}

// minSecret keeps secrets from being guessed.
const minSecret = 16

var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// Validate returns a *triage.Error that names the field at fault.
func (c *Config) Validate() error {
	switch {
	case !validName.MatchString(c.Name):
		return triage.FieldErrorf("name", "%q: use up to 40 lower-case letters, digits, - and _", c.Name)
	case strings.Contains(c.Secret, "CHANGE-ME"):
		return triage.FieldErrorf("secret", "is that of the example; make your own, with openssl rand -hex 24 say")
	case len(c.Secret) < minSecret:
		return triage.FieldErrorf("secret", "is shorter than %d characters", minSecret)
	}
	for ours, path := range c.Map {
		if ours == "" || path == "" || strings.Contains("."+path+".", "..") {
			return triage.FieldErrorf("map", "%s: %q is no path; write it like ticket.text", ours, path)
		}
	}
	return nil
}

func inField(i int, err error) error {
	if e, ok := errors.AsType[*triage.Error](err); ok {
		named := *e
		named.Field = fmt.Sprintf("webhooks[%d].%s", i, e.Field)
		return &named
	}
	return err
}
