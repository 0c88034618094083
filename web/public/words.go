package public

import (
	"fmt"
	"net/http"
	"strings"
)

// language is one of the two the pages speak.
type language int

const (
	chinese language = iota
	english
	languages
)

// String is the name in addresses.
func (l language) String() string {
	if l == english {
		return "en"
	}
	return "zh"
}

// tag is the BCP 47 tag.
func (l language) tag() string {
	if l == english {
		return "en"
	}
	return "zh-CN"
}

// languageOf is what the address says, else what the browser prefers, else
// Chinese.
func languageOf(r *http.Request) language {
	wanted := r.URL.Query().Get("lang")
	if wanted == "" {
		wanted, _, _ = strings.Cut(r.Header.Get("Accept-Language"), ",")
	}
	if wanted == "en" || strings.HasPrefix(wanted, "en-") {
		return english
	}
	return chinese
}

// text returns a phrase; a key that the catalogue lacks is an error, because a
// page must not show keys.
func (l language) text(key any) (string, error) {
	p, ok := words[fmt.Sprint(key)]
	if !ok {
		return "", fmt.Errorf("public: the catalogue has no phrase %q", key)
	}
	return p[l], nil
}

// words is the catalogue, by language.
var words = map[string][languages]string{
	"start.title":    {"客户服务", "Customer service"},
	"start.complain": {"我要投诉或反映问题", "File a complaint"},
	"start.status":   {"查询处理进度", "Follow your complaint"},

	"complain.title":   {"投诉与建议", "File a complaint"},
	"complain.lead":    {"请告诉我们发生了什么。提交后会得到一个查询码，可随时查看进度。", "Tell us what happened. You will get a code to follow your complaint."},
	"complain.text":    {"发生了什么（必填）", "What happened (required)"},
	"complain.want":    {"希望怎么解决", "What you would like us to do"},
	"complain.name":    {"怎么称呼您", "Your name"},
	"complain.phone":   {"手机或电话", "Phone"},
	"complain.email":   {"电子邮箱", "E-mail"},
	"complain.contact": {"电话和邮箱至少填一项，方便我们答复您。", "Give us a phone number or an e-mail address to answer you."},
	"complain.order":   {"订单号或业务号码", "Order or account number"},
	"complain.product": {"相关产品或服务", "Product or service"},
	"complain.trap":    {"网址（请留空）", "Website (leave empty)"},
	"complain.send":    {"提交", "Send"},
	"complain.privacy": {"您的信息只用于处理本次投诉。", "What you tell us is used to handle this complaint only."},

	"sent.title": {"已收到", "Received"},
	"sent.lead":  {"我们已经收到您的投诉，会尽快处理。您的查询码：", "We have received your complaint. Your code:"},
	"sent.keep":  {"请抄下或截图保存。查询码只显示这一次，遗失后无法找回。", "Please write it down or take a picture. It is shown only now and cannot be recovered."},
	"sent.tail":  {"查询时还需要电话号码的后四位。", "To follow it you also need the last four digits of your phone number."},
	"sent.go":    {"查看进度", "Follow it"},

	"ask.title": {"查询处理进度", "Follow your complaint"},
	"ask.code":  {"查询码", "Code"},
	"ask.tail":  {"电话后四位（投诉时没有填电话则留空）", "Last four digits of your phone (empty if you gave none)"},
	"ask.go":    {"查询", "Show"},

	"status.title": {"处理进度", "Your complaint"},
	"status.at":    {"提交时间", "Sent"},
	"status.due":   {"预计答复时间", "You hear from us by"},
	"status.reply": {"最近一次答复", "Our latest answer"},
	"status.none":  {"还没有答复。", "No answer yet."},
	"status.more":  {"补充说明", "Add something"},
	"status.still": {"仍有问题？请告诉我们，我们会重新处理。", "Still a problem? Tell us and we take it up again."},
	"status.send":  {"提交补充", "Send"},
	"status.added": {"已收到您的补充，会一并处理。", "We have received it."},
	"status.fresh": {"刷新", "Refresh"},

	"stage.received":   {"已收到，等待受理", "Received"},
	"stage.working":    {"正在核实和处理", "Being looked into"},
	"stage.waiting":    {"等待您补充信息", "Waiting for information from you"},
	"stage.proposing":  {"正在与您协商解决方案", "A solution is being agreed with you"},
	"stage.executing":  {"正在落实解决方案", "The solution is being carried out"},
	"stage.confirming": {"请您确认处理结果", "Please confirm the result"},
	"stage.closed":     {"已办结", "Closed"},
	"stage.withdrawn":  {"已按您的要求撤回", "Withdrawn at your request"},

	"survey.title":    {"服务评价", "How did we do?"},
	"survey.lead":     {"您反映的问题已办结，请为这次处理打分。", "Your complaint is closed. Please rate how it was handled."},
	"survey.about":    {"关于", "About"},
	"survey.until":    {"评价截止", "Open until"},
	"survey.stars":    {"满意程度", "Your rating"},
	"survey.reasons":  {"不满意的原因（可多选）", "What was not good"},
	"survey.text":     {"还想说的话", "Anything else"},
	"survey.send":     {"提交评价", "Send"},
	"survey.answered": {"您已经评价过了，谢谢！每个链接只能评价一次。如有新的问题，请重新提交投诉或拨打客服电话。", "You have rated this already. Thank you! A link can be used once."},
	"survey.expired":  {"这个评价链接已经过期。如仍有意见，欢迎重新提交投诉或拨打客服电话。", "This link has expired. You are welcome to file a complaint or call us."},
	"survey.unknown":  {"链接无效。请完整打开我们发给您的链接。", "This link is not valid. Please open the whole link that we sent you."},
	"stars.5":         {"5 星 非常满意", "5 – very satisfied"},
	"stars.4":         {"4 星 满意", "4 – satisfied"},
	"stars.3":         {"3 星 一般", "3 – neither"},
	"stars.2":         {"2 星 不满意", "2 – dissatisfied"},
	"stars.1":         {"1 星 非常不满意", "1 – very dissatisfied"},
	"reason.slow":     {"处理太慢", "It took too long"},
	"reason.solution": {"解决方案不合理", "The solution was not reasonable"},
	"reason.attitude": {"服务态度不好", "The attitude was not friendly"},
	"reason.other":    {"其他", "Something else"},

	"thanks.title": {"谢谢", "Thank you"},
	"thanks.text":  {"感谢您的评价，它会帮助我们改进。", "Thank you. Your answer helps us to improve."},

	"fault.again":       {"页面已更新，您填写的内容都还在，请再提交一次。", "The page was renewed. What you wrote is still here; please send it again."},
	"fault.trap":        {"请把“网址”一栏留空后再提交。", "Please leave the field “Website” empty."},
	"fault.often":       {"提交次数过多，请稍后再试，或拨打客服电话。", "Too many attempts. Please try again later or call us."},
	"fault.unavailable": {"系统暂时繁忙，尚未保存成功。您填写的内容都还在，请稍后再提交一次，不会重复。", "We could not save this just now. What you wrote is still here; please send it again in a moment."},
	"fault.long":        {"内容太长，请精简。", "This is too long."},
	"fault.text":        {"请填写内容。", "Please write something."},
	"fault.phone":       {"电话号码不正确。", "This is no phone number."},
	"fault.email":       {"邮箱地址不正确。", "This is no e-mail address."},
	"fault.contact":     {"请至少填写电话或邮箱。", "Please give a phone number or an e-mail address."},
	"fault.code":        {"没有找到。请核对查询码和电话后四位。", "Not found. Please check the code and the digits of your phone."},
	"fault.guess":       {"尝试次数过多，请十五分钟后再试。", "Too many attempts. Please try again in fifteen minutes."},
	"fault.stars":       {"请选择满意程度。", "Please choose a rating."},
	"fault.survey":      {"内容有误，请检查后再提交。", "Please check what you wrote and send it again."},

	"nothing.title":  {"没有这个页面", "Nothing here"},
	"nothing.text":   {"请检查地址，或从首页重新进入。", "Please check the address."},
	"refused.title":  {"无法提交", "Not accepted"},
	"refused.text":   {"请从本页面直接提交。", "Please send the form from our own page."},
	"toolarge.title": {"内容过长", "Too long"},
	"toolarge.text":  {"提交的内容过长，请精简后重试。", "What you sent is too long. Please shorten it."},
	"broken.title":   {"系统繁忙", "Something went wrong"},
	"broken.text":    {"系统暂时出错，请稍后再试。", "Something went wrong on our side. Please try again later."},
	"often.title":    {"请稍后再试", "Please wait"},

	"layout.hotline": {"客服电话", "Call us"},
	"layout.other":   {"English", "中文"},
	"layout.home":    {"首页", "Home"},
}
