package console

import (
	"github.com/qianyi-dev/qianyi/prevention/silence"
)

// formula writes the arithmetic of the likely values out, line by line.
func formula(l language, list []silence.Assumption, s *silence.Sum) ([]string, error) {
	v := map[silence.Key]string{}
	for _, a := range list {
		switch a.Unit {
		case silence.Part:
			v[a.Key] = plain(a.Likely*100) + "%"
		case silence.Money:
			v[a.Key] = money(l, a.Likely)
		default:
			v[a.Key] = plain(a.Likely)
		}
	}
	yuan := func(x float64) string { return money(l, x) }
	prevented := quantity(s.Prevented)
	var lines []string
	for _, one := range []struct {
		key  string
		args []any
	}{
		{"silence.line.win", []any{v[silence.KeepCost], v[silence.WinMultiple], yuan(s.WinCost)}},
		{"silence.line.margin", []any{v[silence.YearValue], v[silence.Margin], v[silence.Years], yuan(s.LostMargin)}},
		{"silence.line.customer", []any{v[silence.Replaced], yuan(s.WinCost), v[silence.Replaced], yuan(s.LostMargin), yuan(s.PerCustomer)}},
		{"silence.line.complained", []any{prevented, v[silence.LeaveComplained], quantity(s.KeptComplained)}},
		{"silence.line.silent", []any{prevented, v[silence.Silent], v[silence.Relieved], v[silence.LeaveSilent], quantity(s.KeptSilent)}},
		{"silence.line.churn", []any{quantity(s.KeptComplained), quantity(s.KeptSilent), yuan(s.PerCustomer), yuan(s.Churn)}},
		{"silence.line.mouth", []any{quantity(s.Unhappy), v[silence.Told], v[silence.Deterred], yuan(s.WinCost), yuan(s.WordOfMouth)}},
		{"silence.line.handling", []any{prevented, v[silence.Handling], yuan(s.Handled)}},
		{"silence.line.total", []any{yuan(s.Churn), yuan(s.WordOfMouth), yuan(s.Handled), yuan(s.Programme), yuan(s.Total)}},
	} {
		text, err := l.text(one.key, one.args...)
		if err != nil {
			return nil, err
		}
		lines = append(lines, text)
	}
	return lines, nil
}
