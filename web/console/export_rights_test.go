package console

import (
	"github.com/qianyi-dev/qianyi/triage/access"
)

// Needs returns the table of the routes: what each of them needs.
func (c *Console) Needs() map[string]access.Permission {
	needs := map[string]access.Permission{}
	for _, r := range c.table() {
		needs[r.pattern] = r.needs
	}
	return needs
}
