package console

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// ReportsDeps is what the weekly report and the cost of silence need. Dispatch
// may be nil where reports are not sent.
type ReportsDeps struct {
	Maker    ReportMaker
	Dispatch ReportDispatch
	Silence  SilenceDesk
}

func (d *ReportsDeps) complete() bool { return d == nil || d.Maker != nil && d.Silence != nil }

// ReportMaker makes weekly reports.
type ReportMaker interface {
	Make(ctx context.Context, s report.Scope) (report.Report, error)
	Past(department string, limit int) []report.Bar
}

var _ ReportMaker = (*report.Maker)(nil)

// ReportDispatch sends reports and looks after who gets them.
type ReportDispatch interface {
	Schedules(ctx context.Context) ([]dispatch.Schedule, error)
	Save(ctx context.Context, s dispatch.Schedule, by string) (int64, error)
	Lines(ctx context.Context, limit int) ([]dispatch.Line, error)
	Kept(ctx context.Context, id int64) (dispatch.Kept, error)
	Repeat(ctx context.Context, line int64, by string) error
}

var _ ReportDispatch = (*dispatch.Service)(nil)

// SilenceDesk works out the cost of silence.
type SilenceDesk interface {
	Worth(ctx context.Context) (silence.Version, silence.Result, error)
	History(ctx context.Context, limit int) ([]silence.Version, error)
	Change(ctx context.Context, number int64, list []silence.Assumption, why, by string) error
	Reset(ctx context.Context, number int64, why, by string) error
}

var _ SilenceDesk = (*silence.Desk)(nil)

// reportPages are the templates of these pages.
var reportPages = []string{"reports", "report", "schedules", "silence"}

func (c *Console) reportRoutes() []route {
	if c.d.Reports == nil {
		return nil
	}
	all := []route{
		{"GET /reports", access.ReportRead, c.showReports},
		{"GET /reports/{week}", access.ReportRead, c.showReport},
		{"GET /reports/{week}/picture/{picture}", access.ReportRead, c.saveReportDrawing},
		{"GET /silence", access.ReportRead, c.showSilence},
		{"GET /silence/tornado.svg", access.ReportRead, c.saveTornado},
		{"POST /silence", access.ReportManage, c.changeAssumptions},
		{"POST /silence/reset", access.ReportManage, c.resetAssumptions},
	}
	if c.d.Reports.Dispatch == nil {
		return all
	}
	return append(all, []route{
		{"GET /reports/schedules", access.ReportManage, c.showSchedules},
		{"POST /reports/schedules", access.ReportManage, c.saveSchedule},
		{"POST /reports/lines/{line}/repeat", access.ReportManage, c.repeatLine},
	}...)
}

// reportLanguage is the language of reports for one of the console.
func (l language) report() report.Language {
	if l == english {
		return report.English
	}
	return report.Chinese
}

// ReportNamer names types, channels and campaigns as the console does; campaign
// may be nil. Values that come from complaints go through mask, which hides
// personal data in them.
func ReportNamer(types triage.Catalogue, campaign, mask func(string) string) report.Namer {
	return func(in report.Language, dim, value string) string {
		l := languageOf(string(in))
		switch dim {
		case "type", "subtype":
			if info, ok := triage.FindType(types, value); ok {
				return nameIn(l, info)
			}
		case "channel":
			return l.label("channel", value)
		case "campaign":
			if campaign != nil {
				value = campaign(value)
			}
		}
		return mask(value)
	}
}

func (c *Console) reportNames() report.Namer {
	var campaign func(string) string
	if c.d.Figures != nil {
		campaign = c.d.Figures.CampaignName
	}
	return ReportNamer(c.d.Cases.Catalogue(), campaign, c.maskedLine)
}

// reportDepartment is whose report a visit is about: that of the user where they
// see no other, otherwise the one asked for, "" for the whole house.
func (v *visit) reportDepartment() string {
	if own := v.department(); own != "" {
		return own
	}
	return cut(v.r.URL.Query().Get("department"), maxWho)
}
