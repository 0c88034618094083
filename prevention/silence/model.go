package silence

// values are one choice of all assumptions.
type values map[Key]float64

// likely is the best guess of each.
func likely(list []Assumption) values {
	v := make(values, len(list))
	for _, a := range list {
		v[a.Key] = a.Likely
	}
	return v
}

// Sum is the arithmetic of one choice, line by line. Money is in yuan.
type Sum struct {
	Prevented float64 `json:"prevented"`
	// Kept are customers who would have left: Prevented × (LeaveComplained +
	// Silent × Relieved × LeaveSilent).
	KeptComplained float64 `json:"kept_complained"`
	KeptSilent     float64 `json:"kept_silent"`
	// Unhappy is who did not become unhappy, Won who was not deterred by them.
	Unhappy float64 `json:"unhappy"`
	Won     float64 `json:"won"`
	// WinCost is that of one customer, LostMargin the profit of one over the
	// years, PerCustomer what losing one costs: the first for those who are
	// replaced, the second for the others.
	WinCost     float64 `json:"win_cost"`
	LostMargin  float64 `json:"lost_margin"`
	PerCustomer float64 `json:"per_customer"`
	// Churn, WordOfMouth and Handled are what was saved, Programme what it cost.
	Churn       float64 `json:"churn"`
	WordOfMouth float64 `json:"word_of_mouth"`
	Handled     float64 `json:"handled"`
	Programme   float64 `json:"programme"`
	Total       float64 `json:"total"`
	// PerComplaint is what preventing one saves, before the programme.
	PerComplaint float64 `json:"per_complaint"`
}

// work out the sum of a number of prevented complaints.
func (v values) sum(prevented float64) Sum {
	s := Sum{Prevented: prevented, Programme: v[Programme]}
	s.WinCost = v[KeepCost] * v[WinMultiple]
	s.LostMargin = v[YearValue] * v[Margin] * v[Years]
	s.PerCustomer = v[Replaced]*s.WinCost + (1-v[Replaced])*s.LostMargin
	relieved := v[Silent] * v[Relieved]
	s.KeptComplained = prevented * v[LeaveComplained]
	s.KeptSilent = prevented * relieved * v[LeaveSilent]
	s.Unhappy = prevented * (1 + relieved)
	s.Won = s.Unhappy * v[Told] * v[Deterred]
	s.Churn = (s.KeptComplained + s.KeptSilent) * s.PerCustomer
	s.WordOfMouth = s.Won * s.WinCost
	s.Handled = prevented * v[Handling]
	s.Total = s.Churn + s.WordOfMouth + s.Handled - s.Programme
	s.PerComplaint = v.perComplaint()
	return s
}

// perComplaint is the saving of one prevented complaint; the model is linear in
// their number.
func (v values) perComplaint() float64 {
	win := v[KeepCost] * v[WinMultiple]
	lost := v[Replaced]*win + (1-v[Replaced])*v[YearValue]*v[Margin]*v[Years]
	relieved := v[Silent] * v[Relieved]
	return (v[LeaveComplained]+relieved*v[LeaveSilent])*lost + (1+relieved)*v[Told]*v[Deterred]*win + v[Handling]
}
