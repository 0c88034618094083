package alert

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
)

// item is one piece of news with what it is about.
type item struct {
	kind     prevention.AnnouncementKind
	severity prevention.Severity
	cluster  *prevention.Cluster
}

// maxItems is how many are spelled out in one message; robots refuse long ones.
const maxItems = 8

var kindWords = map[prevention.AnnouncementKind]string{
	prevention.AnnounceRaised:    "新问题",
	prevention.AnnounceEscalated: "加剧",
	prevention.AnnounceReopened:  "重新出现",
	prevention.AnnounceResolved:  "已平息",
}

// write makes one message of the news, the most urgent first.
func (a *Announcer) write(items []item) prevention.Message {
	slices.SortStableFunc(items, func(x, y item) int { return y.urgency() - x.urgency() })
	subject := fmt.Sprintf("【前移预警】%d 个问题有新情况", len(items))
	if len(items) == 1 {
		subject = "【前移预警】" + items[0].headline()
	}
	var b strings.Builder
	for i, it := range items[:min(len(items), maxItems)] {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(it.headline())
		for _, line := range a.details(it) {
			b.WriteString("\n" + line)
		}
	}
	if more := len(items) - maxItems; more > 0 {
		fmt.Fprintf(&b, "\n\n另有 %d 个问题", more)
		if link := a.link(); link != "" {
			b.WriteString("，见 " + link)
		}
	}
	return prevention.Message{Subject: subject, Text: b.String()}
}

func (it *item) urgency() int {
	if it.kind == prevention.AnnounceResolved {
		return 0
	}
	if it.severity == prevention.SeverityCritical {
		return 2
	}
	return 1
}

func (it *item) headline() string {
	words := kindWords[it.kind]
	if it.urgency() == 2 {
		words = "严重 · " + words
	}
	return fmt.Sprintf("[%s] %s %s", words, it.cluster.ID, harmless(it.cluster.Title))
}

func (a *Announcer) details(it item) []string {
	c := it.cluster
	since := c.FirstAt.In(a.d.Zone).Format("1月2日")
	var list []string
	if it.kind == prevention.AnnounceResolved {
		list = append(list, fmt.Sprintf("投诉已回到平时水平：%s至%s，共 %d 位客户、%d 件投诉", since, c.LastAt.In(a.d.Zone).Format("1月2日"), c.Customers, c.Complaints))
	} else {
		list = append(list, whyNow(&c.Alarm))
		total := fmt.Sprintf("自%s起共 %d 位客户、%d 件投诉", since, c.Customers, c.Complaints)
		if c.Copies > 0 {
			total += fmt.Sprintf("（其中 %d 件文字雷同）", c.Copies)
		}
		if e := c.Estimate; e.Affected > 0 {
			total += fmt.Sprintf("；估计影响 %d（%d–%d）位", e.Affected, e.Low, e.High)
		}
		list = append(list, total)
		if attrs := c.Explanation.Attributes; len(attrs) > 0 {
			list = append(list, fmt.Sprintf("集中于 %s：%s（占 %.0f%%，是平时的 %.1f 倍）", harmless(attrs[0].Field), harmless(attrs[0].Value), attrs[0].Share*100, attrs[0].Lift))
		}
	}
	if link := a.link(string(c.ID)); link != "" {
		list = append(list, link)
	}
	return list
}

// whyNow says what was seen against what was expected.
func whyNow(al *prevention.Alarm) string {
	return fmt.Sprintf("为什么是现在：%d 天内 %d 位客户投诉，平时约 %s 位；偶然出现的可能性%s", al.Days, al.Customers, figure(al.Baseline), odds(al.PValue))
}

// figure writes a small number with one decimal place.
func figure(x float64) string {
	if x < 0.05 {
		return "0"
	}
	return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
}

// odds writes a probability as people say it: one in so many, to one figure.
func odds(p float64) string {
	switch {
	case !(p > 0 && p <= 1): // also NaN; underflow is 0
		return "小于 1/1 亿"
	case p > 0.1:
		return fmt.Sprintf("约 %.0f%%", p*100)
	case p < 1e-8:
		return "小于 1/1 亿"
	}
	n := 1 / p
	scale := math.Pow(10, math.Floor(math.Log10(n)))
	n = math.Round(n/scale) * scale
	switch {
	case n >= 1e8:
		return "约 1/1 亿"
	case n >= 1e4:
		return fmt.Sprintf("约 1/%.0f 万", n/1e4)
	}
	return fmt.Sprintf("约 1/%.0f", n)
}

// link is the address of a page below the board of clusters.
func (a *Announcer) link(parts ...string) string {
	if a.d.Config.BaseURL == "" {
		return ""
	}
	link, err := url.JoinPath(a.d.Config.BaseURL, append([]string{"clusters"}, parts...)...)
	if err != nil {
		return ""
	}
	return link
}

// markup is what robots would read as links, mentions or formats; titles are
// made of customers' words.
var markup = strings.NewReplacer(
	"[", "［", "]", "］", "(", "（", ")", "）", "<", "＜", ">", "＞", "@", "＠", "*", "＊", "`", "'", "#", "＃", "_", "＿", "~", "～", "://", "：//",
)

// maxTitle keeps one title from filling the message.
const maxTitle = 60

func harmless(s string) string {
	s = markup.Replace(strings.Join(strings.Fields(s), " "))
	if r := []rune(s); len(r) > maxTitle {
		return string(r[:maxTitle]) + "…"
	}
	return s
}
