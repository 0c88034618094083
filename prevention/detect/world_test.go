package detect_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

const day = 24 * time.Hour

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Ordinary complaints are about any of these, in any way.
var (
	places   = strings.Fields("人民路 解放街 东风里 和平巷 胜利桥 长江道 黄河路 建设街 光明里 友谊巷 新华桥 朝阳道 青年路 文化街 幸福里 红旗巷")
	things   = strings.Fields("宽带 路灯 电梯 快递 暖气 自来水 公交车 停车场 垃圾站 施工 学费 医保 煤气 电表 广场舞 下水道 幼儿园 绿化带 门禁 信号")
	troubles = strings.Fields("太慢 坏了 没人管 乱收费 噪音大 态度差 总是断 漏了 不准 迟到 脏乱 排队久 打不通 说不清 修不好 被取消")
	regions  = strings.Fields("北城 南城 东区 西区 开发区")
	types    = strings.Fields("network billing service logistics")
)

// ordinary is perDay complaints a day of customers who complain once.
func ordinary(seed uint64, days, perDay int) []detect.Event {
	rng := rand.New(rand.NewPCG(seed, 1))
	pick := func(words []string) string { return words[rng.IntN(len(words))] }
	var events []detect.Event
	for i := range days * perDay {
		id := fmt.Sprint("s", seed, "-", i)
		events = append(events, detect.Event{
			ID: triage.ComplaintID(id), Customer: triage.CustomerID(id),
			At:   start.Add(time.Duration((float64(i) + rng.Float64()) / float64(perDay) * float64(day))),
			Text: pick(places) + "的" + pick(things) + pick(troubles) + "，" + pick(things) + "也" + pick(troubles) + "，请处理",
			Type: pick(types), Facts: []detect.Fact{{Field: "region", Value: pick(regions)}},
		})
	}
	return events
}

// plant adds n complaints about one thing, a fixed time apart.
func plant(events []detect.Event, n int, from time.Time, apart time.Duration, customer func(i int) triage.CustomerID) []detect.Event {
	rng := rand.New(rand.NewPCG(uint64(n), 2))
	ways := strings.Fields("扣了钱不启动 充不上还扣费 一直显示占用 扫码后不出电 扣费两次")
	for i := range n {
		events = append(events, detect.Event{
			ID: triage.ComplaintID(fmt.Sprint("p", i)), Customer: customer(i), At: from.Add(time.Duration(i) * apart),
			Text: places[rng.IntN(len(places))] + "的蓝鲸充电桩" + ways[rng.IntN(len(ways))] + "，要求退款",
			Type: "billing", Facts: []detect.Fact{{Field: "region", Value: "南城"}},
		})
	}
	return inOrder(events)
}

func inOrder(events []detect.Event) []detect.Event {
	slices.SortStableFunc(events, func(a, b detect.Event) int { return a.At.Compare(b.At) })
	return events
}

func many(i int) triage.CustomerID { return triage.CustomerID(fmt.Sprint("p", i)) }

func one(int) triage.CustomerID { return "serial" }

func planted(id triage.ComplaintID) bool { return id[0] == 'p' }

func options() detect.Options { return detect.Options{Tokenizer: segment.Default()} }

func observe(t testing.TB, d *detect.Detector, events []detect.Event) []detect.Change {
	t.Helper()
	var all []detect.Change
	for _, e := range events {
		changes, err := d.Observe(e)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, changes...)
	}
	return all
}

func listen(t testing.TB, events []detect.Event) []detect.Change {
	t.Helper()
	return observe(t, detect.New(options()), events)
}

func of(changes []detect.Change, kind detect.ChangeKind) []detect.Change {
	var list []detect.Change
	for _, c := range changes {
		if c.Kind == kind {
			list = append(list, c)
		}
	}
	return list
}

// about returns the alarms of which at least half of the members fit.
func about(alarms []detect.Change, fits func(triage.ComplaintID) bool) []detect.Change {
	var list []detect.Change
	for _, c := range alarms {
		n := 0
		for _, m := range c.Members {
			if fits(m.Complaint) {
				n++
			}
		}
		if len(c.Members) > 0 && 2*n >= len(c.Members) {
			list = append(list, c)
		}
	}
	return list
}

func membersOf(changes []detect.Change, id prevention.ClusterID) []prevention.Member {
	var list []prevention.Member
	for _, c := range changes {
		if c.Cluster.ID == id {
			list = append(list, c.Members...)
		}
	}
	return list
}
