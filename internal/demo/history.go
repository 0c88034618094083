package demo

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/triage"
)

// dated finds texts that name a day, a month or a season: set to another time
// of the year they would contradict their own record.
var dated = regexp.MustCompile(`[0-9一二三四五六七八九十]+月|[0-9]{4}年|[0-9]+[号日](?:[^线码楼]|$)|春节|过年|国庆|中秋|端午|双十一|双11|618|暑假|寒假|入冬`)

// blank finds work orders whose form was left unfilled.
var blank = regexp.MustCompile(`[（(](姓名|称呼|号码|证号|电话|月份|时间|日期|账期|地址|具体地址|街道|厅名|网点名称|活动名|业务名|目标套餐|代码|工号|户号|编号|单号|订单号|金额|原因|要求|客户要求|客户意见)[）)]`)

// During the sale the mall has salePeak times its complaints, of some types
// still more.
const salePeak = 1.8

var typePeak = map[string]float64{"marketing": 6, "logistics": 6, "aftersales": 3, "service": 3}

// makeHistory gives corpus texts a customer, a time, a product and an order.
// Every text is used once; each line takes as many as its share.
func (f *founder) makeHistory(items []corpus.Item) {
	r := f.stream(partHistory)
	items = slices.DeleteFunc(items, func(it corpus.Item) bool {
		return f.lineOf(it.Industry) == nil || dated.MatchString(it.Text) || blank.MatchString(it.Text)
	})
	r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	taken := map[string]int{}
	for _, it := range items {
		line := f.lineOf(it.Industry)
		if taken[line.Name]++; taken[line.Name] <= line.History {
			f.events = append(f.events, f.complain(r, it, line))
		}
	}
}

// lineOf returns the line of business of an industry, nil when the company is
// not in it.
func (f *founder) lineOf(industry string) *lineContent {
	for i := range f.content.Lines {
		if slices.Contains(f.content.Lines[i].Industries, industry) {
			return &f.content.Lines[i]
		}
	}
	return nil
}

func (f *founder) complain(r *rand.Rand, it corpus.Item, line *lineContent) event {
	peak := 1.0
	if line.Name == "商城" {
		peak = max(typePeak[it.Type], salePeak)
	}
	customer := &f.customers[r.IntN(len(f.customers))]
	at := f.moment(r, peak)
	if f.eased(it.Subtype, at) {
		at = f.beforeEased()
	}
	c := triage.Complaint{
		CustomerID: customer.ID,
		Channel:    channelFor(r, it.Text),
		At:         at,
		Region:     customer.Region,
		Attrs:      map[string]any{"line": line.Name},
	}
	if it.Type == "marketing" {
		c.Campaign = f.campaignAt(line.Name, c.At)
	}
	e := event{complaint: c, truth: it}
	f.addFacts(r, &e, line, customer)
	return e
}

// orderID invents the number of an order: line, day and a running number.
func orderID(r *rand.Rand, prefix string, at time.Time) string {
	return fmt.Sprintf("%s%s%06d", prefix, at.Format("20060102"), r.IntN(1_000_000))
}

// Records taken down by an agent come in by telephone or over the counter, the
// customers' own words through the media they write in.
var (
	staffChannels = []triage.Channel{triage.ChannelHotline, triage.ChannelCounter, triage.ChannelOther}
	staffShare    = []float64{.84, .12, .04}
	ownChannels   = []triage.Channel{triage.ChannelApp, triage.ChannelWeChat, triage.ChannelWeb, triage.ChannelEmail, triage.ChannelHotline}
	ownShare      = []float64{.46, .25, .14, .06, .09}
)

func channelFor(r *rand.Rand, text string) triage.Channel {
	if takenDown(text) {
		return staffChannels[draw(r, staffShare)]
	}
	return ownChannels[draw(r, ownShare)]
}
