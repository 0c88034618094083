package outreach

import (
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// machine is the actor of what nobody asked for.
const machine = "system"

func entry(at time.Time, by, action string, id prevention.PlanID) triage.AuditEntry {
	return triage.AuditEntry{At: at, Actor: by, Action: action, Object: "plan:" + string(id)}
}

func isConflict(err error) bool { return triage.CodeOf(err) == triage.CodeConflict }
