// Package access says who may do what: the permissions, and the roles that
// have them. Every route of the console and of the API names the permission it
// needs; nothing else decides.
package access

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

// Permission is the right to do one kind of thing.
type Permission string

// The permissions. Public and SignedIn are what a route needs that is open to
// anybody, or to every user; no role lists them.
const (
	Public   Permission = ""
	SignedIn Permission = "signed-in"

	CaseRead   Permission = "case.read"
	CaseWork   Permission = "case.work"   // judge, answer, move, hand over, close
	CaseAssign Permission = "case.assign" // give to somebody else, put priorities right
	CaseUnmask Permission = "case.unmask"
	CaseExport Permission = "case.export"
	IntakeAdd  Permission = "intake.add"

	CustomerRead  Permission = "customer.read"
	CustomerWork  Permission = "customer.work" // contacts, tasks, call-backs
	CustomerMerge Permission = "customer.merge"
	PersonExport  Permission = "person.export"
	PersonErase   Permission = "person.erase"

	SolutionRead    Permission = "solution.read"
	SolutionWrite   Permission = "solution.write"
	SolutionApprove Permission = "solution.approve"

	ClusterRead     Permission = "cluster.read"
	ClusterWork     Permission = "cluster.work"
	OutreachRead    Permission = "outreach.read"
	OutreachWrite   Permission = "outreach.write"
	OutreachApprove Permission = "outreach.approve"

	ModelRead     Permission = "model.read"
	ModelManage   Permission = "model.manage"   // learn now, promote, roll back
	QualityRead   Permission = "quality.read"   // figures of everybody's work
	ImproveWork   Permission = "improve.work"   // improvement actions
	ReportRead    Permission = "report.read"    // weekly report, cost of silence
	ReportManage  Permission = "report.manage"  // schedules, assumptions, the figures made again
	CampaignRead  Permission = "campaign.read"  // campaigns, signals, score cards
	CampaignWrite Permission = "campaign.write" // register, check, attribute by hand
	CounterUse    Permission = "counter.use"    // what to recommend, and how it was taken

	JobRead    Permission = "job.read"
	JobRun     Permission = "job.run"
	UserManage Permission = "user.manage" // users, roles, departments, API keys
	AuditRead  Permission = "audit.read"
)

// All lists every permission that a role or an API key can have.
var All = []Permission{
	CaseRead, CaseWork, CaseAssign, CaseUnmask, CaseExport, IntakeAdd,
	CustomerRead, CustomerWork, CustomerMerge, PersonExport, PersonErase,
	SolutionRead, SolutionWrite, SolutionApprove,
	ClusterRead, ClusterWork, OutreachRead, OutreachWrite, OutreachApprove,
	QualityRead, ImproveWork, ReportRead, ReportManage, CampaignRead, CampaignWrite, CounterUse,
	ModelRead, ModelManage, JobRead, JobRun, UserManage, AuditRead,
}

// reading is what everybody who works with cases sees.
var reading = []Permission{CaseRead, CustomerRead, SolutionRead, ClusterRead, ModelRead, CampaignRead}

// table is the rights of each role.
var table = map[triage.Role][]Permission{
	triage.RoleAgent: slices.Concat(reading, []Permission{
		CaseWork, CaseUnmask, IntakeAdd, CustomerWork, SolutionWrite, CounterUse,
	}),
	triage.RoleLead: slices.Concat(reading, []Permission{
		CaseWork, CaseAssign, CaseUnmask, CaseExport, IntakeAdd, CustomerWork, CustomerMerge,
		SolutionWrite, SolutionApprove, ClusterWork, OutreachRead, JobRead,
		QualityRead, ImproveWork, ReportRead, CounterUse,
	}),
	triage.RoleQuality: slices.Concat(reading, []Permission{
		CaseExport, CustomerWork, SolutionWrite, SolutionApprove, ClusterWork,
		OutreachRead, OutreachWrite, OutreachApprove, ModelManage, JobRead,
		QualityRead, ImproveWork, ReportRead, ReportManage, CampaignWrite,
	}),
	triage.RoleMarketing: slices.Concat(reading, []Permission{
		OutreachRead, OutreachWrite, OutreachApprove,
		QualityRead, ImproveWork, ReportRead, CampaignWrite, CounterUse,
	}),
	triage.RoleAuditor: slices.Concat(reading, []Permission{OutreachRead, QualityRead, ReportRead, JobRead, AuditRead}),
	triage.RoleAdmin:   All,
}

// Of returns the permissions of a role, none for an unknown one.
func Of(role triage.Role) []Permission { return slices.Clone(table[role]) }

// May says whether a signed-in user of a role has a permission. An unknown role
// has none, not even SignedIn; Public is for everybody.
func May(role triage.Role, p Permission) bool {
	rights, known := table[role]
	return p == Public || known && (p == SignedIn || slices.Contains(rights, p))
}
