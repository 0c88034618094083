package cluster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

var start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// feed adds texts to a stream, an hour apart, each by a customer of its own.
type feed struct {
	*cluster.Stream
	n int
}

// background are complaints with nothing in common; without them every word
// is rare.
var background = []string{
	"宽带昨晚断网，报修以后一直没有人上门", "快递放在门口被人拿走了，要求赔偿", "酒店房间隔音太差，半夜被吵醒",
	"手机屏幕用了一个星期就出现划痕", "营业厅排队两个小时，只开了一个窗口", "会员自动续费，没有任何提醒就扣了钱",
	"外卖送到已经凉了，汤洒了一半", "装修噪音从早上六点开始，无法休息", "客服态度恶劣，直接挂断我的电话",
	"退货申请提交半个月还没有审核", "小区电梯坏了三天，老人上下楼很困难", "发票抬头开错，要求重开被拒绝",
}

func newFeed(t testing.TB, o cluster.Options) *feed {
	t.Helper()
	o.Tokenizer = segment.Default()
	f := &feed{Stream: cluster.New(o)}
	for _, text := range background {
		f.add(text)
	}
	return f
}

func (f *feed) add(text string) cluster.Placement { return f.by(fmt.Sprint("C", f.n), text) }

func (f *feed) by(customer, text string) cluster.Placement { return f.Add(f.doc(customer, text)) }

func (f *feed) doc(customer, text string) cluster.Doc {
	d := cluster.Doc{
		ID:       triage.ComplaintID(fmt.Sprint("D", f.n)),
		Customer: triage.CustomerID(customer),
		At:       start.Add(time.Duration(f.n) * time.Hour),
		Text:     text,
	}
	f.n++
	return d
}

// members returns the ids of an issue's complaints.
func (f *feed) members(id cluster.ID) []triage.ComplaintID {
	v, _ := f.Issue(id)
	var ids []triage.ComplaintID
	for _, m := range v.Members {
		ids = append(ids, m.ID)
	}
	return ids
}

// Two problems, told in different words each time.
var (
	parking = []string{
		"伊景园滨河苑捆绑销售车位，不买车位就不给签合同", "伊景园滨河苑强制购买车位，十几万一个", "投诉伊景园滨河苑开发商捆绑车位销售",
	}
	router = []string{
		"星瀚光猫X7每隔两小时就自动重启", "家里换了星瀚光猫X7以后频繁掉线重启", "星瀚光猫X7晚上不停重启，无法上网",
	}
)

func TestStreamGroupsWhatIsAboutOneProblem(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{})
	a, b := f.add(parking[0]), f.add(router[0])
	if !a.New || !b.New || a.Issue == b.Issue {
		t.Fatalf("the first complaints: got %+v and %+v, want two new issues", a, b)
	}
	for i := range 2 {
		if p := f.add(parking[i+1]); p.Issue != a.Issue || p.New || p.Similarity <= 0 {
			t.Errorf("parking: got %+v, want issue %d", p, a.Issue)
		}
		if p := f.add(router[i+1]); p.Issue != b.Issue {
			t.Errorf("router: got %+v, want issue %d", p, b.Issue)
		}
	}
	v, ok := f.Issue(a.Issue)
	if !ok || len(v.Members) != 3 || v.Customers != 3 || v.Copies != 0 {
		t.Errorf("issue: got %+v", v)
	}
	if !v.First.Equal(v.Members[0].At) || !v.Last.Equal(v.Members[2].At) {
		t.Errorf("issue lasts from %v to %v, members %+v", v.First, v.Last, v.Members)
	}
}

