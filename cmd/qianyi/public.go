package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/survey"
	"github.com/qianyi-dev/qianyi/web"
	"github.com/qianyi-dev/qianyi/web/public"
)

var _ public.Desk = publicDesk{}

// publicDesk takes what customers write on the public pages to where what they
// write by mail goes.
type publicDesk struct{ desk mailbox.Desk }

// Hear implements [public.Desk].
func (d publicDesk) Hear(ctx context.Context, s public.Said) error {
	return d.desk.Hear(ctx, mailbox.Said(s))
}

// newPublic makes the pages of customers. Without surveys no link is answered.
func newPublic(
	pages public.Config, db *store.DB, service *triage.Service, desk mailbox.Desk, surveys *survey.Service,
	zone *time.Location, now func() time.Time, log *slog.Logger,
) (*public.Public, error) {
	d := public.Deps{
		Intake: service, Codes: db, Talk: db, Desk: publicDesk{desk},
		Config: pages, Client: web.ClientOf, Zone: zone, Now: now, Log: log,
	}
	if surveys != nil {
		d.Surveys = surveys
	}
	return public.New(d)
}
