package cohort

import "github.com/qianyi-dev/qianyi/prevention"

func evidence(field, value string, with, known int, share float64) prevention.Evidence {
	return prevention.Evidence{
		Field: field, Value: value, With: with, Known: known, Share: share,
		Lift:   float64(with) / max(float64(known)*share, 1e-9),
		PValue: tail(with, known, share),
	}
}
