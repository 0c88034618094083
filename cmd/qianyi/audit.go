package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

// auditVerifyCmd walks along the chain of the audit trail.
type auditVerifyCmd struct {
	JSON   bool     `name:"json" help:"Print the result as JSON."`
	Expect []string `help:"An entry and its hash, as an earlier run printed them, that must still be there." placeholder:"ID:HASH"`
	settings
	dataSettings
}

// Run prints the last entry and its hash, to be noted outside; a trail that
// does not hold is an error.
func (cmd *auditVerifyCmd) Run(ctx context.Context, s *streams) error {
	noted, err := notedHashes(cmd.Expect)
	if err != nil {
		return err
	}
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(_ *config, db *store.DB) error {
		p, err := db.VerifyAudit(ctx, noted)
		if err != nil {
			return err
		}
		for id := range noted {
			if p.Holds() && id > p.Last {
				p.Broken, p.Reason = id, fmt.Sprintf("entry %d was noted, but the trail ends at %d: its end was cut off", id, p.Last)
			}
		}
		if cmd.JSON {
			fmt.Fprintln(s.out, console.ProofFacts(p))
		} else {
			fmt.Fprintf(s.out, "%d entries hold; note the last one to verify against later:\n%d:%s\n", p.Entries, p.Last, p.Head)
		}
		if !p.Holds() {
			return fmt.Errorf("the audit trail is broken at entry %d: %s", p.Broken, p.Reason)
		}
		return nil
	})
}

func notedHashes(list []string) (map[int64]triage.AuditHash, error) {
	noted := map[int64]triage.AuditHash{}
	for _, one := range list {
		number, digits, _ := strings.Cut(one, ":")
		id, errID := strconv.ParseInt(number, 10, 64)
		b, errHash := hex.DecodeString(digits)
		if errID != nil || errHash != nil || len(b) != len(triage.AuditHash{}) {
			return nil, usagef("--expect: %q is not ID:HASH with 64 hex digits, as qianyi audit verify prints it", one)
		}
		noted[id] = triage.AuditHash(b)
	}
	return noted, nil
}

// auditExportCmd writes the trail.
type auditExportCmd struct {
	From string `help:"First day, 2026-03-01 say (default the beginning)." placeholder:"DAY"`
	To   string `help:"Last day, itself included (default the end)." placeholder:"DAY"`
	settings
	dataSettings
}

// auditLine is one entry as JSON.
type auditLine struct {
	ID     int64           `json:"id"`
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor"`
	Action string          `json:"action"`
	Object string          `json:"object"`
	Detail json.RawMessage `json:"detail,omitempty"`
	Prev   string          `json:"prev"`
	Hash   string          `json:"hash"`
}

// Run writes one line of JSON for each entry, oldest first. The export itself is
// in the trail before anything goes out, so that it is known also when it breaks
// off.
func (cmd *auditExportCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		from, to, err := days(cmd.From, cmd.To, c.zone())
		if err != nil {
			return err
		}
		if err := db.Append(ctx, cliEntry(c, "export", "audit", nil)); err != nil {
			return err
		}
		out := bufio.NewWriter(s.out)
		enc := json.NewEncoder(out)
		err = db.EachAudit(ctx, from, to, func(e triage.ChainedEntry) error {
			line := auditLine{
				ID: e.ID, At: e.At.In(c.zone()), Actor: e.Actor, Action: e.Action, Object: e.Object, Prev: e.Prev.String(), Hash: e.Hash.String(),
			}
			if e.Detail != "" {
				line.Detail = asJSON(e.Detail)
			}
			return enc.Encode(line)
		})
		if err != nil {
			return err
		}
		return out.Flush()
	})
}

// asJSON returns a detail as it is, or as a JSON string when it is none.
func asJSON(detail string) json.RawMessage {
	if json.Valid([]byte(detail)) {
		return json.RawMessage(detail)
	}
	b, err := json.Marshal(detail)
	if err != nil {
		return nil // cannot happen: a string
	}
	return b
}

// days reads two days in a zone as the time from the beginning of the first to
// the end of the last; "" does not bound.
func days(first, last string, zone *time.Location) (from, to time.Time, err error) {
	if first != "" {
		if from, err = time.ParseInLocation("2006-01-02", first, zone); err != nil {
			return from, to, usagef("--from: %q is not a day such as 2026-03-01", first)
		}
	}
	if last != "" {
		if to, err = time.ParseInLocation("2006-01-02", last, zone); err != nil {
			return from, to, usagef("--to: %q is not a day such as 2026-03-01", last)
		}
		to = to.AddDate(0, 0, 1)
	}
	return from, to, nil
}
