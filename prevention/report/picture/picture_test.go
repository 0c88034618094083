package picture_test

import (
	"bytes"
	"image/png"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/picture"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

func made(weeks int) report.Report {
	week := report.Week{Year: 2026, Number: 10}
	_, to := week.Days()
	b := fact.NewBook()
	for d := to - fact.Day(7*weeks); d < to; d++ {
		rows := make([]fact.Row, 3)
		for i := range rows {
			rows[i] = fact.Row{Seq: int64(d)*3 + int64(i), Day: d, Satisfaction: fact.None}
			rows[i].Values[fact.Type] = []string{"资费", "网络", "服务"}[i]
		}
		b.Put(d, rows)
	}
	return report.Build(b, report.Scope{Week: week}, report.Evidence{}, time.Unix(0, 0), time.UTC)
}

func TestPicturesArePNG(t *testing.T) {
	t.Parallel()
	for name, weeks := range map[string]int{"compared": 12, "too early": 1} {
		r := made(weeks)
		for what, draw := range map[string]func(*report.Report) ([]byte, error){"trend": picture.Trend, "types": picture.Types} {
			content, err := draw(&r)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, what, err)
			}
			img, err := png.Decode(bytes.NewReader(content))
			if err != nil || img.Bounds().Dx() != 640 {
				t.Errorf("%s, %s: no picture: %v", name, what, err)
			}
		}
	}
}

func TestNoTypesIsNoPicture(t *testing.T) {
	t.Parallel()
	r := made(0)
	if content, err := picture.Types(&r); err != nil || content != nil {
		t.Errorf("got %d bytes, %v for no types", len(content), err)
	}
}
