package console

import (
	"net/http"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/access"
)

// route is one line of the table of who may do what.
type route struct {
	pattern string
	needs   access.Permission
	do      action
}

func (c *Console) routes() http.Handler {
	mux := http.NewServeMux()
	for _, r := range c.table() {
		mux.Handle(r.pattern, c.handle(r.needs, r.do))
	}
	return mux
}

// table is who may do what, in full.
func (c *Console) table() []route {
	return slices.Concat(c.caseRoutes(), c.lifeRoutes(), c.peopleRoutes(), c.privacyRoutes(), c.libraryRoutes(),
		c.clusterRoutes(), c.outreachRoutes(), c.learningRoutes(), c.rightsRoutes(),
		c.figuresRoutes(), c.qualityRoutes(), c.marketingRoutes(), c.counterRoutes(), c.launchRoutes(), c.staffRoutes(), c.reportRoutes())
}

func (c *Console) caseRoutes() []route {
	return []route{
		{"GET /static/{version}/{name}", access.Public, c.assets.serve},
		{"GET /login", access.Public, c.showSignIn},
		{"POST /login", access.Public, c.doSignIn},
		{"POST /logout", access.SignedIn, c.doSignOut},
		{"GET /{$}", access.CaseRead, c.showQueue},
		{"GET /export.csv", access.CaseExport, c.exportQueue},
		{"GET /export.xlsx", access.CaseExport, c.exportWorkbook},
		{"GET /cases/{id}", access.CaseRead, c.showCase},
		{"POST /cases/{id}/confirm", access.CaseWork, c.confirmType},
		{"POST /cases/{id}/close", access.CaseWork, c.closeCase},
		{"POST /cases/{id}/unmask", access.CaseUnmask, c.unmaskCase},
		{"GET /new", access.IntakeAdd, c.showIntake},
		{"POST /new", access.IntakeAdd, c.takeIn},
		{"GET /model", access.ModelRead, c.showModel},
		{"GET /keys", access.SignedIn, c.showKeys},
		{"GET /jobs", access.JobRead, c.showJobs},
		{"POST /jobs/{name}/run", access.JobRun, c.runJob},
		{"/", access.SignedIn, c.notFound},
	}
}

func (c *Console) clusterRoutes() []route {
	if c.d.Alarms == nil {
		return nil
	}
	return []route{
		{"GET /clusters", access.ClusterRead, c.showClusters},
		{"GET /clusters/export.csv", access.ClusterRead, c.exportClusters},
		{"POST /clusters/propose", access.ClusterWork, c.proposeCluster},
		{"GET /clusters/{id}", access.ClusterRead, c.showCluster},
		{"GET /clusters/{id}/picture/{picture}", access.ClusterRead, c.saveDrawing},
		{"GET /clusters/{id}/days.csv", access.ClusterRead, c.exportDays},
		{"POST /clusters/{id}/stage", access.ClusterWork, c.moveCluster},
		{"POST /clusters/{id}/dismiss", access.ClusterWork, c.dismissCluster},
		{"POST /clusters/{id}/assign", access.ClusterWork, c.assignCluster},
		{"POST /clusters/{id}/title", access.ClusterWork, c.renameCluster},
		{"POST /clusters/{id}/solution", access.ClusterWork, c.linkSolution},
		{"POST /clusters/{id}/silence", access.ClusterWork, c.silenceCluster},
		{"POST /clusters/{id}/notes", access.ClusterWork, c.noteCluster},
		{"POST /clusters/{id}/actions", access.ClusterWork, c.addAction},
		{"POST /clusters/{id}/actions/{action}/done", access.ClusterWork, c.doneAction},
		{"POST /clusters/{id}/merge", access.ClusterWork, c.mergeCluster},
		{"GET /clusters/{id}/members", access.ClusterRead, c.showMembers},
		{"POST /clusters/{id}/members", access.ClusterWork, c.correctMembers},
		{"GET /clusters/{id}/members.csv", access.ClusterRead, c.exportMembers},
		{"GET /clusters/{id}/cohort", access.ClusterRead, c.showCohort},
		{"GET /clusters/{id}/cohort.csv", access.ClusterRead, c.exportCohort},
		{"POST /clusters/{id}/rule", access.ClusterWork, c.saveRule},
	}
}

func (c *Console) outreachRoutes() []route {
	if c.d.Outreach == nil {
		return nil
	}
	all := []route{
		{"GET /outreach", access.OutreachRead, c.showPlans},
		{"GET /outreach/export.csv", access.OutreachRead, c.exportPlans},
		{"GET /outreach/new", access.OutreachWrite, c.newPlan},
		{"POST /outreach/new", access.OutreachWrite, c.savePlan},
		{"GET /outreach/{id}", access.OutreachRead, c.showPlan},
		{"GET /outreach/{id}/edit", access.OutreachWrite, c.editPlan},
		{"POST /outreach/{id}/edit", access.OutreachWrite, c.savePlan},
		{"GET /outreach/{id}/notices.csv", access.OutreachRead, c.exportNotices},
		{"POST /outreach/{id}/submit", access.OutreachWrite, c.planAction("submitted_plan", c.submitPlan)},
		{"POST /outreach/{id}/approve", access.OutreachApprove, c.planAction("approved", c.approvePlan)},
		{"POST /outreach/{id}/reject", access.OutreachApprove, c.planAction("rejected", c.rejectPlan)},
		{"POST /outreach/{id}/stop", access.OutreachWrite, c.planAction("stopped", c.stopPlan)},
		{"POST /outreach/{id}/resume", access.OutreachWrite, c.planAction("resumed", c.resumePlan)},
		{"POST /outreach/{id}/cancel", access.OutreachWrite, c.planAction("cancelled", c.cancelPlan)},
		{"POST /outreach/{id}/decide", access.OutreachWrite, c.planAction("decided", c.decideNotice)},
	}
	if c.d.Outreach.Rules == nil {
		return all
	}
	return append(all, []route{
		{"GET /rules", access.OutreachRead, c.showEventRules},
		{"POST /rules", access.OutreachWrite, c.saveEventRule},
		{"POST /rules/{id}/approve", access.OutreachApprove, c.approveEventRule},
		{"POST /rules/{id}/pause", access.OutreachWrite, c.pauseEventRule},
	}...)
}