func TestStreamTellsCopiesFromRepeats(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{})
	text := "北岸花园二期的热水从国庆节以后就没有来过，物业说等锅炉配件，到现在也没有说法，请帮忙解决"
	first := f.by("张", text)
	again := f.by("张", text)
	copied := f.by("李", text)
	nobody := f.by("", text)
	if again.Copy || !again.Repeat || again.Customers != 1 {
		t.Errorf("the same customer again: got %+v, want a repeat and one customer", again)
	}
	if !copied.Copy || copied.Repeat || copied.Customers != 2 {
		t.Errorf("another customer's copy: got %+v, want a copy and two customers", copied)
	}
	if !nobody.Copy || nobody.Repeat || nobody.Customers != 3 {
		t.Errorf("without a customer: got %+v, want a copy and three customers", nobody)
	}
	if v, _ := f.Issue(first.Issue); v.Copies != 2 || len(v.Members) != 4 {
		t.Errorf("issue: got %d copies of %d members, want 2 of 4", v.Copies, len(v.Members))
	}
}

func TestStreamCountsManyComplaintsOfFewCustomers(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{})
	var p cluster.Placement
	for i := range 60 {
		p = f.by(fmt.Sprint("K", i%3), parking[i%3])
	}
	if p.Members != 60 || p.Customers != 3 {
		t.Errorf("got %d members of %d customers, want 60 of 3", p.Members, p.Customers)
	}
}

func TestStreamKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{})
	d := f.doc("张", parking[0])
	first := f.Add(d)
	d.Text = router[0]
	if p := f.Add(d); p.Issue != first.Issue || p.New || p.Members != 1 {
		t.Errorf("the same id again: got %+v, want issue %d unchanged", p, first.Issue)
	}
}

func TestStreamForgets(t *testing.T) {
	t.Parallel()
	t.Run("beyond MaxDocs", func(t *testing.T) {
		t.Parallel()
		f := newFeed(t, cluster.Options{MaxDocs: len(background)})
		p := f.add(parking[0])
		if len(p.Evicted) != 1 {
			t.Fatalf("evicted %v, want the issue of the oldest complaint", p.Evicted)
		}
		if _, ok := f.Issue(p.Evicted[0]); ok {
			t.Error("the evicted issue is still there")
		}
		if _, ok := f.IssueOf("D0"); ok {
			t.Error("the evicted complaint is still there")
		}
	})
	t.Run("what is older than MemoryDays", func(t *testing.T) {
		t.Parallel()
		f := newFeed(t, cluster.Options{MemoryDays: 30})
		f.n += 40 * 24
		var gone []cluster.ID
		for range 6 {
			gone = append(gone, f.add(parking[0]).Evicted...)
		}
		if len(gone) != len(background) {
			t.Errorf("evicted %d issues, want %d", len(gone), len(background))
		}
	})
	t.Run("nothing for a date in the future", func(t *testing.T) {
		t.Parallel()
		f := newFeed(t, cluster.Options{MemoryDays: 30})
		d := f.doc("张", parking[0])
		d.At = d.At.AddDate(70, 0, 0)
		if p := f.Add(d); len(p.Evicted) > 0 {
			t.Errorf("one wrong date evicted %v", p.Evicted)
		}
		if p := f.add(parking[1]); len(p.Evicted) > 0 {
			t.Errorf("the complaint after it evicted %v", p.Evicted)
		}
	})
	t.Run("what is behind a date in the future", func(t *testing.T) {
		t.Parallel()
		f := newFeed(t, cluster.Options{MemoryDays: 30})
		d := f.doc("张", parking[0])
		d.At = d.At.AddDate(70, 0, 0)
		f.Add(d)
		f.n += 40 * 24
		for range 7 {
			f.add(router[0])
		}
		if _, ok := f.IssueOf(d.ID); ok {
			t.Error("the complaint with the wrong date is remembered for ever")
		}
	})
	t.Run("shelves are given back", func(t *testing.T) {
		t.Parallel()
		f := newFeed(t, cluster.Options{MaxDocs: 100})
		for i := range 5000 {
			f.add(fmt.Sprintf("%s %s", background[i%len(background)], parking[i%3]))
		}
		if _, ok := f.IssueOf(triage.ComplaintID(fmt.Sprint("D", f.n-100))); !ok {
			t.Error("a complaint within bounds is forgotten")
		}
	})
}

