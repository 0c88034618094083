package nlp

import "strings"

// cue says what a known phrase announces.
type cue uint8

const (
	cueNone      cue = iota
	cueProduct       // a product of the lexicon
	cueCampaign      // a campaign of the lexicon
	cuePlace         // a place that stands alone
	cueWeakPlace     // a place only with its suffix
	cueSuffix        // the end of a street or place name
	cueOrderNo       // an order number follows
	cuePhoneNo       // a telephone number follows
	cueIDNo          // an identity number follows
	cueTime          // the start of a time
	cuePlan          // the end of a product name
	cueDeal          // the end of a campaign name
	cueFestival      // a shopping festival
	cueSpend         // the start of "spend 100, get 50"
	cueQuote         // an opening quotation mark
	cueCurrency      // a currency mark before a number
	cueNumeral       // a Chinese numeral
)

// entityCueWords lists the phrases of each cue, separated by spaces.
var entityCueWords = [...]string{
	cueSuffix: "小区 街道 大厦 广场 社区 花园 大道 北路 南路 东路 西路 中路 路 街 巷 镇 村 " +
		"地铁站 火车站 高铁站 汽车站",
	cueOrderNo: "订单号 订单编号 订单号码 订单 单号 工单 工单号 工单编号 运单 运单号 快递单号 快递号 物流单号 物流号 " +
		"流水号 交易号 交易单号 受理号 受理编号 编号 票号 取件码 保单号 合同号 卡号 订购号",
	cuePhoneNo: "电话 电话号码 联系电话 联系方式 座机 固话 致电 拨打 来电 手机号 手机号码 热线",
	cueIDNo:    "身份证 身份证号 身份证号码 身份证号为 证件号 证件号码",
	cuePlan:    "套餐 会员 流量包 语音包 加油包 叠加包 流量卡",
	cueDeal:    "活动 促销 优惠",
	cueFestival: "双十一 双十二 双11 双12 618大促 618活动 年中大促 年货节 女神节活动 国庆大促 周年庆 店庆活动 " +
		"双十一活动 双11活动 双十二活动 双12活动",
	cueSpend:    "充 存 买 满 充值 消费满 预存 交",
	cueQuote:    "《 “ 「 『 【 \"",
	cueCurrency: "¥ rmb 人民币 ￥",
	cueNumeral:  "零 〇 一 二 两 三 四 五 六 七 八 九 十 百 千 万 几 半 数",
}

func addEntityCueWords(t *phraseTrie) {
	for c, words := range entityCueWords {
		for w := range strings.FieldsSeq(words) {
			t.add(w, phrase{cue: cue(c), value: w})
		}
	}
	for w := range timeWords {
		t.add(w, phrase{cue: cueTime, value: w})
	}
	for w := range dayParts {
		t.add(w, phrase{cue: cueTime, value: w})
	}
	for _, w := range weekdayWords {
		t.add(w, phrase{cue: cueTime, value: w})
	}
}
