package console

// replyWords are those of the reply box, the wording check and the advice for
// the three kinds of difficult customers.
var replyWords = map[string]phrase{
	"reply.title":         {"回复客户", "Reply"},
	"reply.back":          {"返回案件", "Back to the case"},
	"reply.manner":        {"沟通要点", "How to talk to:"},
	"reply.why":           {"依据", "because of"},
	"reply.do":            {"宜", "Do"},
	"reply.dont":          {"忌", "Do not"},
	"reply.solution":      {"采用方案", "Solution offered"},
	"reply.solution.none": {"不采用方案", "None"},
	"reply.amount":        {"补偿金额", "Compensation"},
	"reply.yuan":          {"元", "CNY"},
	"reply.draft":         {"生成草稿", "Draft"},
	"reply.draft.model":   {"智能草稿", "Draft with the model"},
	"reply.writing":       {"正在起草…", "Writing…"},
	"reply.draft.failed":  {"起草中断，请重试或使用模板草稿。", "The draft broke off; try again or use the template."},
	"reply.text":          {"回复内容", "Text"},
	"reply.check":         {"检查措辞", "Check the wording"},
	"reply.clean":         {"没有发现问题", "nothing found"},
	"reply.limit":         {"上限 %s 元", "at most CNY %s"},
	"reply.confirm":       {"我已看过上面的提示，仍要发送", "I have read this and send it all the same"},
	"reply.send":          {"发送", "Send"},
	"reply.send.ask":      {"发送后不能撤回。确定发送吗？", "It cannot be taken back. Send it?"},
	"reply.via":           {"方式", "By"},
	"reply.letter":        {"短信或邮件", "Message or mail"},
	"reply.line":          {"草稿只根据方案和案件事实生成，不会自动发送。{客户称呼} 在发送时替换。", "Drafts follow from solution and facts and are never sent by themselves. The salutation in braces is filled in when sending."},
	"wrong.amount":        {"请填写金额，例如 50 或 12.50。", "Give an amount such as 50 or 12.50."},

	"letter.sending": {"正在发送……", "Being sent …"},
	"letter.unclear": {"不确定是否送达，系统不会重发。请先电话向客户确认：已收到就登记电话，没收到请改写后另发。", "This may or may not have gone out and is not sent again. Ask the customer by phone: record the call if it came, else send another text."},

	"via.email":   {"邮件", "E-mail"},
	"via.web":     {"网页", "Web page"},
	"via.phone":   {"已电话告知（只记录）", "Told by phone (record only)"},
	"via.counter": {"已当面告知（只记录）", "Told in person (record only)"},

	"drafted.reply.template": {"模板草稿", "from the template"},
	"drafted.reply.model":    {"智能草稿，已与案件事实核对", "from the model, checked against the facts"},

	"refused.invented":    {"智能草稿写了案件里没有的数字或名称，已改用模板", "the model invented a number or a name: this is the template"},
	"refused.promise":     {"智能草稿承诺了方案以外的事，已改用模板", "the model promised more than the solution: this is the template"},
	"refused.wording":     {"智能草稿措辞不当，已改用模板", "the model's wording was at fault: this is the template"},
	"refused.placeholder": {"智能草稿有无法还原的占位符，已改用模板", "the model used an unknown placeholder: this is the template"},
	"refused.length":      {"智能草稿过长，已改用模板", "the model wrote too much: this is the template"},
	"refused.model":       {"智能草稿暂不可用，已改用模板", "the model did not answer: this is the template"},

	"finding.empty":      {"内容为空", "It is empty"},
	"finding.too_long":   {"超过 5000 字", "It is longer than 5000 characters"},
	"finding.unfilled":   {"还有没填写的变量", "A variable is not filled in"},
	"finding.leak":       {"含有不属于这位客户的个人信息，不能发送", "Personal data of somebody else must not be sent"},
	"finding.over_limit": {"超过补偿标准，不能发送", "More than the compensation policy allows"},
	"finding.no_policy":  {"涉及金额，但没有选择写明补偿标准的方案", "Money is granted without a solution that has a policy"},
	"finding.own_data":   {"含有客户自己的个人信息，建议打码", "The customer's own data, better masked"},
	"finding.flagged":    {"措辞有问题，请修改或确认后发送", "The wording is at fault: change it, or confirm"},

	"wordkind.premature_admission":  {"未核实先认错", "Admits fault too early"},
	"wordkind.blame_colleague":      {"责怪同事", "Blames colleagues"},
	"wordkind.arguing":              {"与客户争辩", "Argues"},
	"wordkind.one_sided":            {"一味坚持己方", "One-sided"},
	"wordkind.lecturing":            {"说教", "Lectures"},
	"wordkind.mocking":              {"嘲讽、轻慢", "Mocks"},
	"wordkind.doubting":             {"质疑客户", "Doubts the customer"},
	"wordkind.flat_refusal":         {"断然拒绝", "Flat refusal"},
	"wordkind.hurdle":               {"设置障碍", "Raises hurdles"},
	"wordkind.meaningless_question": {"无意义的提问", "Meaningless question"},
	"wordkind.evading":              {"回避诉求", "Evades the demand"},
	"wordkind.empty_delay":          {"空泛拖延", "Empty delay"},
	"wordkind.over_promise":         {"过度承诺", "Promises too much"},
	"wordkind.personal_data":        {"泄露个人信息", "Leaks personal data"},

	"advice.do.calm": {
		"复述诉求，确认没有遗漏\n说明下一步由谁办、何时答复\n按约定时间主动回复",
		"Repeat the demand and check that nothing is missing\nSay who does what next, and by when\nAnswer at the time you named, unasked",
	},
	"advice.dont.calm": {
		"不因客户平和就往后排：轻声说的也可能是安全问题\n不用套话代替答复",
		"Do not put them last because they are calm: a safety problem can be told quietly\nDo not answer with phrases",
	},
	"advice.do.emotional": {
		"保持冷静，让客户把话说完，不打断\n先回应感受，再谈事情：“换作是我也会着急”\n语气坚定而温和，语速放慢\n情绪平复后再核对事实和诉求\n换个环境或换个时间再谈，约好时间",
		"Stay calm and let them finish\nAnswer the feeling first, then the matter\nBe firm and mild; speak slowly\nCheck facts and demand once the storm is over\nOffer another place or time, and fix it",
	},
	"advice.dont.emotional": {
		"不说“您冷静一下”“您别激动”\n不争辩、不说教、不打断\n不为平息情绪而抢先认责或许诺",
		"Do not say calm down\nDo not argue, lecture or interrupt\nDo not admit fault or promise things to end the scene",
	},
	"advice.do.stubborn": {
		"先表示理解他为什么这样要求，再讲规则和理由\n用相同案件的处理结果说明\n给出两个可选方案，让客户自己选\n问清他最看重哪一点，从那里谈起",
		"Show that you see why they want it, then explain rule and reason\nPoint to how like cases ended\nOffer two options and let them choose\nAsk what matters most and begin there",
	},
	"advice.dont.stubborn": {
		"不直接否定：“不可能”“绝对不行”\n不反复背条款\n不一味坚持己方立场",
		"Do not contradict flatly\nDo not recite clauses again and again\nDo not insist on your own side alone",
	},
	"advice.do.prepared": {
		"先核实证据和录音，再答复\n措辞谨慎：说已核实的，不说推测的\n态度诚恳，逐条回应对方列出的要点\n必要时请主管或法务一起答复",
		"Check evidence and recordings first\nCareful wording: what is verified, nothing guessed\nBe sincere and answer point by point\nBring in a lead or legal where needed",
	},
	"advice.dont.prepared": {
		"不作书面承诺，不抢先认责\n不临场解释条款或法律\n不追问“您是不是录音了”",
		"No written promises, no early admission of fault\nDo not interpret clauses or law on the spot\nDo not ask whether they are recording",
	},
}