func TestStreamKeepsApartWhatTheCallerKeepsApart(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{Apart: func(cluster.ID, cluster.ID) bool { return true }})
	f.add("云麓书院三期地下室渗水")
	f.add("停车位积水没人处理，物业推诿扯皮")
	if p := f.add("云麓书院三期地下室渗水，停车位积水没人处理，物业推诿扯皮"); len(p.Merged) > 0 {
		t.Errorf("%v were merged", p.Merged)
	}
}

func TestStreamMergesWhatTurnsOutToBeOne(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{})
	a := f.add("云麓书院三期地下室渗水")
	b := f.add("停车位积水没人处理，物业推诿扯皮")
	if a.Issue == b.Issue {
		t.Fatal("already one issue: these texts show no merger")
	}
	p := f.add("云麓书院三期地下室渗水，停车位积水没人处理，物业推诿扯皮")
	if len(p.Merged) != 1 || p.Members != 3 {
		t.Fatalf("got %+v, want a merger of issues %d and %d", p, a.Issue, b.Issue)
	}
	for _, id := range []cluster.ID{a.Issue, b.Issue} {
		if v, ok := f.Issue(id); !ok || v.ID != p.Issue {
			t.Errorf("issue %d: got %d, want it to lead to %d", id, v.ID, p.Issue)
		}
	}
}

func TestStreamGivesTheSameAnswersForTheSameInput(t *testing.T) {
	t.Parallel()
	run := func() (all []cluster.Placement) {
		source := newSynthetic()
		s := cluster.New(cluster.Options{Tokenizer: twos{}, MaxDocs: 1500})
		for range 3000 {
			all = append(all, s.Add(source.doc()))
		}
		return all
	}
	if diff := cmp.Diff(run(), run()); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
}

func TestStreamSurvivesHostileTexts(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "blanks": " \n\t　", "marks": "，。！？……", "emoji": strings.Repeat("😡👎🏽", 2000), "one letter": "好",
		"long": strings.Repeat("充值不到账", 20_000), "long without repeats": wide(100_000), "not UTF-8": "\xff\xfe充值\x80失败\xc3",
		"digits": strings.Repeat("13800138000", 3000), "null": "充\x00值", "controls": "\u202e\u200b充值\u2028",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFeed(t, cluster.Options{})
			for range 3 {
				p := f.add(text)
				if p.Issue == 0 || p.Similarity < 0 || p.Similarity > 1 {
					t.Fatalf("got %+v", p)
				}
				f.Words(p.Issue, 5)
				f.Neighbours(p.Issue, 5)
				if ids := f.Representatives(p.Issue, 3); len(ids) == 0 {
					t.Errorf("no representative")
				}
			}
			if p := f.add(parking[0]); len(f.members(p.Issue)) != 1 {
				t.Errorf("an ordinary complaint joined %v", f.members(p.Issue))
			}
		})
	}
}

// wide returns a text of n different characters, as far as there are.
func wide(n int) string {
	text := make([]rune, n)
	for i := range text {
		text[i] = rune(0x4e00 + i*7919%20_000)
	}
	return string(text)
}

// The form of one channel is rare in the whole stream, and still says nothing.
func TestStreamSeesThroughTheFormOfAChannel(t *testing.T) {
	t.Parallel()
	const form = "受理渠道话务台，客户诉求级别普通，派单班组待定，预约上门时段未填，回访意愿待确认，诉求内容：%s"
	f := newFeed(t, cluster.Options{})
	source := newSynthetic()
	for range 3000 {
		d := f.doc("", source.doc().Text)
		d.Channel = "app"
		f.Add(d)
	}
	size := map[cluster.ID]int{}
	for i := range 300 {
		d := f.doc("", fmt.Sprintf(form, source.doc().Text[:120]))
		d.Channel = "hotline"
		if id := f.Add(d).Issue; i >= 250 { // once the form is known
			size[id]++
		}
	}
	for id, n := range size {
		if n > 10 {
			t.Errorf("%d of the last 50 forms are in issue %d", n, id)
		}
	}
}

func TestTextsThatSayNothingStayAlone(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{})
	var ids []cluster.ID
	for _, text := range []string{"", "？？", "", "。"} {
		ids = append(ids, f.add(text).Issue)
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 4 {
		t.Errorf("got issues %v, want four", ids)
	}
}
