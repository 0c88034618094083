package demo

import "time"

// Deliveries have been late less often since customers choose the hours: of the
// complaints that would have come since, easedLeft still do.
const (
	easedSubtype = "logistics.delay"
	easedDays    = 71
	easedLeft    = .3
)

// eased says that a complaint does not come, thanks to the change.
func (f *founder) eased(subtype string, at time.Time) bool {
	return subtype == easedSubtype && !at.Before(f.midnight(easedDays)) && f.easing.Float64() >= easedLeft
}

// beforeEased draws a time of complaint before the change.
func (f *founder) beforeEased() time.Time {
	for {
		if t := f.moment(f.easing, 1); t.Before(f.midnight(easedDays)) {
			return t
		}
	}
}
