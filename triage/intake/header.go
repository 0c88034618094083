package intake

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// fieldNames are the contract's names of the fields of all kinds of records.
var fieldNames = []string{
	"id", "text", "title", "customer_id", "channel", "at", "region", "product", "campaign", "order_id", "attrs",
	"type", "subtype", "resolution", "satisfaction", "closed_at", "label", "name", "phone", "email", "tier", "industry",
	"joined_at", "opted_out", "kind", "key", "from", "to", "rules", "audience", "uses",
	"copy", "objective", "owner", "department", "aliases", "eligible",
}

// known maps a field name, and each other name under which sources are known
// to send it, to the field name.
var known = func() map[string]string {
	names := maps.Clone(aliases)
	for _, name := range fieldNames {
		names[name] = name
	}
	return names
}()

// aliases are what Chinese sources call the fields.
var aliases = map[string]string{
	"投诉编号": "id", "编号": "id", "工单号": "id", "工单编号": "id", "流水号": "id", "方案编号": "id", "活动编号": "id",
	"投诉内容": "text", "内容": "text", "文本": "text", "投诉文本": "text", "诉求内容": "text", "方案内容": "text", "留言详情": "text",
	"标题": "title", "主题": "title", "投诉标题": "title", "留言主题": "title", "方案标题": "title",
	"客户编号": "customer_id", "客户号": "customer_id", "客户id": "customer_id", "用户编号": "customer_id", "留言用户": "customer_id",
	"渠道": "channel", "投诉渠道": "channel", "受理渠道": "channel",
	"时间": "at", "投诉时间": "at", "受理时间": "at", "发生时间": "at", "留言时间": "at",
	"地区": "region", "区域": "region", "地市": "region",
	"产品": "product", "产品名称": "product",
	"活动": "campaign", "营销活动": "campaign",
	"订单号": "order_id", "订单编号": "order_id",
	"附加信息": "attrs", "扩展字段": "attrs",
	"类型": "type", "投诉类型": "type", "一级分类": "type",
	"子类": "subtype", "子类型": "subtype", "二级分类": "subtype",
	"处理结果": "resolution", "答复": "resolution", "答复意见": "resolution", "解决方案": "resolution",
	"满意度": "satisfaction", "办结时间": "closed_at", "关闭时间": "closed_at", "答复时间": "closed_at",
	"标签": "label",
	"姓名": "name", "名称": "name", "客户姓名": "name", "客户名称": "name", "活动名称": "name",
	"电话": "phone", "手机": "phone", "手机号": "phone", "手机号码": "phone", "联系电话": "phone",
	"邮箱": "email", "电子邮箱": "email", "电子邮件": "email",
	"等级": "tier", "客户等级": "tier", "行业": "industry",
	"入网时间": "joined_at", "注册时间": "joined_at", "加入时间": "joined_at",
	"退订": "opted_out", "拒绝联系": "opted_out", "免打扰": "opted_out",
	"接触类型": "kind", "事件类型": "kind", "对象": "key", "接触对象": "key",
	"开始时间": "from", "开始日期": "from", "结束时间": "to", "结束日期": "to",
	"规则": "rules", "活动规则": "rules", "对象人群": "audience", "目标客户": "audience",
	"宣传文案": "copy", "活动文案": "copy", "活动目标": "objective", "活动负责人": "owner", "负责部门": "department", "主办部门": "department",
	"活动别名": "aliases", "别名": "aliases", "参与条件": "eligible", "参加条件": "eligible",
	"使用次数": "uses",
}

// canonical returns the contract's name of a column and whether it has one;
// else the source's own name without blanks around it.
func canonical(name string) (string, bool) {
	if c, ok := known[name]; ok {
		return c, true
	}
	name = strings.TrimSpace(strings.ToValidUTF8(name, string(utf8.RuneError)))
	if c, ok := known[strings.ToLower(name)]; ok {
		return c, true
	}
	return name, false
}

// header is the first line of a table: the names of its columns.
type header []string

// newHeader understands the names of columns and reports how many of them the
// contract knows.
func newHeader(names []string) (h header, understood int) {
	h = make(header, len(names))
	for i, name := range names {
		var ok bool
		if h[i], ok = canonical(name); ok {
			understood++
		}
	}
	return h, understood
}

// check refuses a header that names one column twice or, for the kind of
// record wanted, lacks a required one.
func (h header) check(file string, line int, want Kind) error {
	at := make(map[string]int, len(h))
	for i, name := range h {
		if name == "" {
			continue
		}
		if first, twice := at[name]; twice {
			return fileErrorf("%s:%d: columns %d and %d are both %q: rename or remove one", file, line, first+1, i+1, name)
		}
		at[name] = i
	}
	for _, name := range required[want] {
		if _, ok := at[name]; !ok && !substituted(at, name) {
			return fileErrorf("%s:%d: no column %q: a file of %s needs the columns %s (found: %s)",
				file, line, name, want, strings.Join(required[want], ", "), h)
		}
	}
	return nil
}

// substituted tells whether another column can stand in for a required one.
func substituted(at map[string]int, name string) bool {
	substitute := map[string]string{"text": "title", "customer_id": "id"}[name]
	_, ok := at[substitute]
	return ok
}

// String lists at most ten names, for messages.
func (h header) String() string {
	const limit = 10
	names := make([]string, 0, limit)
	for _, name := range h[:min(limit, len(h))] {
		names = append(names, strings.Trim(quoted(name), `"`))
	}
	s := strings.Join(names, ", ")
	if len(h) > limit {
		s += ", …"
	}
	return s
}
