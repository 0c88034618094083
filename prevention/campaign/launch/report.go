package launch

// Report is the judgement of one draft.
type Report struct {
	// Score is 100 for a draft without a finding and falls, not below 0, by the
	// points of every kind that occurs.
	Score int `json:"score"`
	// Reasons say in Chinese which kinds cost how many points.
	Reasons []string `json:"reasons"`
	// Findings are in the order of their place, those of the copy first; those of
	// one kind do not overlap.
	Findings []Finding `json:"findings"`
}

const (
	bestScore  = 100
	worstScore = 0
)

// Verdict is what the check says in the end.
type Verdict string

// The verdicts.
const (
	Go   Verdict = "go"   // 可以上线
	Fix  Verdict = "fix"  // 修改后上线
	Stop Verdict = "stop" // 不建议上线
)

// tooMany is how many kinds of grave findings make a draft that has to be
// written anew.
const tooMany = 3

// VerdictOf judges what is left open of the findings: anything of medium
// severity or more has to be put right first; copy and rules that contradict
// each other, a prize above what the law allows, and copy with three kinds of
// grave findings or more should not go out at all.
func VerdictOf(open []Finding) Verdict {
	verdict := Go
	grave := map[Kind]bool{}
	for i := range open {
		f := &open[i]
		switch f.Severity {
		case High:
			verdict = Fix
			grave[f.Kind] = true
		case Medium:
			verdict = Fix
		case Low: // may stay
		}
	}
	if len(grave) >= tooMany || grave[Contradiction] || grave[PrizeTerms] {
		return Stop
	}
	return verdict
}
