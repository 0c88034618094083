package console

import (
	"context"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// FiguresDeps is what the lists of the cases behind figures need.
type FiguresDeps struct {
	Book  *fact.Book
	Cases CasesBySeq
	// CampaignName says what a campaign is called, here and on every other page
	// of figures; nil shows ids.
	CampaignName func(id string) string
}

// CasesBySeq reads cases by their numbers.
type CasesBySeq interface {
	// CasesBySeq returns those of the cases that exist, in the order asked.
	CasesBySeq(ctx context.Context, seqs []int64) ([]triage.Case, error)
}

func (d *FiguresDeps) complete() bool { return d == nil || d.Book != nil && d.Cases != nil }

// figuresPages are the templates of these pages.
var figuresPages = []string{"figures"}

func (c *Console) figuresRoutes() []route {
	if c.d.Figures == nil {
		return nil
	}
	return []route{
		{"GET /figures/cases", access.CaseRead, c.showFigureCases},
		{"GET /figures/cases.csv", access.CaseExport, c.exportFigureCases},
		{"GET /figures/cases.xlsx", access.CaseExport, c.exportFigureSheet},
	}
}

// figureFilter reads the filter of the address, narrowed to what the person of
// the visit may see. Whoever may not read the figures of everybody may read
// those of a campaign, with the right to read campaigns, and those of their own
// cases, wherever these are.
func (c *Console) figureFilter(v *visit) (fact.Filter, error) {
	f, err := fact.FilterOf(v.r.URL.Query())
	if err != nil {
		return f, triage.Errorf(triage.CodeInvalid, "the filter in the address: %v", err)
	}
	if onlyOwn(f, v.user.Name) {
		return f, nil
	}
	if !v.may(access.QualityRead) && (!ofCampaign(f) || !v.may(access.CampaignRead)) {
		return f, triage.Errorf(triage.CodeForbidden, "your role sees the figures of campaigns and of your own cases; ask an administrator for more")
	}
	return v.ownFigures(f), nil
}

// onlyOwn says whether all cases of the filter are those of a user.
func onlyOwn(f fact.Filter, user string) bool {
	owned := false
	for _, is := range f.Is {
		if is.Dim == fact.Owner {
			if is.Value != user || user == "" {
				return false
			}
			owned = true
		}
	}
	return owned
}

// ofCampaign says whether all cases of the filter are those of campaigns.
func ofCampaign(f fact.Filter) bool {
	named := false
	for _, is := range f.Is {
		if is.Dim == fact.Campaign {
			if is.Value == "" {
				return false
			}
			named = true
		}
	}
	return named
}

// casesPath is the list of the cases that a filter chooses.
func casesPath(f fact.Filter) string { return "/figures/cases?" + f.Query().Encode() }

// linked is a count with the way to its cases.
func linked(n int, f fact.Filter) figure {
	g := figure{Text: strconv.Itoa(n)}
	if n > 0 {
		g.Href = casesPath(f)
	}
	return g
}
