package console

import "github.com/qianyi-dev/qianyi/triage/staff"

// staffColumns are the headings of the exported comparison: one row for each
// subject and measure.
var staffColumns = []string{
	"staff.name", "staff.measure", "staff.n", "staff.own", "staff.expected", "staff.raw", "staff.ratio", "staff.adjusted",
	"staff.low", "staff.high", "staff.verdict", "staff.mix.column",
}

func (c *Console) staffRecords(v *visit) ([][]string, error) {
	s := readStaffState(v.r.URL.Query())
	h, err := c.compareStaff(c.staffFilter(v, s), s.By)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for i := range h.Cards {
		k := &h.Cards[i]
		for m := range staff.Measures {
			r := &k.Results[m]
			row := []string{
				k.Name, v.lang.label("staffmeasure", m), count(r.N), staffValue(v.lang, m, r.Observed), staffValue(v.lang, m, r.Expected),
				staffRatio(r.Raw), staffRatio(r.Ratio), "", "", "", v.lang.label("staffverdict", r.Verdict), staffMix(v.lang, k),
			}
			if staffJudged(r.Verdict) {
				row[7], row[8], row[9] = staffRatio(r.Adjusted), staffRatio(r.Low), staffRatio(r.High)
			}
			if r.N > 0 {
				rows = append(rows, row)
			}
		}
	}
	return rows, nil
}

func (c *Console) exportStaff(v *visit) error {
	rows, err := c.staffRecords(v)
	if err != nil {
		return err
	}
	return c.sendTable(v, "staff", staffColumns, rows)
}

func (c *Console) exportStaffSheet(v *visit) error {
	rows, err := c.staffRecords(v)
	if err != nil {
		return err
	}
	columns, err := sheetColumns(v.lang, staffColumns, 16)
	if err != nil {
		return err
	}
	title, err := v.lang.text("nav.staff")
	if err != nil {
		return err
	}
	return c.sendSheet(v, title, "", columns, rows, export{c.exportName("qianyi-staff", "xlsx"), "staff", ""})
}
