package chart_test

import (
	"encoding/xml"
	"math"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/web/console/chart"
)

func TestRangesTakeAnyFigureAndWord(t *testing.T) {
	t.Parallel()
	for _, r := range []chart.Ranges{
		{Title: hostile},
		{Title: "预测", Rows: []chart.Range{{Label: hostile, Text: hostile, Value: 30, Low: 20, High: 45, WideLow: 10, WideHigh: 60, Total: true}, {Label: "全部", Value: 25}}},
		{Rows: []chart.Range{{Value: math.NaN(), High: math.Inf(1)}, {Value: -3}}},
	} {
		svg := string(r.SVG())
		var doc struct{}
		if err := xml.Unmarshal([]byte(svg), &doc); err != nil {
			t.Errorf("not XML: %v in %s", err, svg)
		}
		if strings.Contains(svg, "<script") || strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("got %s", svg)
		}
	}
}
