package console

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// QualityDeps is what the pages of figures need: volume, types, season, times,
// satisfaction, repeats and escalations. Working and Events may be nil.
type QualityDeps struct {
	Book *fact.Book
	// Working says whether a day is worked, for the calendar.
	Working func(time.Time) bool
	Events  CalendarEvents
}

// CalendarEvents knows what happened on days, such as campaigns.
type CalendarEvents interface {
	// EventsBetween returns what touches the days from <= day < to, the earliest
	// first.
	EventsBetween(ctx context.Context, from, to fact.Day) ([]CalendarEvent, error)
}

// CalendarEvent lasted From <= day < To.
type CalendarEvent struct {
	Name     string
	From, To fact.Day
}

func (d *QualityDeps) complete() bool { return d == nil || d.Book != nil }

// qualityPages are the templates of these pages.
var qualityPages = []string{"quality"}

func (c *Console) qualityRoutes() []route {
	if c.d.Quality == nil {
		return nil
	}
	routes := []route{
		{"GET /quality/export.csv", access.QualityRead, c.exportQuality("csv")},
		{"GET /quality/export.xlsx", access.QualityRead, c.exportQuality("xlsx")},
		{"GET /quality/picture.svg", access.QualityRead, c.exportQuality("svg")},
	}
	for _, t := range qualityTabs {
		routes = append(routes, route{"GET " + t.path, access.QualityRead, c.showQuality(t)})
	}
	return routes
}

// qualityTab is one of the pages.
type qualityTab struct {
	name, path, key string
	build           func(*qualityQuery, *qualityView) error
}

// qualityTabs are the pages in the order of their tabs.
var qualityTabs = []qualityTab{
	{"overview", "/quality", "quality.overview", (*qualityQuery).overview},
	{"types", "/quality/types", "quality.types", (*qualityQuery).types},
	{"season", "/quality/season", "quality.season", (*qualityQuery).season},
	{"times", "/quality/times", "quality.times", (*qualityQuery).times},
	{"satisfaction", "/quality/satisfaction", "quality.satisfaction", (*qualityQuery).satisfaction},
	{"escalations", "/quality/escalations", "quality.escalations", (*qualityQuery).escalations},
}
