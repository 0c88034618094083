package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
)

// checkHolidays warns before time limits are counted without holidays: the
// schedule of a year is published in November of the year before.
func checkHolidays(c *config) finding {
	const advice = "put YEAR.json (form of the data set NateScarlet/holiday-cn) into a folder and name it in calendar.holidays"
	cal, now := c.workingTime(), c.now()
	var err error
	for _, year := range []int{now.Year(), now.Year() + 1} {
		if err == nil && !cal.Known(year) && (year == now.Year() || now.Month() == time.December) {
			err = fmt.Errorf("the holidays of %d are not known: every Monday to Friday counts as worked", year)
		}
	}
	return judged("holidays", fmt.Sprintf("%d is known", now.Year()), err, advice)
}

// checkMailboxes signs in to each.
func checkMailboxes(ctx context.Context, c *config, service *triage.Service, db *store.DB) []finding {
	set, err := mailbox.New(c.Mailboxes, mailbox.Deps{
		Intake: service, Ledger: db, Desk: &conversation{}, Zone: c.zone(), Now: c.now, Log: quietLogger(),
	})
	if err != nil {
		return []finding{judged("mailboxes", "", err, "correct the setting that is named")}
	}
	states := set.Check(ctx)
	var findings []finding
	for _, name := range slices.Sorted(maps.Keys(states)) {
		findings = append(findings, judged("mailbox "+name, "can be read", states[name], "check host, user, password and folders of the mailbox"))
	}
	return findings
}
