package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// Intake is where complaints go.
type Intake interface {
	Submit(ctx context.Context, c triage.Complaint, similar int) (triage.Receipt, error)
}

// Deps is what a Set works with.
type Deps struct {
	Intake Intake
	// Zone is where times without an offset are.
	Zone *time.Location
	Now  func() time.Time
}

// Set takes the calls of all sources. It is safe for concurrent use.
type Set struct {
	d       Deps
	sources map[string]Config
}

// New checks the sources; the error is a *triage.Error whose field begins with
// "webhooks".
func New(configs []Config, d Deps) (*Set, error) {
	s := &Set{d: d, sources: make(map[string]Config, len(configs))}
	for i, c := range configs {
		err := c.Validate()
		if _, twice := s.sources[c.Name]; twice && err == nil {
			err = triage.FieldErrorf("name", "%q is given twice", c.Name)
		}
		if err != nil {
			return nil, inField(i, err)
		}
		s.sources[c.Name] = c
	}
	return s, nil
}

// Request is one call as it came.
type Request struct {
	// Timestamp and Signature are the headers X-Qianyi-Timestamp and
	// X-Qianyi-Signature; see Sign.
	Timestamp string
	Signature string
	Body      []byte
}

// Take checks a call and stores its complaint under the id "SOURCE:ID"; when it
// returns without error the complaint is durable. CodeNotFound is an unknown
// source, CodeUnauthed a wrong signature or time, CodeInvalid and CodeTooLarge
// name the field at fault.
func (s *Set) Take(ctx context.Context, source string, r Request) (triage.Receipt, error) {
	c, ok := s.sources[source]
	if !ok {
		return triage.Receipt{}, triage.Errorf(triage.CodeNotFound, "there is no source of that name")
	}
	if err := verify(c.Secret, r, s.d.Now()); err != nil {
		return triage.Receipt{}, err
	}
	line, err := c.translate(r.Body)
	if err != nil {
		return triage.Receipt{}, err
	}
	complaint, err := s.parse(line)
	if err != nil {
		return triage.Receipt{}, err
	}
	return s.d.Intake.Submit(ctx, complaint, 0)
}

// parse reads one record of the input contract.
func (s *Set) parse(line []byte) (triage.Complaint, error) {
	in, err := intake.New(bytes.NewReader(line), "body", intake.Options{Zone: s.d.Zone, Kind: intake.Complaints})
	if err != nil {
		return triage.Complaint{}, coded(err)
	}
	defer in.Close()
	row, err := in.Next()
	if err != nil {
		return triage.Complaint{}, coded(err)
	}
	c, err := intake.Complaint(row)
	return c, coded(err)
}

// coded leaves file and line out of an error: there is one record and no file.
func coded(err error) error {
	if e, ok := errors.AsType[*triage.Error](err); ok {
		return e
	}
	if err != nil {
		return &triage.Error{Code: triage.CodeInvalid, Message: "the body cannot be read as a complaint", Err: err}
	}
	return nil
}

// translate puts the source's fields under our names.
func (c *Config) translate(body []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var theirs map[string]any
	if err := d.Decode(&theirs); err != nil || theirs == nil {
		return nil, &triage.Error{Code: triage.CodeInvalid, Message: `the body is not a JSON object like {"id": "1", "text": "…"}`, Err: err}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, triage.Errorf(triage.CodeInvalid, "the body has something after the JSON object; send one complaint at a time")
	}
	ours := maps.Clone(theirs)
	for _, path := range c.Map {
		delete(ours, path)
	}
	for name, path := range c.Map {
		if v, found := lookUp(theirs, path); found {
			ours[name] = v
		}
	}
	for name, v := range c.Set {
		if missing(ours[name]) {
			ours[name] = v
		}
	}
	switch id := ours["id"].(type) {
	case string:
		if id = strings.TrimSpace(id); id != "" {
			ours["id"] = c.Name + ":" + id
		}
	case json.Number:
		ours["id"] = c.Name + ":" + id.String()
	}
	return json.Marshal(ours)
}

func missing(v any) bool { return v == nil || v == "" }

// lookUp follows a path of member names and list positions.
func lookUp(v any, path string) (any, bool) {
	for step := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			next, found := in[step]
			if !found {
				return nil, false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(in) {
				return nil, false
			}
			v = in[i]
		default:
			return nil, false
		}
	}
	return v, true
}
