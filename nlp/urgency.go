package nlp

import (
	"strconv"
	"strings"
)

// largeAmount is the sum in yuan from which money at stake raises urgency.
const largeAmount = 5000

// manyContacts is the number of repeat-contact cues from which a case is late
// already, whatever the clock says.
const manyContacts = 2

// judgeUrgency orders by the harm of waiting. Danger to people comes first and
// needs no loud words; tone alone never raises a case above harm.
func judgeUrgency(c *cues, entities []Entity, intensity int) Urgency {
	u := Urgency{Level: UrgencyNormal, Reasons: []string{}}
	raise := func(level UrgencyLevel, why string) {
		if urgencyRank(level) > urgencyRank(u.Level) {
			u.Level = level
		}
		u.Reasons = append(u.Reasons, why)
	}
	if w, found := c.firstMeant(cueSafety); found {
		raise(UrgencyCritical, "人身安全："+w)
	}
	if w, found := c.firstMeant(cueMoney); found {
		raise(UrgencyHigh, "资金安全："+w)
	}
	if c.has(cueVulnerable) && (c.has(cueOutage) || c.has(cueSafety)) {
		raise(UrgencyHigh, "弱势客户受影响："+c.first(cueVulnerable))
	}
	if amount := largest(entities); amount >= largeAmount {
		raise(UrgencyHigh, "涉及金额 "+strconv.FormatFloat(amount, 'f', -1, 64)+" 元")
	}
	if intensity == intensityEscalating {
		raise(UrgencyHigh, "表示要升级投诉")
	}
	if c.count(cueRepeat) >= manyContacts {
		raise(UrgencyHigh, "多次反映未解决："+c.first(cueRepeat))
	}
	if c.has(cueOutage) {
		u.Reasons = append(u.Reasons, "业务中断："+c.first(cueOutage))
	}
	if c.has(cueDeadline) {
		u.Reasons = append(u.Reasons, "有时限要求："+c.first(cueDeadline))
	}
	if c.has(cueOutage) && c.has(cueDeadline) {
		raise(UrgencyHigh, "中断且急用")
	}
	if len(u.Reasons) == 0 && intensity == intensityCalm && !c.has(cueAsk) {
		u.Level = UrgencyLow
		u.Reasons = append(u.Reasons, "平静陈述，无明确诉求")
	}
	return u
}

func urgencyRank(l UrgencyLevel) int {
	switch l {
	case UrgencyLow:
		return 0
	case UrgencyHigh:
		return 2
	case UrgencyCritical:
		return 3
	case UrgencyNormal:
	}
	return 1
}

// largest returns the largest amount among the entities, in yuan.
func largest(entities []Entity) float64 {
	top := 0.0
	for _, e := range entities {
		if e.Kind == EntityAmount {
			v, err := strconv.ParseFloat(strings.TrimSpace(e.Value), 64)
			if err == nil {
				top = max(top, v)
			}
		}
	}
	return top
}

// judgeStyle recognises the three kinds of customer of the handling guidance:
// emotional, stubborn, prepared. The customer who brings evidence and law is
// prepared however angry; who refuses every explanation is stubborn.
func judgeStyle(c *cues, intensity int) Style {
	switch {
	case c.has(cueStatute) && (c.has(cueEvidence) || c.has(cueLaw) || c.count(cueStatute) >= 2), c.count(cueEvidence) >= 3:
		return StylePrepared
	case c.count(cueInsist) >= 2, c.has(cueInsist) && c.count(cueRepeat) >= manyContacts:
		return StyleStubborn
	case intensity >= intensityAngry:
		return StyleEmotional
	case c.has(cueInsist) && intensity > intensityCalm:
		return StyleStubborn
	}
	return StyleCalm
}

// demandCues are the cue kinds of each demand, in the order in which ties are
// broken: money before goods before words.
var demandCues = []struct {
	demand Demand
	kind   cueKind
}{
	{DemandRefund, "demand_refund"}, {DemandReplace, "demand_replace"}, {DemandFix, "demand_fix"},
	{DemandExplain, "demand_explain"}, {DemandApology, "demand_apology"},
}

// ruleDemand judges the demand by words: what is asked for counts only behind
// a word of asking.
func ruleDemand(c *cues) Demand {
	for _, d := range demandCues {
		if c.near(cueAsk, d.kind, askReach) {
			return d.demand
		}
	}
	return DemandNone
}
