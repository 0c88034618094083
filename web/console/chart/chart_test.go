package chart_test

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

const hostile = "<script>alert(1)</script>\"'&\x00\x1b"

func bars(words string) chart.Bars {
	b := chart.Bars{Title: "每日客户数 " + words, Desc: "灰色是预期" + words, Marks: []chart.Mark{
		{Day: 10, Label: "预警 " + words, Alarm: true}, {Day: 13, Label: "已通知" + words},
	}}
	for i := range 14 {
		n := 0
		if i > 7 {
			n = (i - 7) * (i - 7)
		}
		b.Days = append(b.Days, chart.Day{Label: "05-" + strconv.Itoa(i+10) + words, Hint: strconv.Itoa(n) + " 位", Count: n, High: 2, Raised: i == 9 || i == 10})
	}
	return b
}

func berg(words string) chart.Iceberg {
	return chart.Iceberg{
		Title: "估计 480 位受影响" + words, Above: 22.0 / 480, Low: 380.0 / 480, High: 560.0 / 480,
		AboveLabel: [2]string{"22", "位已投诉" + words}, BelowLabel: [2]string{"458", "位沉默（358–538）" + words},
	}
}

func forest(words string) chart.Forest {
	return chart.Forest{
		Title: "效果" + words, Better: "投诉减少", Worse: "投诉增加",
		Rows: []chart.Estimate{
			{Label: "P7" + words, Text: "-3.1 个百分点（-5.0 至 -1.2）", Value: -3.1, Low: -5, High: -1.2},
			{Label: "P8", Text: "还不能断定", Value: -1, Low: -4, High: 2},
			{Label: "P9", Text: "增加", Value: 2, Low: 1, High: 3},
			{Label: "合计", Text: "-2.4", Value: -2.4, Low: -3.6, High: -0.9, Total: true},
		},
	}
}

func trend(words string) chart.Trend {
	return chart.Trend{
		Title: "走势" + words, Desc: "说明" + words, Labels: []string{"01-01" + words, "01-02", "01-03", "01-04"}, Hints: []string{"3 件" + words}, Open: 1, Mark: 0.8,
		Columns: []chart.Series{{Label: "12315" + words, Values: []float64{3, 0, 5}}, {Label: "媒体", Values: []float64{1, 2, math.NaN(), 4}}},
		Lines:   []chart.Series{{Label: "去年同期", Values: []float64{2, math.NaN(), 3, 4}, Dashed: true}},
		Shares:  []chart.Series{{Label: "累计", Values: []float64{0.4, 0.7, 0.9, 1}}},
	}
}

func year(words string) chart.Year {
	y := chart.Year{Title: "日历" + words, Year: 2026, Weekdays: [7]string{"一" + words, "二", "三", "四", "五", "六", "日"}, Months: [12]string{"1月" + words}}
	for i := range 365 {
		y.Dates = append(y.Dates, chart.Date{Warm: chart.Warm{Count: i % 9, Hint: strconv.Itoa(i) + words}, Peak: i == 40, Off: i%7 == 2})
	}
	y.Bands = []chart.Band{{Label: "开年大促" + words, From: 10, To: 30}, {Label: "一天", From: 100, To: 101}, {Label: "在外", From: -50, To: 900}}
	return y
}

