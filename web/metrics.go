package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts in a registry of its own. No label holds anything a client
// can make up: routes are templates, methods the known ones.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	duration   *prometheus.HistogramVec
	complaints *prometheus.CounterVec
	triage     *prometheus.HistogramVec
}

func newMetrics(d Deps) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "qianyi_http_requests_total", Help: "Answered HTTP requests.",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "qianyi_http_request_duration_seconds", Help: "Time from a request to its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .02, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route"}),
		complaints: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "qianyi_api_complaints_total", Help: "Complaints taken in by the API, by result: new or duplicate.",
		}, []string{"result"}),
		triage: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "qianyi_api_triage_duration_seconds", Help: "Time to judge one complaint, with similar cases; submit also stores it.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .02, .05, .1, .25, 1},
		}, []string{"operation"}),
	}
	m.registry.MustRegister(m.requests, m.duration, m.complaints, m.triage, jobCollector{d.Jobs},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if d.Learning != nil && d.Learning.Opinions != nil {
		m.registry.MustRegister(opinionCollector{d.Learning.Opinions})
	}
	if d.IndexLag != nil {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "qianyi_index_lag_changes", Help: "Changes of the database that the search index does not have yet.",
		}, d.IndexLag))
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, ErrorHandling: promhttp.ContinueOnError})
}

func (m *metrics) observe(requestMethod, route string, status int, dur time.Duration) {
	name := method(requestMethod)
	m.requests.WithLabelValues(name, route, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(name, route).Observe(dur.Seconds())
}

// method returns a known method name, "OTHER" for what a client made up.
func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return name
	}
	return "OTHER"
}
