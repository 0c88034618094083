package demo

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/triage"
)

// scheduleContent is who gets the weekly report, from a Weekday (0 is Sunday)
// and Hour on.
type scheduleContent struct {
	Name, Department, By string
	Weekday, Hour        int
	Receivers            []triage.Email
}

// schedulesDays is how long ago the reports were put on their schedules.
const schedulesDays = 30

// makeReports puts the weekly reports on schedules.
func (f *founder) makeReports() {
	for i := range f.content.Schedules {
		p := &f.content.Schedules[i]
		f.say(f.midnight(schedulesDays).Add(14*time.Hour), func(ctx context.Context, s *Stream) error {
			_, err := s.Reports.Save(ctx, dispatch.Schedule{
				Name: p.Name, Department: p.Department, Weekday: time.Weekday(p.Weekday), Hour: p.Hour,
				Receivers: p.Receivers, Language: report.Chinese, Active: true,
			}, p.By)
			return err
		})
	}
}
