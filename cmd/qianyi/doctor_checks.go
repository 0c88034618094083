package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// examine runs all checks that need a configuration, in the order in which an
// operator would look.
func examine(ctx context.Context, s *streams, c *config) []finding {
	findings := []finding{checkFolder(c.Data), checkDisk(c.Data), checkClock(c), checkHolidays(c)}
	a, err := s.load(c.packOptions())
	findings = append(findings, judged("pack and models", describePack(a, c), err, "correct the file that is named, or leave out --packs and --model"))
	db, err := existingStore(ctx, c)
	findings = append(findings, judged("database", c.redactedDSN(), err, databaseAdvice(err)))
	if err != nil {
		return findings
	}
	defer db.Shutdown() //nolint:errcheck // nothing was written
	findings = append(findings, checkContent(ctx, db)...)
	if a == nil {
		return findings
	}
	findings = append(findings, checkIndex(ctx, c, a, db))
	if service, err := newService(c, a, db, nil, quietLogger()); err == nil {
		findings = append(findings, checkMailboxes(ctx, c, service, db)...)
	}
	return findings
}

// checkFolder tries to write.
func checkFolder(dir string) finding {
	const advice = "create the folder and give it to the user that runs qianyi"
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(f.Name()))
	}
	return judged("data folder", dir+" can be written to", err, advice)
}

// leastFree is what the service needs to go on for a while.
const leastFree = 1 << 30

func checkDisk(dir string) finding {
	free, known, err := freeBytes(dir)
	switch {
	case err == nil && !known:
		return finding{Check: "disk space", OK: true, Detail: "cannot be told on this system"}
	case err == nil && free < leastFree:
		err = fmt.Errorf("%d MB are free in %s", free>>20, dir)
	}
	return judged("disk space", fmt.Sprintf("%d GB free", free>>30), err, "free some space: from 1 GB on the service is safe")
}

// checkClock refuses a clock that was never set: every SLA would be wrong.
func checkClock(c *config) finding {
	now := time.Now().In(c.zone())
	var err error
	if now.Year() < 2025 {
		err = fmt.Errorf("it is %s here", now.Format(time.DateTime))
	}
	return judged("clock", now.Format(time.RFC3339)+" "+c.Zone, err, "set the clock, with NTP say")
}

func describePack(a *pack.Analyzer, c *config) string {
	if a == nil {
		return ""
	}
	names := make([]string, 0, len(a.Cards()))
	for _, card := range a.Cards() {
		names = append(names, card.Name)
	}
	s := fmt.Sprintf("pack %s with %d types, models: %s", a.PackCode(), len(a.Types()), strings.Join(names, ", "))
	if c.Model != "" {
		s += " (" + c.Model + ")"
	}
	return s
}

// databaseAdvice is for a database that is not there: what the store finds
// wrong with one that is comes with advice of its own.
func databaseAdvice(err error) string {
	if _, known := errors.AsType[*triage.Error](err); known {
		return ""
	}
	return "name the data folder of a service with --data; qianyi serve or qianyi import make a new one"
}

// checkContent looks into the database.
func checkContent(ctx context.Context, db *store.DB) []finding {
	schema, err := db.Verify(ctx)
	findings := []finding{judged("database file", fmt.Sprintf("sound, schema %d", schema), err, "stop the service and restore a backup: qianyi restore")}
	counts, err := db.CountByStatus(ctx)
	detail := fmt.Sprintf("%d received, %d acknowledged, %d closed",
		counts[triage.StatusReceived], counts[triage.StatusAcknowledged], counts[triage.StatusClosed])
	findings = append(findings, judged("cases", detail, err, "see the finding about the database"))
	users, err := db.CountUsers(ctx)
	detail = fmt.Sprint(users)
	if users == 0 {
		detail = "none yet; the first start of qianyi serve makes one"
	}
	return append(findings, judged("users", detail, err, "see the finding about the database"))
}

// checkIndex looks at the index without changing it: a missing one is built at
// the next start, and one in use belongs to a running service.
func checkIndex(ctx context.Context, c *config, a *pack.Analyzer, db *store.DB) finding {
	const name = "search index"
	if _, err := os.Stat(c.indexDir()); errors.Is(err, fs.ErrNotExist) {
		return finding{Check: name, OK: true, Detail: "not there yet; it is built at the next start"}
	}
	index := newShadow(c, a.Tokenizer().Segmenter, db, quietLogger())
	defer index.Close() // nothing was written
	if err := index.open(); err != nil {
		return judged(name, "", err, "when a service is running this is as it should be; else qianyi reindex")
	}
	lag, err := index.lag(ctx)
	if err == nil && index.live.Load().Fresh() != nil {
		err = fmt.Errorf("was damaged or outdated: %w", index.live.Load().Fresh())
	}
	return judged(name, fmt.Sprintf("opens, %d changes behind", lag), err, "qianyi reindex")
}

func (c *config) redactedDSN() string { return redactDSN(c.dsn()) }
