package console

import "github.com/qianyi-dev/qianyi/triage/access"

func (c *Console) lifeRoutes() []route {
	if c.d.Life == nil {
		return nil
	}
	return []route{
		{"GET /events", access.CaseRead, c.watchQueue},
		{"GET /tracking.xlsx", access.CaseExport, c.exportTracking},
		{"GET /breaches", access.CaseRead, c.showBreaches},
		{"GET /breaches/export.xlsx", access.CaseExport, c.exportBreaches},
		// A batch checks the permission of what it does.
		{"POST /cases/batch", access.CaseRead, c.batchCases},
		{"GET /cases/{id}/events", access.CaseRead, c.watchCase},
		{"POST /cases/{id}/presence", access.CaseRead, c.beatPresence},
		{"POST /cases/{id}/move", access.CaseWork, c.caseAction("", c.moveCase)},
		{"POST /cases/{id}/claim", access.CaseWork, c.caseAction("claim", c.claimCase)},
		{"POST /cases/{id}/assign", access.CaseAssign, c.caseAction("assign", c.assignCase)},
		{"POST /cases/{id}/wait", access.CaseWork, c.caseAction("wait", c.waitCase)},
		{"POST /cases/{id}/resume", access.CaseWork, c.caseAction("resume", c.resumeCase)},
		{"POST /cases/{id}/hand-over", access.CaseWork, c.caseAction(handOverName, c.handOverCase)},
		{"POST /cases/{id}/hand-over/accept", access.CaseWork, c.caseAction("accept", c.acceptHandOver)},
		{"POST /cases/{id}/hand-over/return", access.CaseWork, c.caseAction("return", c.returnHandOver)},
	}
}

// lifePages are the templates of this slice.
var lifePages = []string{"breaches", "conflict", "batch"}
