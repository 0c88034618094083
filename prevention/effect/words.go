package effect

import (
	"fmt"
	"math"
)

// smallCohort is the size below which one plan rarely decides anything.
const smallCohort = 2000

func (r *Report) words() string {
	if r.Verdict == VerdictNone {
		return "没有保留对照组，无法判断主动告知是否减少了投诉。"
	}
	s := fmt.Sprintf("告知 %d 人，投诉 %d 人（%s）；对照 %d 人，投诉 %d 人（%s）。",
		r.Told.Customers, r.Told.Complained, percent(r.Told.Rate()), r.Held.Customers, r.Held.Complained, percent(r.Held.Rate()))
	switch r.Verdict {
	case VerdictFewer:
		return s + fmt.Sprintf("可以断定减少了投诉：约避免 %.0f 件（%.0f 至 %.0f 件，把握 95%%）。", r.Avoided, r.AvoidedLow, r.AvoidedHigh)
	case VerdictMore:
		return s + fmt.Sprintf("可以断定反而增加了投诉：约多出 %.0f 件（%.0f 至 %.0f 件，把握 95%%），建议停止发送。", -r.Avoided, -r.AvoidedHigh, -r.AvoidedLow)
	}
	s += fmt.Sprintf("还不能断定有没有效果：每百人相差 %+.1f 件（%+.1f 至 %+.1f）。", 100*r.Difference, 100*r.Low, 100*r.High)
	if r.Told.Customers+r.Held.Customers < smallCohort {
		s += "人数少，单个计划通常得不出结论，请看各计划合计的效果。"
	}
	return s
}

func (p *Pooled) words() string {
	switch p.Verdict {
	case VerdictNone:
		return "还没有带对照组的计划，无法判断总体效果。"
	case VerdictFewer:
		return fmt.Sprintf("%d 个计划合计：可以断定主动告知减少了投诉，投诉率约为不告知的 %s（%s 至 %s，把握 95%%）。", p.Plans, percent(p.Ratio), percent(p.Low), percent(p.High))
	case VerdictMore:
		return fmt.Sprintf("%d 个计划合计：可以断定主动告知反而增加了投诉，投诉率约为不告知的 %s（%s 至 %s，把握 95%%）。", p.Plans, percent(p.Ratio), percent(p.Low), percent(p.High))
	}
	return fmt.Sprintf("%d 个计划合计：还不能断定主动告知有没有效果。", p.Plans)
}

func (f *Forecast) words() string {
	if f.Verdict == VerdictNone {
		return "告知前后没有足够的天数，无法比较。"
	}
	s := fmt.Sprintf("告知后 %d 天有 %d 位客户投诉，按此前走势预计 %.0f 位（%.0f 至 %.0f）：", f.Days, f.Seen, f.Expected, f.Low, f.High)
	switch f.Verdict {
	case VerdictFewer:
		return s + fmt.Sprintf("比预计少 %.0f 位。前后对比没有对照组，也可能是问题自己平息了。", f.Expected-float64(f.Seen))
	case VerdictMore:
		return s + "比预计还多，问题仍在扩大。"
	}
	return s + "与预计没有明显差别，还不能断定。"
}

// percent has two digits that count.
func percent(x float64) string {
	switch a := math.Abs(100 * x); {
	case a == 0:
		return "0%"
	case a < 1:
		return fmt.Sprintf("%.2f%%", 100*x)
	case a < 10:
		return fmt.Sprintf("%.1f%%", 100*x)
	}
	return fmt.Sprintf("%.0f%%", 100*x)
}
