package main

import (
	"context"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
	"github.com/qianyi-dev/qianyi/web/console/oidc"
)

// rightsPages is what the console needs to sign people in and to manage them.
func (a *app) rightsPages() (*console.RightsDeps, error) {
	d := &console.RightsDeps{Accounts: a.db, Sessions: a.db, Keys: a.db, Trail: a.db, Sealer: a.sealer}
	if a.config.OIDC.Issuer == "" {
		return d, nil
	}
	provider, err := oidc.New(a.config.OIDC, time.Now)
	if err != nil {
		return nil, fmt.Errorf("configuration: oidc: %w", err)
	}
	d.Provider, d.ProviderOnly = provider, a.config.OIDC.Only
	return d, nil
}

// verifyAudit is a job: it walks along the chain of the audit trail and writes
// down what it found. A chain that does not hold fails the run.
func verifyAudit(db *store.DB, now func() time.Time) func(ctx context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		p, err := db.VerifyAudit(ctx, nil)
		if err != nil {
			return "", err
		}
		e := triage.AuditEntry{At: now(), Actor: "system", Action: "audit.verify", Object: "audit", Detail: console.ProofFacts(p)}
		if err := db.Append(ctx, e); err != nil {
			return "", err
		}
		if !p.Holds() {
			return "", fmt.Errorf("the audit trail does not hold: entry %d: %s", p.Broken, p.Reason)
		}
		return fmt.Sprintf("%d entries hold", p.Entries), nil
	}
}