func pictures(words string) map[string]template.HTML {
	return map[string]template.HTML{
		"bars":    bars(words).SVG(),
		"iceberg": berg(words).SVG(),
		"forest":  forest(words).SVG(),
		"spark":   chart.Sparkline("30 天"+words, []int{0, 0, 1, 0, 2, 5, 9}, 5),
		"scores": chart.Scores("满意度"+words, "虚线是 80 分", []chart.Score{
			{Hint: "2026-01-05 92" + words, Value: 92}, {Hint: "2026-02-01 60", Value: 60}, {Hint: "2026-03-01 100", Value: 100},
		}, 80),
		"curve": chart.Curve{Title: "学习曲线" + words, Desc: "竖线是区间", Steps: []chart.Step{
			{Label: "0" + words, Hint: "75%", Value: 0.75, Low: 0.6, High: 0.86}, {Label: "10", Value: 0.82, Low: 0.7, High: 0.9}, {Label: "50", Value: 0.9, Low: 0.8, High: 1},
		}}.SVG(),
		"trend": trend(words).SVG(),
		"heat": chart.Heat{Title: "星期 × 小时" + words, Rows: []string{"周一" + words, "周二"}, Columns: []string{"0", "1", "2"}, Cells: [][]chart.Warm{
			{{Count: 0}, {Count: 3, Text: "3", Hint: "周一 1 时" + words}, {Count: 10, Text: "10"}}, {{Count: 5, Text: "5" + words}},
		}}.SVG(),
		"year": year(words).SVG(),
		"stack": chart.Stack("进度"+words, []chart.Part{
			{Label: "已送达 90" + words, Count: 90, Class: "part-delivered"}, {Label: "失败 1", Count: 1, Class: "part-failed"}, {Label: "无", Class: "part-none"},
		}),
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	for name, svg := range pictures("") {
		testkit.Golden(t, name+".svg", []byte(strings.ReplaceAll(string(svg), "><", ">\n<")+"\n"))
	}
}

// A picture is shown inside a page and saved to a file: words may neither be
// markup there nor make it anything but well-formed XML, and nothing may need
// what the content security policy forbids.
func TestHostileWords(t *testing.T) {
	t.Parallel()
	for name, svg := range pictures(hostile) {
		for _, bad := range []string{"<script", " style=", " onload", "javascript:"} {
			if strings.Contains(string(svg), bad) {
				t.Errorf("%s has %q", name, bad)
			}
		}
		checkXML(t, name, svg)
	}
}

func TestFiguresOfAnyKind(t *testing.T) {
	t.Parallel()
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 0, 1e300}
	for _, v := range odd {
		for name, svg := range map[string]template.HTML{
			"no bars":  chart.Bars{}.SVG(),
			"bars":     chart.Bars{Days: []chart.Day{{Count: -5, Low: v, High: v}}, Marks: []chart.Mark{{Day: -3}, {Day: 99}}, Width: v, Height: 100}.SVG(),
			"iceberg":  chart.Iceberg{Above: v, Low: v, High: v}.SVG(),
			"forest":   chart.Forest{Rows: []chart.Estimate{{Value: v, Low: v, High: v}}}.SVG(),
			"no spark": chart.Sparkline("", nil, 0),
			"spark":    chart.Sparkline("", []int{-4, 0}, -1),
			"stack":    chart.Stack("", []chart.Part{{Count: -1}}),
			"scores":   chart.Scores("", "", []chart.Score{{Value: v}, {Value: 50}}, v),
			"no trend": chart.Trend{}.SVG(),
			"trend": chart.Trend{Labels: []string{"a", "b"}, Columns: []chart.Series{{Values: []float64{v, 1}}}, Lines: []chart.Series{{Values: []float64{v, v}}},
				Shares: []chart.Series{{Values: []float64{1, v}}}, Mark: v, Open: 9}.SVG(),
			"no heat":  chart.Heat{}.SVG(),
			"heat":     chart.Heat{Rows: []string{"a"}, Columns: []string{"b"}, Cells: [][]chart.Warm{{{Count: -4}}}}.SVG(),
			"no year":  chart.Year{}.SVG(),
			"year":     chart.Year{Year: -3, Dates: make([]chart.Date, 400), Bands: make([]chart.Band, 20)}.SVG(),
			"no curve": chart.Curve{}.SVG(),
			"curve":    chart.Curve{Steps: []chart.Step{{Value: v, Low: v, High: v}, {Value: 1}}}.SVG(),
		} {
			checkXML(t, name, svg)
			for _, bad := range []string{"NaN", "Inf", `"-0"`, "e+"} {
				if strings.Contains(string(svg), bad) {
					t.Errorf("%s of %v has %s: %.200s", name, v, bad, svg)
				}
			}
		}
	}
}

