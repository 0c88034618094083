package console

import (
	"cmp"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// cross is a table of two dimensions with the share of each cell in its row.
// Values beyond those that have room are counted in the totals alone.
func (q *qualityQuery) cross() block {
	b := block{Name: "cross", Title: q.t("quality.cross", q.dim(q.rows), q.dim(q.cols))}
	pairs := q.book.Pairs(q.filter, q.rows, q.cols)
	lines, columns := totals(pairs, 0), totals(pairs, 1)
	shown := columns[:min(len(columns), maxColumns)]
	if left := len(columns) - len(shown); left > 0 {
		b.Note = q.t("quality.cross.left", left)
	}
	b.Head = []string{q.dim(q.rows), q.t("quality.total")}
	total := []figure{words(q.t("quality.total")), {}}
	sum := 0
	for _, n := range columns {
		sum += n.Cases
	}
	total[1] = q.cases(sum, q.filter)
	for _, col := range shown {
		b.Head = append(b.Head, q.value(q.cols, col.Value))
		total = append(total, q.cases(col.Cases, q.filter.Within(q.cols, col.Value)))
	}
	if sum > 0 {
		b.Rows = append(b.Rows, total)
	}
	for _, line := range lines {
		in := q.filter.Within(q.rows, line.Value)
		row := []figure{words(q.value(q.rows, line.Value)), q.cases(line.Cases, in)}
		for _, col := range shown {
			n := pairs[[2]string{line.Value, col.Value}]
			cell := q.cases(n, in.Within(q.cols, col.Value))
			s := evidence.ShareOf(n, line.Cases)
			cell.Title = q.t("quality.of", n, line.Cases, percent1(s.Low), percent1(s.High))
			row = append(row, cell)
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}

// totals are the sums of the pairs by their first or second value, the highest
// first.
func totals(pairs map[[2]string]int, which int) []fact.Number {
	sums := map[string]int{}
	for pair, n := range pairs {
		sums[pair[which]] += n
	}
	var all []fact.Number
	for value, n := range sums {
		all = append(all, fact.Number{Value: value, Cases: n})
	}
	slices.SortFunc(all, func(a, b fact.Number) int {
		return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Value, b.Value))
	})
	return all
}

func (q *qualityQuery) crossForm() *crossForm {
	f := &crossForm{Hidden: q.hidden("rows", "cols")}
	for _, d := range crossDims {
		f.Rows = append(f.Rows, option{Value: d.String(), Label: q.dim(d), Selected: d == q.rows})
		f.Cols = append(f.Cols, option{Value: d.String(), Label: q.dim(d), Selected: d == q.cols})
	}
	return f
}
