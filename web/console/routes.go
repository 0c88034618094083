package console

import (
	"net/http"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

// route is one line of the table of who may do what: the role is the least one
// needed, "" means anybody.
type route struct {
	pattern string
	role    triage.Role
	do      action
}

func (c *Console) routes() http.Handler {
	mux := http.NewServeMux()
	for _, r := range slices.Concat(c.caseRoutes(), c.clusterRoutes(), c.outreachRoutes()) {
		mux.Handle(r.pattern, c.handle(r.role, r.do))
	}
	return mux
}

func (c *Console) caseRoutes() []route {
	return []route{
		{"GET /static/{version}/{name}", "", c.assets.serve},
		{"GET /login", "", c.showSignIn},
		{"POST /login", "", c.doSignIn},
		{"POST /logout", triage.RoleAgent, c.doSignOut},
		{"GET /{$}", triage.RoleAgent, c.showQueue},
		{"GET /export.csv", triage.RoleAgent, c.exportQueue},
		{"GET /cases/{id}", triage.RoleAgent, c.showCase},
		{"POST /cases/{id}/confirm", triage.RoleAgent, c.confirmType},
		{"POST /cases/{id}/close", triage.RoleAgent, c.closeCase},
		{"POST /cases/{id}/unmask", triage.RoleAgent, c.unmaskCase},
		{"GET /new", triage.RoleAgent, c.showIntake},
		{"POST /new", triage.RoleAgent, c.takeIn},
		{"GET /model", triage.RoleAgent, c.showModel},
		{"GET /keys", triage.RoleAgent, c.showKeys},
		{"GET /jobs", triage.RoleAdmin, c.showJobs},
		{"POST /jobs/{name}/run", triage.RoleAdmin, c.runJob},
		{"/", triage.RoleAgent, c.notFound},
	}
}

func (c *Console) clusterRoutes() []route {
	if c.d.Alarms == nil {
		return nil
	}
	return []route{
		{"GET /clusters", triage.RoleAgent, c.showClusters},
		{"GET /clusters/export.csv", triage.RoleAgent, c.exportClusters},
		{"POST /clusters/propose", triage.RoleAgent, c.proposeCluster},
		{"GET /clusters/{id}", triage.RoleAgent, c.showCluster},
		{"GET /clusters/{id}/picture/{picture}", triage.RoleAgent, c.saveDrawing},
		{"GET /clusters/{id}/days.csv", triage.RoleAgent, c.exportDays},
		{"POST /clusters/{id}/stage", triage.RoleAgent, c.moveCluster},
		{"POST /clusters/{id}/dismiss", triage.RoleAgent, c.dismissCluster},
		{"POST /clusters/{id}/assign", triage.RoleAgent, c.assignCluster},
		{"POST /clusters/{id}/title", triage.RoleAgent, c.renameCluster},
		{"POST /clusters/{id}/solution", triage.RoleAgent, c.linkSolution},
		{"POST /clusters/{id}/silence", triage.RoleAgent, c.silenceCluster},
		{"POST /clusters/{id}/notes", triage.RoleAgent, c.noteCluster},
		{"POST /clusters/{id}/actions", triage.RoleAgent, c.addAction},
		{"POST /clusters/{id}/actions/{action}/done", triage.RoleAgent, c.doneAction},
		{"POST /clusters/{id}/merge", triage.RoleAgent, c.mergeCluster},
		{"GET /clusters/{id}/members", triage.RoleAgent, c.showMembers},
		{"POST /clusters/{id}/members", triage.RoleAgent, c.correctMembers},
		{"GET /clusters/{id}/members.csv", triage.RoleAgent, c.exportMembers},
		{"GET /clusters/{id}/cohort", triage.RoleAgent, c.showCohort},
		{"GET /clusters/{id}/cohort.csv", triage.RoleAgent, c.exportCohort},
		{"POST /clusters/{id}/rule", triage.RoleAgent, c.saveRule},
	}
}

func (c *Console) outreachRoutes() []route {
	if c.d.Outreach == nil {
		return nil
	}
	all := []route{
		{"GET /outreach", triage.RoleAgent, c.showPlans},
		{"GET /outreach/export.csv", triage.RoleAgent, c.exportPlans},
		{"GET /outreach/new", triage.RoleAgent, c.newPlan},
		{"POST /outreach/new", triage.RoleAgent, c.savePlan},
		{"GET /outreach/{id}", triage.RoleAgent, c.showPlan},
		{"GET /outreach/{id}/edit", triage.RoleAgent, c.editPlan},
		{"POST /outreach/{id}/edit", triage.RoleAgent, c.savePlan},
		{"GET /outreach/{id}/notices.csv", triage.RoleAgent, c.exportNotices},
		{"POST /outreach/{id}/submit", triage.RoleAgent, c.planAction("submitted_plan", c.submitPlan)},
		{"POST /outreach/{id}/approve", triage.RoleAgent, c.planAction("approved", c.approvePlan)},
		{"POST /outreach/{id}/reject", triage.RoleAgent, c.planAction("rejected", c.rejectPlan)},
		{"POST /outreach/{id}/stop", triage.RoleAgent, c.planAction("stopped", c.stopPlan)},
		{"POST /outreach/{id}/resume", triage.RoleAgent, c.planAction("resumed", c.resumePlan)},
		{"POST /outreach/{id}/cancel", triage.RoleAgent, c.planAction("cancelled", c.cancelPlan)},
		{"POST /outreach/{id}/decide", triage.RoleAgent, c.planAction("decided", c.decideNotice)},
	}
	if c.d.Outreach.Rules == nil {
		return all
	}
	return append(all, []route{
		{"GET /rules", triage.RoleAgent, c.showEventRules},
		{"POST /rules", triage.RoleAgent, c.saveEventRule},
		{"POST /rules/{id}/approve", triage.RoleAgent, c.approveEventRule},
		{"POST /rules/{id}/pause", triage.RoleAgent, c.pauseEventRule},
	}...)
}
