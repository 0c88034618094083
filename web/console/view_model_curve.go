package console

import (
	"fmt"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// draw makes a curve of its rows; title and desc are keys of the catalogue.
func draw(l language, title, desc string, rows []curveRow) (*curveView, error) {
	if len(rows) == 0 {
		return nil, nil //nolint:nilnil // no rows, no curve
	}
	var picture chart.Curve
	var err error
	if picture.Title, err = l.text(title); err != nil {
		return nil, err
	}
	if picture.Desc, err = l.text(desc); err != nil {
		return nil, err
	}
	for _, r := range rows {
		picture.Steps = append(picture.Steps, chart.Step{
			Label: r.Label, Value: r.Share.Value, Low: r.Share.Low, High: r.Share.High,
			Hint: fmt.Sprintf("%s: %.1f%% (%.1f–%.1f%%), %d/%d", r.Label, 100*r.Share.Value, 100*r.Share.Low, 100*r.Share.High, r.Share.Right, r.Share.Of),
		})
	}
	return &curveView{picture.SVG(), rows}, nil
}

func learningCurve(l language, points []learn.Point) (*curveView, error) {
	rows := make([]curveRow, len(points))
	for i, p := range points {
		rows[i] = curveRow{strconv.Itoa(p.PerType), p.Trained, p.Accuracy}
	}
	return draw(l, "learn.curve", "learn.curve.desc", rows)
}

func liveCurve(l language, weeks []weekRow) (*curveView, error) {
	var rows []curveRow
	for _, w := range weeks {
		if w.Judged.Of > 0 {
			rows = append(rows, curveRow{w.From[len("2006-"):], w.Cases, w.Judged})
		}
	}
	return draw(l, "learn.live", "learn.live.desc", rows)
}

// coverageCurve has a point for every tenth of the unseen cases.
func coverageCurve(l language, r *learn.Report) (*curveView, error) {
	var rows []curveRow
	for i, p := range r.Coverage {
		if i%2 == 0 && i+1 < len(r.Coverage) { // the points are twentieths
			continue
		}
		n := int(p.Coverage*float64(r.Unseen.Of) + 0.5)
		rows = append(rows, curveRow{percent(p.Coverage), int(100*p.Confidence + 0.5), evidence.ShareOf(int(p.Accuracy*float64(n)+0.5), n)})
	}
	return draw(l, "learn.coverage", "learn.coverage.desc", rows)
}
