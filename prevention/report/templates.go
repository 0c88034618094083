package report

// templates are the sentences of a report. They hold no digits: every number is
// a slot that a figure fills.
var templates = map[string]wording{
	"headline.early":      {"本周共收到投诉{count}。", "{count} complaints came in this week."},
	"headline.first":      {"本周共收到投诉{count}，此前{weeks}平均每周{usual}。", "{count} complaints came in this week, after {usual} a week in the {weeks} before."},
	"headline.first.lead": {"本周共收到投诉{count}，此前{weeks}平均每周{usual}；上升最明显的是“{lead}”，{lead_count}，平时每周{lead_usual}。", "{count} complaints came in this week, after {usual} a week in the {weeks} before; “{lead}” rose most clearly, to {lead_count} from {lead_usual} a week."},

	"headline.up":          {"本周共收到投诉{count}，明显多于此前{weeks}的平均每周{usual}，是平时的{ratio}。", "{count} complaints came in this week, clearly more than the {usual} a week of the {weeks} before: {ratio} the usual number."},
	"headline.down":        {"本周共收到投诉{count}，明显少于此前{weeks}的平均每周{usual}，是平时的{ratio}。", "{count} complaints came in this week, clearly fewer than the {usual} a week of the {weeks} before: {ratio} the usual number."},
	"headline.steady":      {"本周共收到投诉{count}，与此前{weeks}的平均每周{usual}相比没有明显变化。", "{count} complaints came in this week, no clear change from the {usual} a week of the {weeks} before."},
	"headline.up.lead":     {"本周共收到投诉{count}，明显多于此前{weeks}的平均每周{usual}，是平时的{ratio}；上升最明显的是“{lead}”，{lead_count}，平时每周{lead_usual}。", "{count} complaints came in this week, clearly more than the {usual} a week of the {weeks} before: {ratio} the usual number; “{lead}” rose most clearly, to {lead_count} from {lead_usual} a week."},
	"headline.down.lead":   {"本周共收到投诉{count}，明显少于此前{weeks}的平均每周{usual}，是平时的{ratio}；但“{lead}”上升，{lead_count}，平时每周{lead_usual}。", "{count} complaints came in this week, clearly fewer than the {usual} a week of the {weeks} before: {ratio} the usual number; but “{lead}” rose to {lead_count} from {lead_usual} a week."},
	"headline.steady.lead": {"本周共收到投诉{count}，总量与此前{weeks}的平均每周{usual}相比没有明显变化；但“{lead}”明显上升，{lead_count}，平时每周{lead_usual}。", "{count} complaints came in this week, no clear change from the {usual} a week of the {weeks} before; but “{lead}” rose clearly, to {lead_count} from {lead_usual} a week."},

	"changes.early":         {"本周收到投诉{count}；可对比的完整记录只有{weeks}，还不足以判断升降。", "{count} complaints came in; with {weeks} to compare with it is too early to speak of rises and falls."},
	"changes.none":          {"各类型、产品、地区和渠道都没有明显变化：本周{count}，此前{weeks}平均每周{usual}。", "No type, product, region or channel changed clearly: {count} this week, {usual} a week in the {weeks} before."},
	"changes.up":            {"上升：{dim}“{name}”{count}，平时每周{usual}，是平时的{ratio}。", "Up: {dim} “{name}”, {count}, usually {usual} a week: {ratio}."},
	"changes.up.year":       {"上升：{dim}“{name}”{count}，平时每周{usual}，是平时的{ratio}；上年同周{year}。", "Up: {dim} “{name}”, {count}, usually {usual} a week: {ratio}; {year} in the same week of last year."},
	"changes.up.first":      {"新出现：{dim}“{name}”{count}，平时每周{usual}。", "New: {dim} “{name}”, {count}, usually {usual} a week."},
	"changes.up.first.year": {"新出现：{dim}“{name}”{count}，平时每周{usual}；上年同周{year}。", "New: {dim} “{name}”, {count}, usually {usual} a week; {year} in the same week of last year."},
	"changes.down":          {"下降：{dim}“{name}”{count}，平时每周{usual}，是平时的{ratio}。", "Down: {dim} “{name}”, {count}, usually {usual} a week: {ratio}."},
	"changes.down.year":     {"下降：{dim}“{name}”{count}，平时每周{usual}，是平时的{ratio}；上年同周{year}。", "Down: {dim} “{name}”, {count}, usually {usual} a week: {ratio}; {year} in the same week of last year."},
	"changes.year":          {"同比：本周{count}，上年同周{year}。", "Against last year: {count} this week, {year} in the same week then."},

	"why.place":   {"“{name}”集中在{dim}“{place}”，占{share}，平时占{usual}，是平时的{lift}。", "“{name}” concentrates in {dim} “{place}”: {share} of it, usually {usual}, {lift} as much."},
	"why.new":     {"“{name}”集中在{dim}“{place}”，占{share}，平时占{usual}。", "“{name}” concentrates in {dim} “{place}”: {share} of it, usually {usual}."},
	"why.spread":  {"“{name}”没有集中到某一处：最多的是{dim}“{place}”，占{share}，平时占{usual}。", "“{name}” does not concentrate anywhere: {dim} “{place}” is the largest part with {share}, usually {usual}."},
	"why.first":   {"“{name}”此前没有出现过，最多的是{dim}“{place}”，占{share}。", "“{name}” had not been seen before; {dim} “{place}” is the largest part with {share}."},
	"why.cluster": {"“{name}”与预警“{title}”有关，后者已有投诉{count}。", "“{name}” is linked to the alarm “{title}”, which has {count} complaints by now."},

	"done.replies":        {"针对本周的投诉{count}，已答复客户{replies}。", "To the {count} complaints of the week, {replies} replies were sent."},
	"done.clusters":       {"本周新发现问题簇{new}，关闭{closed}。", "{new} clusters were found, {closed} were closed."},
	"done.outreach":       {"主动关怀累计避免投诉{prevented}。", "Outreach has prevented {prevented} complaints so far."},
	"done.outreach.early": {"主动关怀的效果还不能断定：目前估计避免投诉{prevented}。", "It is too early to say what outreach has prevented: the estimate is {prevented} complaints."},
	"done.outreach.worse": {"主动关怀之后投诉反而增加{prevented}，请复核做法。", "Outreach brought about {prevented} complaints; please review it."},
	"done.actions":        {"整改措施本周完成{done}，还在进行{open}。", "{done} improvements were completed, {open} are under way."},
	"done.effect":         {"措施“{title}”见效，避免投诉{prevented}。", "The improvement “{title}” worked: it prevented {prevented} complaints."},
	"done.effect.early":   {"措施“{title}”是否见效还不能断定：目前估计避免投诉{prevented}。", "It is too early to say whether “{title}” worked: the estimate is {prevented} complaints prevented."},
	"done.effect.worse":   {"措施“{title}”之后投诉反而增加{prevented}，请复核。", "After “{title}” there were {prevented} more complaints; please review it."},

	"service.time":        {"{line}：半数在{now}以内，九成在{long}以内（平时为{usual}和{usual_long}），已有结果的占{ended}；{verdict}。", "{line}: half within {now}, nine in ten within {long} (usually {usual} and {usual_long}), known for {ended}; {verdict}."},
	"service.time.early":  {"{line}：半数在{now}以内，九成在{long}以内，已有结果的占{ended}。", "{line}: half within {now}, nine in ten within {long}, known for {ended}."},
	"service.share":       {"{line}{now}，平时{usual}；{verdict}。", "{line} {now}, usually {usual}; {verdict}."},
	"service.share.early": {"{line}{now}。", "{line} {now}."},
	"service.score":       {"满意度平均{now}（评分的{scored}），平时{usual}；{verdict}。", "Satisfaction {now} on average ({scored} scores), usually {usual}; {verdict}."},
	"service.score.early": {"满意度平均{now}（评分的{scored}）。", "Satisfaction {now} on average ({scored} scores)."},

	"campaigns.stop":           {"建议停止“{title}”：每万名触达客户投诉{rate}，参照值{usual}。", "Stop “{title}”: {rate} complaints per ten thousand reached, against {usual}."},
	"campaigns.stop.alone":     {"建议停止“{title}”：每万名触达客户投诉{rate}。", "Stop “{title}”: {rate} complaints per ten thousand reached."},
	"campaigns.stop.escalated": {"建议停止“{title}”：相关投诉中有{share}提到监管部门或媒体。", "Stop “{title}”: {share} of the complaints about it mention authorities or the media."},
	"campaigns.stop.unwelcome": {"建议停止“{title}”：柜面推荐中有{share}被拒绝或引起反感。", "Stop “{title}”: {share} of the recommendations at the counter were refused or annoyed."},
	"campaigns.adjust":         {"建议调整“{title}”：每万名触达客户投诉{rate}，参照值{usual}。", "Adjust “{title}”: {rate} complaints per ten thousand reached, against {usual}."},
	"campaigns.adjust.alone":   {"建议调整“{title}”：每万名触达客户投诉{rate}。", "Adjust “{title}”: {rate} complaints per ten thousand reached."},
	"campaigns.none":           {"在办的营销活动{count}，目前都没有停止或调整的信号。", "None of the {count} running campaigns has a signal to stop or to adjust it."},

	"next.clusters": {"未关闭的问题簇{open}。", "{open} clusters are open."},
	"next.cluster":  {"跟进“{title}”，已有投诉{count}。", "Follow up “{title}”, with {count} complaints."},
	"next.overdue":  {"逾期的整改措施{overdue}。", "{overdue} improvements are overdue."},
	"next.open":     {"本周的投诉{count}中已办结{resolved}，其余继续办理。", "Of the {count} complaints of the week {resolved} are closed; the rest go on."},
}

