package wording

import (
	"regexp"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
)

// surnames are the common family names without those that begin everyday words
// (于 向 和 常 时 成 万 文 安 任 易).
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭" +
	"陆汪范廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛阎段雷龙黎史陶贺毛郝顾龚邵覃武钱戴严莫孔汤温庞樊兰殷施洪翟倪牛章鲁葛俞"

var (
	// ownContact ends with how a service announces its own number or mailbox.
	ownContact = regexp.MustCompile(`(?:我的?|我们的?|我司|我处|客服|服务|值班|工作|热线|公司|办公|售后|专线|官方|监督|投诉热线|投诉电话|企业|对公|` +
		`发(?:送|到|至)+|寄(?:到|至)|投递至?|店长)[^,。;]{0,8}$`)
	// otherPerson ends with somebody whose number this may be.
	otherPerson = regexp.MustCompile(`(?:他|她|邻居|业主|住户|骑手|司机|投诉人|举报人|对方|家里|家庭|宅电|当事人|客户|女士|先生)[^,。;]{0,8}$`)
	// ownPlace is a sentence about premises of the service.
	ownPlace = regexp.MustCompile(`营业厅|网点|门店|服务站|维修点|我们|我司|公司|寄[回到至往]|邮寄|前往|到店|专柜|柜台|窗口|服务中心|办公|站点|自提`)
	// room is where somebody lives, not only a house.
	room      = regexp.MustCompile(`[室房]|单元|\d[-#]\d`)
	homeOwner = regexp.MustCompile(`住|家|业主|邻居|他|她|女士|先生`)

	bankCard = regexp.MustCompile(`(?:卡号|银行卡|储蓄卡|信用卡|账号|账户|存折)[^,。;\d]{0,8}(\d{16,19}|\d{4}(?: \d{4}){3}(?: \d{1,3})?)`)

	serviceBox = regexp.MustCompile(`^(?:service|services|kf|kefu|support|info|cs|help|tousu|complaint|care|contact|admin|hr|post)[^@]*@`)

	namedPerson = regexp.MustCompile(`(?:叫|姓名(?:是|为|:)?|名字(?:是|叫)|(?:业主|住户|邻居|投诉人|举报人|反映人|骑手|司机|当事人|下单人|收件人|寄件人|机主|户主|` +
		`患者|病人|乘客|的是|室的|号的|员工|店员|师傅|经办人|开户人|配送员|快递员|租户|房东|护士|医生|客户|用户|客服)(?:就是|是|为|:|叫)?)` +
		`([` + surnames + `]\p{Han}{1,2}?)(?:先生|女士|小姐|同志|[,。;、(!]|的(?:电话|手机|身份|住址|地址|联系)|$)`)
	titledPerson = regexp.MustCompile(`([` + surnames + `]\p{Han}{1,2}?)(?:先生|女士|小姐)`)
	// notNames follow a surname in words that are no names.
	notNames   = regexp.MustCompile(`^.(?:先生|女士|小姐|先|女|小|经理|主管|师傅|老师|医生|主任|队长|站长|店长|警官|工|某|总|姓|阿姨|大爷|大妈|叔|哥|姐|面|度|法|何|时|候|部|来|到|生|色|程|案|便|何人)`)
	salutation = regexp.MustCompile(`(?:^|\n)[^,。!]{0,8}$|(?:尊敬的|亲爱的|敬爱的)$`)
)

// leaks flags telephone, identity and card numbers, mailboxes, homes and full
// names that are not masked, be they the customer's or somebody else's. What the
// service says of itself, its hot-lines and premises, is no leak.
func (c *Checker) leaks(r *reply) []Flag {
	advice := c.book.kinds[PersonalData].advice
	var flags []Flag
	for _, e := range c.entities.Find(&r.Normalized) {
		if r.leaked(&e) {
			flags = append(flags, Flag{Kind: PersonalData, Start: e.Start, End: e.End, Advice: advice})
		}
	}
	for _, m := range bankCard.FindAllStringSubmatchIndex(r.Text, -1) {
		flags = append(flags, r.flag(PersonalData, span{m[2], m[3]}, advice))
	}
	for _, m := range namedPerson.FindAllStringSubmatchIndex(r.Text, -1) {
		if !notNames.MatchString(r.Text[m[2]:m[3]]) {
			flags = append(flags, r.flag(PersonalData, span{m[2], m[3]}, advice))
		}
	}
	for _, m := range titledPerson.FindAllStringSubmatchIndex(r.Text, -1) {
		if !notNames.MatchString(r.Text[m[2]:m[3]]) && !salutation.MatchString(r.Text[:m[2]]) {
			flags = append(flags, r.flag(PersonalData, span{m[2], m[3]}, advice))
		}
	}
	return flags
}

// leaked says whether an entity of the reply is somebody's personal data.
func (r *reply) leaked(e *nlp.Entity) bool {
	if strings.ContainsAny(e.Text, "*＊xX×") && e.Kind != nlp.EntityIDNumber && e.Kind != nlp.EntityEmail || strings.Contains(e.Text, "*") {
		return false
	}
	before, sentence := r.around(e.Start)
	switch e.Kind {
	case nlp.EntityIDNumber:
		return true
	case nlp.EntityPhone:
		if isMobile(e.Value) {
			return !ownContact.MatchString(before)
		}
		return otherPerson.MatchString(before)
	case nlp.EntityEmail:
		return !serviceBox.MatchString(strings.ToLower(e.Value)) && !ownContact.MatchString(before)
	case nlp.EntityPlace:
		home := strings.ContainsAny(e.Text, "0123456789") && (room.MatchString(e.Text) || homeOwner.MatchString(before))
		return home && nlp.MaskText(e.Text, []nlp.Entity{{Kind: e.Kind, Text: e.Text, End: len([]rune(e.Text))}}) != e.Text &&
			!ownPlace.MatchString(sentence)
	}
	return false
}

// around returns the sentence that holds the rune offset of the original, and
// the part of it before the offset.
func (r *reply) around(offset int) (before, sentence string) {
	for _, s := range r.sentences {
		if r.Original(s.end) <= offset {
			continue
		}
		at := s.start
		for at < s.end && r.Original(at) < offset {
			at++
		}
		return r.Text[s.start:at], r.Text[s.start:s.end]
	}
	return "", ""
}

func isMobile(digits string) bool {
	return len(digits) == 11 && digits[0] == '1' && digits[1] >= '3'
}
