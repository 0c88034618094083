package verdict

import (
	"fmt"
	"strings"
)

// factWords are the usual facts of exposures, and their values, in Chinese.
var factWords = map[string]string{
	"rule": "规则", "rules": "规则", "channel": "渠道", "joined": "已参加", "region": "地区", "batch": "批次", "version": "版本", "shop": "网点",
	"changed": "已变更", "old": "原规则", "new": "新规则", "true": "是", "false": "否", "1": "是", "0": "否",
	"app": "App", "sms": "短信", "hotline": "热线", "wechat": "微信", "counter": "柜面", "email": "邮件", "web": "网页",
}

// SegmentName is a segment in Chinese, as far as its fact is a usual one:
// "rule=changed" is 规则：已变更.
func SegmentName(segment string) string {
	name, value, ok := strings.Cut(segment, "=")
	word, known := factWords[name]
	if !ok || !known {
		return segment
	}
	if v, known := factWords[value]; known {
		value = v
	}
	return word + "：" + value
}

// Chinese says in one sentence what the signal rests on.
func (v *Verdict) Chinese() string {
	switch v.Why {
	case WhyFar:
		return fmt.Sprintf("投诉远超正常水平：%s每万触达 %s 位客户投诉（90%% 区间 %s），明显高于上限。", v.worstPart("自 %s 起", "“%s”分段", SegmentName), number(v.worst().Value), interval(v.worst()))
	case WhyEscalated:
		return fmt.Sprintf("%d 件投诉中有 %d 件提到 12315、工信部或媒体，升级风险过高。", v.Complaints, v.Escalated)
	case WhyUnwelcome:
		return fmt.Sprintf("柜面 %d 次推荐中有 %d 次被拒绝或引起反感。", v.Contacts, v.Unwelcome)
	case WhyChange:
		return fmt.Sprintf("自 %s 起投诉率是此前的 %s 倍（90%% 区间 %s），其间有 %d 位客户投诉。", v.Since, number(v.Own.Value), between(v.Own), v.RecentCount)
	case WhySegment:
		return fmt.Sprintf("其中“%s”分段的投诉率是其余分段的 %s 倍（90%% 区间 %s），有 %d 位客户投诉。", SegmentName(v.Segment), number(v.Rest.Value), between(v.Rest), v.SegmentCount)
	case WhyAbove:
		return fmt.Sprintf("投诉率是 %d 个同类活动的 %s 倍（90%% 区间 %s）。", v.SimilarCampaigns, number(v.Similar.Value), between(v.Similar))
	case WhyEarly:
		return fmt.Sprintf("目前 %d 位客户投诉，数据太少，还不能下结论。", v.Count)
	case WhyUnknown:
		return "没有触达记录，无法计算投诉率。"
	default:
		return fmt.Sprintf("每万触达 %s 位客户投诉（90%% 区间 %s），没有异常。", number(v.Rate.Value), interval(v.Rate))
	}
}

// English is Chinese in English.
func (v *Verdict) English() string {
	switch v.Why {
	case WhyFar:
		return fmt.Sprintf("Far too many complaints: %s%s customers per 10 000 reached (90%% interval %s), clearly above the limit.", v.worstPart("since %s ", "in the segment “%s” ", strings.Clone), number(v.worst().Value), interval(v.worst()))
	case WhyEscalated:
		return fmt.Sprintf("Of %d complaints %d mention 12315, the ministry or the media.", v.Complaints, v.Escalated)
	case WhyUnwelcome:
		return fmt.Sprintf("Of %d recommendations at the counter %d were refused or annoyed.", v.Contacts, v.Unwelcome)
	case WhyChange:
		return fmt.Sprintf("Since %s the rate of complaints is %s times that before (90%% interval %s); %d customers complained.", v.Since, number(v.Own.Value), between(v.Own), v.RecentCount)
	case WhySegment:
		return fmt.Sprintf("In the segment “%s” the rate is %s times that of the rest (90%% interval %s); %d customers complained.", v.Segment, number(v.Rest.Value), between(v.Rest), v.SegmentCount)
	case WhyAbove:
		return fmt.Sprintf("The rate is %[2]s times that of %[1]d similar campaigns (90%% interval %[3]s).", v.SimilarCampaigns, number(v.Similar.Value), between(v.Similar))
	case WhyEarly:
		return fmt.Sprintf("%d customers have complained; it is too early to say.", v.Count)
	case WhyUnknown:
		return "Nobody recorded whom it reached, so there is no rate."
	default:
		return fmt.Sprintf("%s customers per 10 000 reached complain (90%% interval %s), nothing unusual.", number(v.Rate.Value), interval(v.Rate))
	}
}

// worst is the rate that a Stop is about.
func (v *Verdict) worst() Rate {
	switch {
	case v.Since != 0:
		return v.Recent
	case v.Segment != "":
		return v.SegmentRate
	default:
		return v.Rate
	}
}

// worstPart says of which part worst is, "" for the whole campaign.
func (v *Verdict) worstPart(since, segment string, name func(string) string) string {
	switch {
	case v.Since != 0:
		return fmt.Sprintf(since, v.Since)
	case v.Segment != "":
		return fmt.Sprintf(segment, name(v.Segment))
	default:
		return ""
	}
}

func interval(r Rate) string { return number(r.Low) + "–" + number(r.High) }

func between(r Ratio) string { return number(r.Low) + "–" + number(r.High) }

// number writes three digits, or one decimal below a hundred.
func number(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 1:
		return fmt.Sprintf("%.1f", x)
	default:
		return fmt.Sprintf("%.2f", x)
	}
}