// words fill slots that are neither figures nor names.
var words = map[string]wording{
	"type": {"类型", "type"}, "subtype": {"子类", "sub-type"}, "product": {"产品", "product"}, "region": {"地区", "region"},
	"channel": {"渠道", "channel"}, "campaign": {"营销活动", "campaign"},

	"line.respond": {"首次响应", "First response"}, "line.verify": {"核实", "Verification"}, "line.resolve": {"办结", "Resolution"},
	"line.late_response": {"首次响应超时率", "Late first responses"}, "line.late_resolve": {"办结超时率", "Late resolutions"},
	"line.repeat": {"重复投诉占", "Repeats"}, "line.reopened": {"重新打开占", "Reopened"}, "line.escalated": {"扬言或已经升级的占", "Escalated"},
	"line.score": {"满意度", "Satisfaction"},

	"service.time.up": {"明显变慢", "clearly slower"}, "service.time.down": {"明显变快", "clearly faster"},
	"service.time.steady": {"没有明显变化", "no clear change"}, "service.time.early": {"还在办理的较多，暂不比较", "too many are still open to compare"},
	"service.share.up": {"明显上升", "a clear rise"}, "service.share.down": {"明显下降", "a clear fall"},
	"service.share.steady": {"没有明显变化", "no clear change"}, "service.share.early": {"还在办理的较多，暂不比较", "too many are still open to compare"},
	"service.score.up": {"明显提高", "clearly better"}, "service.score.down": {"明显降低", "clearly worse"},
	"service.score.steady": {"没有明显变化", "no clear change"},
}

// Word returns the name of a section, a line of service, a dimension or a verdict
// in a language, "" for an unknown key.
func Word(l Language, key string) string {
	if w, ok := headings[key]; ok {
		return w.in(l)
	}
	return words[key].in(l)
}

var headings = map[string]wording{
	"title":          {"投诉周报", "Weekly complaint report"},
	"house":          {"全部部门", "Whole house"},
	SectionChanges:   {"什么升了，什么降了", "What rose and what fell"},
	SectionWhy:       {"为什么", "Why"},
	SectionDone:      {"做了什么，有没有用", "What was done, and did it work"},
	SectionService:   {"服务情况", "Service"},
	SectionCampaigns: {"营销活动", "Campaigns"},
	SectionNext:      {"下周要办", "Next week"},
	"trend":          {"近几周投诉量", "Complaints by week"},
	"picture.types":  {"各类型：本周与平时", "Types: this week and usual"},
	"now":            {"本周", "This week"},
	"usual":          {"平时每周", "Usual week"},
	"verdict.up":     {"上升", "Up"},
	"verdict.down":   {"下降", "Down"},
	"verdict.steady": {"无明显变化", "No clear change"},
	"verdict.early":  {"暂不比较", "Too early"},
}
