package channel

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Config is one channel of the configuration: a name and one of the kinds.
type Config struct {
	Name    string         `yaml:"name"`
	SMTP    *SMTPConfig    `yaml:"smtp"`
	Gateway *GatewayConfig `yaml:"gateway"`
	Robot   *RobotConfig   `yaml:"robot"`
	File    *FileConfig    `yaml:"file"`
}

// Kind names the one kind that is set, "" when none is.
func (c *Config) Kind() string {
	switch {
	case c.SMTP != nil:
		return "smtp"
	case c.Gateway != nil:
		return "gateway"
	case c.Robot != nil:
		return "robot"
	case c.File != nil:
		return "file"
	}
	return ""
}

// Set holds the channels of a configuration. It is safe for concurrent use.
type Set struct {
	channels []prevention.Channel
	gateways map[string]*Gateway
	closers  []io.Closer
	// checkOnly leaves files alone; their channels have no Sender.
	checkOnly bool
}

// Open makes the channels; nothing is connected to, files are opened. An error
// is a *triage.Error whose field begins with the channel's name.
func Open(configs []Config, now func() time.Time) (*Set, error) {
	return (&Set{gateways: map[string]*Gateway{}}).fill(configs, now)
}

// Check finds the mistakes that Open finds, but opens no files. The channels it
// returns are not for sending.
func Check(configs []Config, now func() time.Time) ([]prevention.Channel, error) {
	s, err := (&Set{gateways: map[string]*Gateway{}, checkOnly: true}).fill(configs, now)
	if err != nil {
		return nil, err
	}
	return s.All(), s.Close()
}

func (s *Set) fill(configs []Config, now func() time.Time) (*Set, error) {
	for i, c := range configs {
		if err := s.add(c, now); err != nil {
			at := fmt.Sprintf("channels[%d]", i)
			if c.Name != "" {
				at = "channels." + c.Name
			}
			return nil, errors.Join(atField(at, err), s.Close())
		}
	}
	return s, nil
}

// atField puts the place of a channel before the field of an error.
func atField(place string, err error) error {
	if e, ok := errors.AsType[*triage.Error](err); ok && e.Field != "" {
		return &triage.Error{Code: e.Code, Field: place + "." + e.Field, Message: e.Message, Err: e.Err}
	}
	return &triage.Error{Code: triage.CodeOf(err), Field: place, Message: "cannot be used", Err: err}
}

func (s *Set) add(c Config, now func() time.Time) error {
	if c.Name == "" {
		return triage.FieldErrorf("name", "is empty; plans name channels by it")
	}
	if _, taken := s.Channel(c.Name); taken {
		return triage.FieldErrorf("name", "%q is used twice", c.Name)
	}
	kinds := 0
	for _, set := range []bool{c.SMTP != nil, c.Gateway != nil, c.Robot != nil, c.File != nil} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		return triage.FieldErrorf("name", "%q has %d kinds; give it one of smtp, gateway, robot and file", c.Name, kinds)
	}
	made, err := s.open(c, now)
	if err != nil {
		return err
	}
	made.Name = c.Name
	s.channels = append(s.channels, made)
	return nil
}

// open makes the channel of the one kind that is set.
func (s *Set) open(c Config, now func() time.Time) (prevention.Channel, error) {
	switch {
	case c.SMTP != nil:
		sender, err := NewSMTP(*c.SMTP, now)
		return prevention.Channel{Address: prevention.AddressEmail, Sender: sender}, inside("smtp", err)
	case c.Robot != nil:
		sender, err := NewRobot(*c.Robot, now)
		return prevention.Channel{Sender: sender}, inside("robot", err)
	case c.File != nil && s.checkOnly:
		address := cmp.Or(c.File.Address, prevention.AddressCustomer)
		return prevention.Channel{Address: address, Idempotent: true}, inside("file", c.File.validate())
	case c.File != nil:
		sender, err := OpenFile(*c.File, now)
		if err != nil {
			return prevention.Channel{}, inside("file", err)
		}
		s.closers = append(s.closers, sender)
		return prevention.Channel{Address: sender.address, Idempotent: true, Sender: sender}, nil
	}
	sender, err := NewGateway(*c.Gateway, now)
	if err != nil {
		return prevention.Channel{}, inside("gateway", err)
	}
	s.gateways[c.Name] = sender
	s.closers = append(s.closers, sender)
	return prevention.Channel{Address: sender.config.Address, Idempotent: sender.config.Idempotent, Sender: sender}, nil
}

// inside puts the kind before the field of an error; nil stays nil.
func inside(kind string, err error) error {
	if err == nil {
		return nil
	}
	return atField(kind, err)
}

// All returns the channels in the order of the configuration. Robots have an
// Address of "": they write to a team, not to customers.
func (s *Set) All() []prevention.Channel { return slices.Clone(s.channels) }

// Channel returns the channel of a name.
func (s *Set) Channel(name string) (prevention.Channel, bool) {
	for _, c := range s.channels {
		if c.Name == name {
			return c, true
		}
	}
	return prevention.Channel{}, false
}

// Gateway returns the gateway of a name, for its receipts, replies and lookups.
func (s *Set) Gateway(name string) (*Gateway, bool) {
	g, ok := s.gateways[name]
	return g, ok
}

// Close closes files and idle connections. Sends that run are not waited for.
func (s *Set) Close() error {
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}
