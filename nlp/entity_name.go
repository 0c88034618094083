package nlp

import "strings"

// nameKinds gives the kind of a quoted name by how it ends.
var nameKinds = [...]struct {
	suffix string
	kind   EntityKind
}{
	{"套餐", EntityProduct}, {"会员", EntityProduct}, {"流量包", EntityProduct}, {"卡", EntityProduct}, {"宽带", EntityProduct},
	{"包", EntityProduct}, {"版", EntityProduct}, {"险", EntityProduct}, {"理财", EntityProduct},
	{"活动", EntityCampaign}, {"优惠", EntityCampaign}, {"促销", EntityCampaign}, {"计划", EntityCampaign}, {"大促", EntityCampaign},
	{"节", EntityCampaign},
}

// maxName bounds a name in characters.
const maxName = 24

// quoted finds a product or campaign between quotation marks that open at i.
func (s *scanner) quoted(i, start int) {
	end, count := start, 0
	for {
		r, size := s.at(end)
		if size == 0 || count > maxName || r == '\n' {
			return
		}
		if strings.ContainsRune("《“「『【", r) {
			return // the inner name has its own turn
		}
		if strings.ContainsRune("》”」』】\"", r) {
			break
		}
		end += size
		count++
	}
	if count < 3 {
		return
	}
	name := s.text[start:end]
	for _, k := range nameKinds {
		if strings.HasSuffix(name, k.suffix) {
			s.addName(k.kind, start, end)
			return
		}
	}
}

// addName adds a name that no lexicon has; its letters are shown in capitals.
func (s *scanner) addName(kind EntityKind, start, end int) {
	s.add(kind, rankName, start, end, strings.ToUpper(s.text[start:end]))
}

// plainPlans may stand before 套餐 and its like without digits or letters.
var plainPlans = [...]string{
	"飞享", "畅享", "畅听", "畅聊", "乐享", "乐享家", "融合", "校园", "亲情", "商旅", "神州行", "动感地带", "全球通", "冰淇淋", "大王",
	"黄金", "白银", "铂金", "钻石", "超级", "年费", "月费", "特级", "高级",
}

// plan finds a product that ends with the word text[i:end], such as
// 99元4g飞享套餐 or plus会员: its name has a digit, a letter or a known word.
func (s *scanner) plan(i, end int) {
	start := s.nameStart(i, "的了是有我你他她这那个为和与及或将把被由从到要想办理开通取消更改变换订购退使用升级降查询名称参加入给送选择受推荐关于此该委")
	name := s.text[start:i]
	for name != "" && !isAlnum(name[0]) && !hasPlainPlan(name) {
		_, size := s.at(start)
		start += size
		name = s.text[start:i]
	}
	if name == "" {
		return
	}
	s.addName(EntityProduct, start, end)
}

func hasPlainPlan(name string) bool {
	for _, p := range plainPlans {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// nameStart goes back from i to the start of a name: letters, digits and
// characters that are not in stops.
func (s *scanner) nameStart(i int, stops string) int {
	start := i
	for range maxName / 2 {
		r, size := s.before(start)
		if !isHan(r) && (r >= 0x80 || !isAlnum(byte(r))) || strings.ContainsRune(stops, r) {
			break
		}
		start -= size
	}
	for start < i && start > 0 && isAlnum(s.text[start]) && isAlnum(s.text[start-1]) { // never half a word
		start++
	}
	return start
}

// deal finds a campaign that ends with the word text[i:end] and starts with a
// digit or a letter, such as 618活动.
func (s *scanner) deal(i, end int) {
	start := s.nameStart(i, "的了是有我你他她这那个为和与及或将把被由从到要想办理参加入号月日年元块次条项种类户名家天人栋折个楼层")
	for start < i && !isAlnum(s.text[start]) {
		_, size := s.at(start)
		start += size
	}
	if i-start >= 3 && s.areaCode(start) == start {
		s.addName(EntityCampaign, start, end)
	}
}

// spend finds 充100送50, 满200元减30元 whose verb is text[i:verb].
func (s *scanner) spend(i, verb int) {
	end := s.digits(verb, 6)
	if end == verb {
		return
	}
	if r, size := s.at(end); strings.ContainsRune("元块", r) {
		end += size
	}
	r, size := s.at(end)
	if !strings.ContainsRune("送返减赠得享", r) || size == 0 {
		return
	}
	end += size
	gift := s.digits(end, 6)
	if gift == end {
		return
	}
	if r, size := s.at(gift); strings.ContainsRune("元块m兆g", r) && size > 0 {
		gift += size
	}
	for _, w := range [...]string{"活动", "优惠", "促销"} {
		if strings.HasPrefix(s.text[gift:], w) {
			gift += len(w)
			break
		}
	}
	s.addName(EntityCampaign, i, gift)
}
