package main

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/prevention/live"
)

// learningDetector is a detector whose ledger follows the database.
type learningDetector struct {
	*detect.Detector
	ledger *live.Ledger
	wait   time.Duration
	now    func() time.Time
	read   time.Time
}

// Refresh brings the ledger up to date unless it was looked at just now.
func (d *learningDetector) Refresh(ctx context.Context) error {
	now := d.now()
	if now.Sub(d.read) < d.wait {
		return nil
	}
	d.read = now
	return d.ledger.Refresh(ctx, now)
}