func TestWaterLineSharesTheArea(t *testing.T) {
	t.Parallel()
	last := -1.0
	for _, above := range []float64{0.01, 0.05, 0.25, 0.5, 0.9, 0.99} {
		svg := string(chart.Iceberg{Above: above}.SVG())
		tip, body := pathArea(t, svg, "berg-above"), pathArea(t, svg, "berg-below")
		if got := tip / (tip + body); math.Abs(got-above) > 0.01 {
			t.Errorf("above %v: got %.3f of the area above the water", above, got)
		}
		if tip <= last {
			t.Errorf("above %v: the tip does not grow", above)
		}
		last = tip
	}
	if svg := string(chart.Iceberg{Above: 1}.SVG()); strings.Contains(svg, "berg-below") {
		t.Error("all complained: there must be nothing below the water")
	}
}

// pathArea is the area of a polygon by the shoelace formula.
func pathArea(t *testing.T, svg, class string) float64 {
	t.Helper()
	_, path, found := strings.Cut(svg, `class="`+class+`" d="M`)
	if !found {
		t.Fatalf("no path %s in %s", class, svg)
	}
	path, _, _ = strings.Cut(path, " Z")
	var xs, ys []float64
	for p := range strings.SplitSeq(path, " L") {
		x, y, _ := strings.Cut(p, " ")
		for _, one := range []struct {
			text string
			to   *[]float64
		}{{x, &xs}, {y, &ys}} {
			v, err := strconv.ParseFloat(one.text, 64)
			if err != nil {
				t.Fatal(err)
			}
			*one.to = append(*one.to, v)
		}
	}
	area := 0.0
	for i := range xs {
		j := (i + 1) % len(xs)
		area += xs[i]*ys[j] - xs[j]*ys[i]
	}
	return math.Abs(area) / 2
}

func checkXML(t *testing.T, name string, svg template.HTML) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s is not XML: %v", name, err)
		}
	}
}

// A picture is honest: a column twice as high stands for twice as much, and
// columns begin at nothing.
func TestColumnsAreInProportion(t *testing.T) {
	t.Parallel()
	svg := string(chart.Trend{Labels: []string{"a", "b"}, Columns: []chart.Series{{Values: []float64{20, 40}}}}.SVG())
	heights := regexp.MustCompile(`class="chart-fill chart-s0"[^>]* height="([0-9.]+)"`).FindAllStringSubmatch(svg, -1)
	if len(heights) != 2 {
		t.Fatalf("got %d columns, want 2: %s", len(heights), svg)
	}
	low, _ := strconv.ParseFloat(heights[0][1], 64)
	high, _ := strconv.ParseFloat(heights[1][1], 64)
	if math.Abs(high-2*low) > 0.2 {
		t.Errorf("got the heights %v and %v", low, high)
	}
}

// The first of January 2026 is a Thursday: it stands in the fourth row.
func TestYearBeginsOnItsWeekday(t *testing.T) {
	t.Parallel()
	svg := string(chart.Year{Year: 2026, Dates: []chart.Date{{Warm: chart.Warm{Count: 1, Hint: "first"}}, {Warm: chart.Warm{Count: 1}}, {}, {}, {Warm: chart.Warm{Count: 1, Hint: "Monday"}}}}.SVG())
	places := regexp.MustCompile(`class="chart-warm" x="([0-9.]+)" y="([0-9.]+)"`).FindAllStringSubmatch(svg, -1)
	if len(places) != 5 || places[0][2] != "69" || places[4][2] != "21" || places[0][1] == places[4][1] {
		t.Errorf("got the places %v", places)
	}
}
