package search_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/search"
	"github.com/qianyi-dev/qianyi/triage"
)

// common are the words of the synthetic complaints, by falling frequency.
var common = strings.Fields(`客户 反映 没有 要求 处理 手机 话费 套餐 业务 流量 充值 核实 尽快 投诉 办理 扣费 宽带 短信
	取消 营业厅 服务 表示 退款 联系 活动 月份 费用 网络 信号 订购 查询 不认可 解释 回复 电话 号码 工作人员 开通 使用 元
	商品 快递 订单 收到 商家 质量 客服 退货 赔偿 师傅 安装 维修 时间 小时 一直 多次 无法 正常 影响 生活 小区 物业 电梯
	噪音 施工 公交 停车 医院 挂号 医生 态度 恶劣 排队 银行 贷款 利息 信用卡 逾期 征信 保险 理赔 酒店 预订 房间 卫生 航班
	改签 延误 行李 餐厅 外卖 骑手 食品 过期 发票 合同 押金 租房 中介 学校 培训 课程 老师 退费 会员 续费 自动 账号 封禁`)

// complaints makes texts of about 100 characters: words by Zipf's law, numbers,
// and pairs of characters for the long tail of names and places.
func complaints(n int) []triage.Case {
	rnd := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(rnd, 1.1, 4, uint64(len(common)-1))
	cases := make([]triage.Case, n)
	for i := range cases {
		var b strings.Builder
		for words := 25 + rnd.IntN(30); words > 0; words-- {
			switch p := rnd.IntN(20); {
			case p == 0:
				fmt.Fprintf(&b, "%d", rnd.IntN(100_000))
			case p < 4:
				b.WriteRune(rune(0x4E00 + rnd.IntN(4000)))
				b.WriteRune(rune(0x4E00 + rnd.IntN(4000)))
			case p == 4:
				b.WriteString("，")
			default:
				b.WriteString(common[zipf.Uint64()])
			}
		}
		cases[i] = triage.Case{
			Complaint: triage.Complaint{
				ID: triage.ComplaintID(fmt.Sprintf("B%08d", i)), Text: b.String(), Type: fmt.Sprint("t", i%8),
				Channel: triage.Channels[i%len(triage.Channels)], CustomerID: triage.CustomerID(fmt.Sprint("u", i%30_000)),
				At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 5 * time.Minute),
			},
			Status: triage.StatusReceived,
		}
	}
	return cases
}

func putAll(b *testing.B, x *search.Index, cases []triage.Case) {
	b.Helper()
	for i := 0; i < len(cases); i += 1000 {
		if err := x.Put(b.Context(), cases[i:i+1000], int64(i+1000)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	cases := complaints(10_000)
	segment.Default()
	for b.Loop() {
		putAll(b, open(b, b.TempDir()), cases)
	}
	b.ReportMetric(float64(len(cases)*b.N)/b.Elapsed().Seconds(), "cases/s")
}

// BenchmarkAt100k measures queries on an index of 100 000 cases.
func BenchmarkAt100k(b *testing.B) {
	const n = 100_000
	dir := b.TempDir()
	x := open(b, dir)
	putAll(b, x, complaints(n))
	queries := complaints(500)
	size := 0.0
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			size += float64(info.Size())
		}
		return nil // a segment may be merged away meanwhile
	})
	if err != nil {
		b.Fatal(err)
	}
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	b.Logf("%.0f bytes on disk per case, %d MB heap with the dictionary", size/n, mem.HeapAlloc>>20)

	run := func(name string, query func(i int) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var times []time.Duration
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				if err := query(i % len(queries)); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
	run("similar", func(i int) error {
		_, err := x.Similar(b.Context(), triage.SimilarQuery{Text: queries[i].Text, Exclude: queries[i].ID, Limit: 5})
		return err
	})
	run("search", func(int) error {
		_, err := x.Search(b.Context(), search.Query{Words: "宽带 退款", Type: "t3"})
		return err
	})
	run("latest", func(int) error {
		_, err := x.Search(b.Context(), search.Query{Type: "t3"})
		return err
	})
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			x, err := search.Open(dir, segment.Default(), search.Options{})
			if err != nil {
				b.Fatal(err)
			}
			if err := x.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
