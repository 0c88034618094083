package linear

import (
	"cmp"
	"math"
	"slices"
)

// Prediction is one judged example: the true class, the predicted one and the
// probability claimed for it.
type Prediction struct {
	True, Predicted int
	Confidence      float64
}

// ClassReport is how well one class is recognised.
type ClassReport struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Support   int     `json:"support"`
}

// CoveragePoint says: answering only the most confident Coverage of the
// examples, Accuracy of them are right.
type CoveragePoint struct {
	Coverage   float64 `json:"coverage"`
	Accuracy   float64 `json:"accuracy"`
	Confidence float64 `json:"confidence"`
}

// Report is a full account of a classifier on a labelled set.
type Report struct {
	Count    int     `json:"count"`
	Accuracy float64 `json:"accuracy"`
	MacroF1  float64 `json:"macro_f1"`
	// ECE is the expected calibration error over 15 equal-width bins.
	ECE          float64         `json:"ece"`
	Classes      []ClassReport   `json:"-"`
	Confusion    [][]int         `json:"confusion"`
	RiskCoverage []CoveragePoint `json:"risk_coverage"`
}

// Judge computes the report of predictions over classes 0..classes-1. Macro F1
// is the mean over the classes that occur as a true class.
func Judge(predictions []Prediction, classes int) Report {
	r := Report{Count: len(predictions), Confusion: make([][]int, classes)}
	for i := range r.Confusion {
		r.Confusion[i] = make([]int, classes)
	}
	right := 0
	for _, p := range predictions {
		r.Confusion[p.True][p.Predicted]++
		if p.True == p.Predicted {
			right++
		}
	}
	r.Accuracy = ratio(right, len(predictions))
	r.Classes = classReports(r.Confusion)
	present := 0
	for _, c := range r.Classes {
		if c.Support > 0 {
			r.MacroF1 += c.F1
			present++
		}
	}
	if present > 0 {
		r.MacroF1 /= float64(present)
	}
	r.ECE = calibrationError(predictions)
	r.RiskCoverage = riskCoverage(predictions)
	return r
}

func classReports(confusion [][]int) []ClassReport {
	reports := make([]ClassReport, len(confusion))
	for k := range confusion {
		var predicted int
		for t := range confusion {
			predicted += confusion[t][k]
			reports[k].Support += confusion[k][t]
		}
		c := &reports[k]
		c.Precision = ratio(confusion[k][k], predicted)
		c.Recall = ratio(confusion[k][k], c.Support)
		if c.Precision+c.Recall > 0 {
			c.F1 = 2 * c.Precision * c.Recall / (c.Precision + c.Recall)
		}
	}
	return reports
}

// calibrationError is the mean distance between claimed confidence and
// accuracy over 15 bins of equal width, weighted by their size.
func calibrationError(predictions []Prediction) float64 {
	const bins = 15
	var count, right, claimed [bins]float64
	for _, p := range predictions {
		b := min(int(p.Confidence*bins), bins-1)
		count[b]++
		claimed[b] += p.Confidence
		if p.True == p.Predicted {
			right[b]++
		}
	}
	var sum float64
	for b := range bins {
		sum += math.Abs(right[b] - claimed[b])
	}
	if len(predictions) == 0 {
		return 0
	}
	return sum / float64(len(predictions))
}

func riskCoverage(predictions []Prediction) []CoveragePoint {
	sorted := slices.Clone(predictions)
	slices.SortStableFunc(sorted, func(a, b Prediction) int { return cmp.Compare(b.Confidence, a.Confidence) })
	var points []CoveragePoint
	right, next := 0, 1
	for i, p := range sorted {
		if p.True == p.Predicted {
			right++
		}
		if (i+1)*20 >= next*len(sorted) {
			points = append(points, CoveragePoint{
				Coverage: ratio(i+1, len(sorted)), Accuracy: ratio(right, i+1), Confidence: p.Confidence,
			})
			next = (i+1)*20/len(sorted) + 1
		}
	}
	return points
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
