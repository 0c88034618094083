package cohort

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// zone is that of the readers; China has had no summer time since 1991.
var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Names of the input contract's kinds and of common attributes; others are
// said as they are recorded.
var (
	kindWords = map[string]string{
		"payment": "支付", "purchase": "购买", "campaign": "参与活动", "service": "服务", "network": "网络",
		"roaming": "漫游", "visit": "到访",
	}
	attrWords = map[string]string{
		"status": "状态", "reason": "原因", "batch": "批次", "channel": "渠道", "rule": "规则", "name": "名称",
		"amount": "金额", "version": "版本", "region": "地区", "type": "类型", "result": "结果",
	}
)

// Words says a rule in Chinese, such as "2026年4月8日 12时起，支付“银联在线”（状态为
// failed，原因为 timeout），且客户在沈阳或抚顺". It is "" for the zero Rule.
func Words(r prevention.Rule) string {
	var parts []string
	for i := range r.Conditions {
		parts = append(parts, conditionWords(&r.Conditions[i]))
	}
	if len(parts) == 0 {
		return ""
	}
	s := strings.Join(parts, "；并且")
	if len(r.Regions) > 0 {
		s += "；且客户在" + orList(r.Regions)
	}
	return s
}

func conditionWords(c *prevention.Condition) string {
	s := spanWords(c.From, c.To) + cmp.Or(kindWords[c.Kind], c.Kind)
	if c.Key != "" {
		s += "“" + c.Key + "”"
	}
	var attrs []string
	for _, name := range slices.Sorted(maps.Keys(c.Attrs)) {
		attrs = append(attrs, cmp.Or(attrWords[name], name)+"为 "+c.Attrs[name])
	}
	if len(attrs) > 0 {
		s += "（" + strings.Join(attrs, "，") + "）"
	}
	return s
}

func spanWords(from, to time.Time) string {
	switch {
	case from.IsZero() && to.IsZero():
		return ""
	case to.IsZero():
		return timeWords(from) + "起，"
	case from.IsZero():
		return timeWords(to) + "之前，"
	}
	return timeWords(from) + "至" + timeWords(to) + "，"
}

func timeWords(t time.Time) string {
	t = t.In(zone)
	if t.Hour() == 0 && t.Minute() == 0 {
		return t.Format("2006年1月2日")
	}
	return t.Format("2006年1月2日 15:04")
}

// orList joins names as "甲、乙或丙".
func orList(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], "、") + "或" + names[last]
}
