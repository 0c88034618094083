package main

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/webhook"
	"github.com/qianyi-dev/qianyi/web"
)

// newWebhooks takes the calls of other systems; nil without any, so that their
// address is not found.
func newWebhooks(sources []webhook.Config, service *triage.Service, zone *time.Location, now func() time.Time) (web.Webhooks, error) {
	if len(sources) == 0 {
		return nil, nil //nolint:nilnil // no source is no error
	}
	return webhook.New(sources, webhook.Deps{Intake: service, Zone: zone, Now: now})
}
