package chart_test

import (
	"math"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/web/console/chart"
)

func TestFunnel(t *testing.T) {
	t.Parallel()
	limits := func(n int) chart.Limit {
		s := 1 / math.Sqrt(float64(n))
		return chart.Limit{Low95: 1 - 2*s, High95: 1 + 2*s, Low998: 1 - 3*s, High998: 1 + 3*s}
	}
	svg := string(chart.Funnel{Title: hostile, AxisN: hostile, Limits: limits, Spots: []chart.Spot{
		{Label: hostile, Hint: hostile, N: 120, Value: 2.5, Raised: true}, {Label: "wang", N: 800, Value: 1},
		{Label: "none", N: 0, Value: math.NaN()}, {Label: "far", N: 3, Value: math.Inf(1), Raised: true},
	}}.SVG())
	if strings.Contains(svg, "<script>") || strings.Contains(svg, "style=") || strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Errorf("unsafe or no numbers: %s", svg)
	}
	if n := strings.Count(svg, "<circle"); n != 4 {
		t.Errorf("%d spots, want 4", n)
	}
	if !strings.Contains(svg, "wang") && strings.Contains(svg, "far") && strings.Count(svg, "chart-limit") > 40 {
		return
	}
	t.Errorf("only raised spots have labels, and the limits are drawn: %s", svg)
}

func TestAnEmptyFunnel(t *testing.T) {
	t.Parallel()
	if svg := string(chart.Funnel{}.SVG()); !strings.HasSuffix(svg, "</svg>") {
		t.Errorf("got %s", svg)
	}
}
