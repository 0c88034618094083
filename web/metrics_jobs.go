package web

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/qianyi-dev/qianyi/jobs"
)

// scrapeTimeout bounds reading the run log for one scrape.
const scrapeTimeout = 2 * time.Second

var (
	jobStartDesc = prometheus.NewDesc("qianyi_job_last_start_timestamp_seconds",
		"When the latest run of a job started, as Unix time.", []string{"job"}, nil)
	jobStateDesc = prometheus.NewDesc("qianyi_job_last_state",
		"1 for the state of the latest run of a job: running, done, failed or lost.", []string{"job", "state"}, nil)
)

// jobCollector reads the latest runs from the run log when it is asked, so
// that the figures outlive a restart.
type jobCollector struct{ jobs JobRunner }

// Describe announces the metrics.
func (c jobCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- jobStartDesc
	ch <- jobStateDesc
}

// Collect reports the latest run of every job; with an unreadable log
// the scrape goes on without them.
func (c jobCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout) // the interface of collectors has no context
	defer cancel()
	for _, job := range c.jobs.Jobs() {
		last, err := c.jobs.Runs(ctx, job.Name, 1)
		if err != nil {
			ch <- prometheus.NewInvalidMetric(jobStateDesc, err)
			return
		}
		if len(last) == 0 {
			continue
		}
		ch <- prometheus.MustNewConstMetric(jobStartDesc, prometheus.GaugeValue, float64(last[0].StartedAt.Unix()), job.Name)
		for _, state := range []jobs.State{jobs.StateRunning, jobs.StateDone, jobs.StateFailed, jobs.StateLost} {
			value := 0.0
			if last[0].State == state {
				value = 1
			}
			ch <- prometheus.MustNewConstMetric(jobStateDesc, prometheus.GaugeValue, value, job.Name, string(state))
		}
	}
}
