package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// ReportsDeps is what the paths of reports and of the cost of silence need.
type ReportsDeps struct {
	Maker   reportMaker
	Silence silenceDesk
	// Names says what types and channels are called, other values masked.
	Names report.Namer
}

type reportMaker interface {
	Make(ctx context.Context, s report.Scope) (report.Report, error)
}

var _ reportMaker = (*report.Maker)(nil)

type silenceDesk interface {
	Worth(ctx context.Context) (silence.Version, silence.Result, error)
}

var _ silenceDesk = (*silence.Desk)(nil)

func (s *Server) reportRoutes(api huma.API) {
	if s.d.Reports == nil {
		return
	}
	register(s, api, access.ReportRead, huma.Operation{
		OperationID: "get-weekly-report", Method: http.MethodGet, Path: "/reports/weekly",
		Summary:     "The report of a week: sentences, and the figures behind every one of them",
		Description: "A client of a department gets the report of that department, whatever it asks for.",
	}, s.getWeeklyReport)
	register(s, api, access.ReportRead, huma.Operation{
		OperationID: "get-silence", Method: http.MethodGet, Path: "/silence",
		Summary: "What prevented complaints are worth, with every assumption",
	}, s.getSilence)
}

type weeklyRequest struct {
	Week       string `query:"week" doc:"A week such as 2026-W10; the last one that is over if missing"`
	Department string `query:"department" maxLength:"200" doc:"Whose cases; all if missing"`
	Language   string `query:"language" enum:"zh,en" default:"zh"`
}

type weeklyResponse struct{ Body weeklyView }

// weeklyView is a report in words and figures.
type weeklyView struct {
	Week       report.Week     `json:"week"`
	From       string          `json:"from" doc:"First day of the week"`
	To         string          `json:"to" doc:"Last day of the week"`
	Department string          `json:"department"`
	MadeAt     time.Time       `json:"made_at"`
	Headline   sentenceView    `json:"headline"`
	Sections   []sectionView   `json:"sections"`
	Changes    []weeklyChange  `json:"changes" doc:"Types, and all else that has surely changed"`
	Trend      []weeklyBarView `json:"trend"`
}

type sectionView struct {
	Key       string         `json:"key"`
	Title     string         `json:"title"`
	Sentences []sentenceView `json:"sentences"`
}

type sentenceView struct {
	Text    string       `json:"text"`
	Figures []figureView `json:"figures" doc:"Every number in the text, in its order"`
}

type figureView struct {
	Text    string         `json:"text"`
	Measure report.Measure `json:"measure"`
	Unit    report.Unit    `json:"unit"`
	Value   float64        `json:"value"`
	Low     *float64       `json:"low,omitempty" doc:"Low to high is the interval of the level"`
	High    *float64       `json:"high,omitempty"`
	Level   float64        `json:"level,omitempty" doc:"Of the interval; 0.95 if missing"`
	Page    string         `json:"page,omitempty" doc:"The page of the console with the cases behind it"`
}

type weeklyChange struct {
	By      string         `json:"by"`
	Name    string         `json:"name"`
	Verdict report.Verdict `json:"verdict" enum:"up,down,steady,early"`
	Count   *figureView    `json:"count"`
	Usual   *figureView    `json:"usual,omitempty"`
	Ratio   *figureView    `json:"ratio,omitempty"`
	Year    *figureView    `json:"last_year,omitempty"`
}

type weeklyBarView struct {
	Week  report.Week `json:"week"`
	Cases float64     `json:"cases"`
}

func (s *Server) getWeeklyReport(ctx context.Context, in *weeklyRequest) (*weeklyResponse, error) {
	week := report.LastWeek(s.d.Now(), s.d.Zone)
	if in.Week != "" {
		var err error
		if week, err = report.ParseWeek(in.Week); err != nil {
			return nil, err
		}
	}
	scope := report.Scope{Week: week, Department: in.Department}
	if own := scopeOf(ctx).Department; own != "" {
		scope.Department = own
	}
	r, err := s.d.Reports.Maker.Make(ctx, scope)
	if err != nil {
		return nil, err
	}
	return &weeklyResponse{Body: s.weeklyViewOf(report.Language(in.Language), &r)}, nil
}

func (s *Server) weeklyViewOf(l report.Language, r *report.Report) weeklyView {
	from, to := r.Week.Days()
	v := weeklyView{
		Week: r.Week, From: from.String(), To: (to - 1).String(), Department: r.Department, MadeAt: r.MadeAt.In(s.d.Zone),
		Headline: s.sentenceViewOf(l, r.Headline),
	}
	for _, section := range r.Sections {
		view := sectionView{Key: section.Key, Title: report.Word(l, section.Key)}
		for _, one := range section.Sentences {
			view.Sentences = append(view.Sentences, s.sentenceViewOf(l, one))
		}
		v.Sections = append(v.Sections, view)
	}
	for _, c := range r.Changes {
		v.Changes = append(v.Changes, weeklyChange{
			By: c.Dim, Name: s.d.Reports.Names(l, c.Dim, c.Value), Verdict: c.Verdict,
			Count: figureViewOf(l, c.Count), Usual: figureViewOf(l, c.Usual), Ratio: figureViewOf(l, c.Ratio), Year: figureViewOf(l, c.LastYear),
		})
	}
	for _, b := range r.Trend {
		v.Trend = append(v.Trend, weeklyBarView{b.Week, b.Cases.Value})
	}
	return v
}

func (s *Server) sentenceViewOf(l report.Language, one report.Sentence) sentenceView {
	v := sentenceView{Text: one.Text(l, s.d.Reports.Names)}
	for _, p := range one.Write(l, s.d.Reports.Names) {
		if p.Figure != nil {
			v.Figures = append(v.Figures, *figureViewOf(l, p.Figure))
		}
	}
	return v
}

func figureViewOf(l report.Language, f *report.Figure) *figureView {
	if f == nil {
		return nil
	}
	return &figureView{f.Text(l), f.Measure, f.Unit, f.Value, f.Low, f.High, f.Level, f.Href()}
}

type silenceResponse struct{ Body silenceView }

// silenceView is the result and everything that it rests on.
type silenceView struct {
	Version     silence.Version `json:"version" doc:"The assumptions; number 0 are those of the sources"`
	Result      silence.Result  `json:"result"`
	Explanation string          `json:"explanation" doc:"How the result follows from the assumptions"`
}

const silenceModel = "total = (prevented × leave_complained + prevented × silent × relieved × leave_silent)" +
	" × (replaced × keep_cost × win_multiple + (1 − replaced) × year_value × margin × years)" +
	" + prevented × (1 + silent × relieved) × told × deterred × keep_cost × win_multiple + prevented × handling − programme;" +
	" the range holds 90 % of the draws from triangular assumptions and the normal interval of what was prevented"

func (s *Server) getSilence(ctx context.Context, _ *struct{}) (*silenceResponse, error) {
	version, result, err := s.d.Reports.Silence.Worth(ctx)
	if err != nil {
		return nil, err
	}
	result.Parts = slices.Clone(result.Parts)
	for i := range result.Parts {
		p := &result.Parts[i]
		if !scopeOf(ctx).Everything() && strings.HasPrefix(p.Link, "/improvements/") {
			p.Name, p.Link = "", "" // it may be one of another department
		}
		p.Name = s.d.Mask(p.Name)
	}
	return &silenceResponse{Body: silenceView{version, result, silenceModel}}, nil
}
