package report_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

var digits = regexp.MustCompile(`\p{Nd}`)

// evidence has one of each kind.
func evidence() report.Evidence {
	return report.Evidence{
		Clusters: []report.Cluster{
			{Title: "充值未到账 3 笔", Link: "/clusters/K1", Cases: 42, Type: "类0", New: true, Open: true},
			{Title: "光猫掉线", Link: "/clusters/K2", Cases: 7, Type: "类1", Closed: true},
		},
		Actions: []report.Action{
			{Title: "改短信模板", Link: "/improvements/1", DueAt: made.Add(-200 * time.Hour)},
			{Title: "接口重试", Link: "/improvements/2", DoneAt: made.Add(-80 * time.Hour), Effect: &report.Effect{Prevented: 30, Low: 12, High: 48, Link: "/improvements/2"}},
			{Title: "培训", Link: "/improvements/3", DoneAt: made.Add(-800 * time.Hour), Effect: &report.Effect{Prevented: 3, Low: -12, High: 18}},
			{Title: "改价", Link: "/improvements/4", DoneAt: made.Add(-800 * time.Hour), Effect: &report.Effect{Prevented: -9, Low: -12, High: -3}},
		},
		Campaigns: []report.Signal{
			{Title: "春节流量包", Advice: "stop", Rate: 31, Low: 22, High: 41, Usual: 8}, {Title: "积分", Advice: "go"},
			{Title: "新活动", Advice: "adjust", Rate: 31, Low: 22, High: 41}, {Title: "推荐", Advice: "stop", Why: "unwelcome", Share: 0.7},
		},
		Outreach: &report.Effect{Prevented: 120, Low: 60, High: 180, Link: "/outreach"},
	}
}

// Every number of every sentence is a figure of it, and every figure that comes
// from cases counts the same again.
func TestNoSentenceWithoutAFigure(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 7))
		w := quiet(r.IntN(70), r.IntN(40))
		surge, of := fact.Day(r.IntN(3)), w.perDay
		w.perDay = func(d fact.Day) int {
			if d >= w.to-7 {
				return of(d) * int(1+surge)
			}
			return of(d)
		}
		book := w.book(seed)
		e := evidence()
		if seed%3 == 0 {
			e = report.Evidence{}
		}
		scope := report.Scope{Week: week}
		if seed%4 == 1 {
			scope.Department = "部1"
		}
		made := report.Build(book, scope, e, made, zone)
		for _, s := range sentences(&made) {
			checkSentence(t, book, s)
		}
		for i := range made.Changes {
			c := &made.Changes[i]
			for _, f := range []*report.Figure{c.Count, c.Usual, c.Ratio, c.LastYear} {
				checkFigure(t, book, f)
			}
		}
		for _, l := range made.Service {
			checkFigure(t, book, l.Now)
			checkFigure(t, book, l.Usual)
		}
	}
}

func checkSentence(t *testing.T, book *fact.Book, s report.Sentence) {
	t.Helper()
	for _, l := range []report.Language{report.Chinese, report.English} {
		figures := 0
		for _, p := range s.Write(l, names) {
			switch {
			case p.Figure != nil:
				figures++
				checkFigure(t, book, p.Figure)
				if want := p.Figure.Text(l); p.Text != want {
					t.Errorf("%s writes %q for a figure of %q", s.Key, p.Text, want)
				}
			case p.Name == nil && digits.MatchString(p.Text):
				t.Errorf("%s has a number without a figure: %q", s.Key, p.Text)
			}
		}
		if figures == 0 {
			t.Errorf("%s has no figure: %q", s.Key, s.Text(l, names))
		}
		if text := s.Text(l, names); strings.ContainsAny(text, "{}") || strings.Contains(text, "∞") || strings.TrimSpace(text) == "" {
			t.Errorf("%s reads %q", s.Key, text)
		}
	}
}

func checkFigure(t *testing.T, book *fact.Book, f *report.Figure) {
	t.Helper()
	if f == nil {
		return
	}
	got, counted := f.Recount(book)
	if f.Measure == report.Given {
		if counted {
			t.Errorf("a given figure was counted")
		}
		return
	}
	if !counted || math.Abs(got-f.Value) > 1e-9 {
		t.Errorf("%s of %+v is %v, counted again %v", f.Measure, f.Filters, f.Value, got)
	}
	if !strings.HasPrefix(f.Href(), "/figures/cases?") {
		t.Errorf("%s leads to %q", f.Measure, f.Href())
	}
	if f.Low != nil && (*f.Low > f.Value+1e-9 || *f.High < f.Value-1e-9) {
		t.Errorf("%s: %v is outside of %v to %v", f.Measure, f.Value, *f.Low, *f.High)
	}
}

func TestNoiseIsNoRise(t *testing.T) {
	t.Parallel()
	const reports = 40
	called := 0
	for seed := range uint64(reports) {
		w := quiet(8, 0)
		r := rand.New(rand.NewPCG(seed, 3))
		w.perDay = func(fact.Day) int { return 10 + r.IntN(20) }
		made := build(w.book(seed), report.Evidence{})
		for _, v := range verdicts(&made) {
			if v == report.Up || v == report.Down {
				called++
				break
			}
		}
	}
	// With nothing to find, a report speaks of a change with a chance of 5 %.
	if called > 6 {
		t.Errorf("%d of %d quiet reports speak of a change, want 2 or so", called, reports)
	}
}

func TestARiseIsFoundAndExplained(t *testing.T) {
	t.Parallel()
	w := quiet(60, 40)
	w.shape = func(r *rand.Rand, row *fact.Row) {
		if row.Day >= w.to-7 && r.IntN(5) == 0 {
			row.Values[fact.Type], row.Values[fact.Region], row.Values[fact.Campaign] = "类7", "地区9", "CMP-201"
		}
		if row.Day >= w.to-7 && row.Values[fact.Type] == "类3" {
			row.Values[fact.Type] = "类0"
		}
	}
	book := w.book(5)
	e := evidence()
	e.Clusters = append(e.Clusters, report.Cluster{Title: "规则变更", Link: "/clusters/K9", Cases: 55, Is: []fact.Is{{Dim: fact.Type, Value: "类7"}}})
	made := build(book, e)
	got := verdicts(&made)
	for name, want := range map[string]report.Verdict{"type=类7": report.Up, "type=类3": report.Down, "region=地区9": report.Up} {
		if got[name] != want {
			t.Errorf("%s: got verdict %q, want %q", name, got[name], want)
		}
	}
	if head := made.Headline.Text(report.Chinese, names); !strings.Contains(head, "类7") {
		t.Errorf("the headline does not name the rise: %s", head)
	}
	for _, want := range []string{"“类7”集中在地区“地区9”", "“类7”集中在营销活动“CMP-201”", "“类7”与预警“规则变更”有关，后者已有投诉55件"} {
		if why := textOf(t, &made, report.SectionWhy); !strings.Contains(why, want) {
			t.Errorf("the reasons lack %q:\n%s", want, why)
		}
	}
	if changes := textOf(t, &made, report.SectionChanges); !strings.Contains(changes, "上年同周") {
		t.Errorf("last year is not compared:\n%s", changes)
	}
}

func TestARiseThatIsSpreadSaysSo(t *testing.T) {
	t.Parallel()
	w := quiet(8, 30)
	w.shape = func(r *rand.Rand, row *fact.Row) {
		row.Values[fact.Product], row.Values[fact.Region], row.Values[fact.Subtype], row.Values[fact.Campaign] = "甲", "东", "细", ""
		row.Values[fact.Type], row.Values[fact.Channel] = "慢", "热线"
		if row.Day < w.to-7 && r.IntN(3) > 0 {
			row.Values[fact.Type] = "快"
		}
	}
	made := build(w.book(1), report.Evidence{})
	if why := textOf(t, &made, report.SectionWhy); !strings.Contains(why, "“慢”没有集中到某一处") {
		t.Errorf("got the reasons\n%s", why)
	}
}

func TestAShortPastIsNotCompared(t *testing.T) {
	t.Parallel()
	made := build(quiet(2, 30).book(1), report.Evidence{})
	if got := made.Headline.Text(report.Chinese, names); got != "本周共收到投诉210件。" {
		t.Errorf("got the headline %q", got)
	}
	for _, v := range verdicts(&made) {
		if v != report.Early {
			t.Errorf("got verdict %q after two weeks", v)
		}
	}
	if got := textOf(t, &made, report.SectionChanges); !strings.Contains(got, "只有2周") {
		t.Errorf("got %q", got)
	}
}

func TestOpenCasesPutATimeOff(t *testing.T) {
	t.Parallel()
	w := quiet(8, 30)
	w.shape = func(r *rand.Rand, row *fact.Row) {
		if row.Day >= w.to-7 && r.IntN(2) == 0 {
			row.Resolve = fact.None
		}
		if row.Day >= w.to-7 {
			row.Respond += 300
		}
	}
	made := build(w.book(1), report.Evidence{})
	got := map[string]report.Verdict{}
	for _, l := range made.Service {
		got[l.Key] = l.Verdict
	}
	if got["resolve"] != report.Early || got["respond"] != report.Up || got["repeat"] != report.Steady {
		t.Errorf("got the verdicts %v", got)
	}
}

// A fresh week has more open cases, and those are the slow and late ones: nothing
// has changed, and nothing may be said to have.
func TestAFreshWeekIsNoFasterForItsOpenCases(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		w := quiet(8, 120)
		w.shape = func(_ *rand.Rand, row *fact.Row) {
			row.Flags |= fact.Ended
			if row.Resolve == fact.None {
				row.Resolve = 9000
			}
			if row.Resolve > 2880 {
				row.Flags |= fact.LateResolve
			}
			if row.Seq%25 == 0 {
				row.Flags |= fact.Reopened
			}
			if row.Satisfaction != fact.None {
				row.Satisfaction = 100 - float32(min(row.Resolve/100, 90))
			}
			// What has not ended when the report is made is still open; what is re-opened comes later.
			if row.Day >= w.to-7 {
				row.Flags &^= fact.Reopened
				if int(row.Day-fact.DayOf(made, zone))*24*60+int(row.Minute)+int(row.Resolve) > 8*60 {
					row.Resolve, row.Satisfaction = fact.None, fact.None
					row.Flags &^= fact.LateResolve | fact.Ended
				}
			}
		}
		made := build(w.book(seed), report.Evidence{})
		for _, l := range made.Service {
			if l.Verdict == report.Up || l.Verdict == report.Down {
				t.Errorf("seed %d: %s is said to go %s", seed, l.Key, l.Verdict)
			}
		}
		if text := textOf(t, &made, report.SectionService); strings.Contains(text, "；。") {
			t.Errorf("a verdict has no words:\n%s", text)
		}
	}
}

// Two scores that happen to be alike are no proof.
func TestTwoScoresAreNoChange(t *testing.T) {
	t.Parallel()
	w := quiet(8, 30)
	w.shape = func(_ *rand.Rand, row *fact.Row) {
		row.Resolve = 60
		if row.Day >= w.to-7 {
			row.Satisfaction = fact.None
			if row.Day == w.to-1 && row.Seq%30 < 2 {
				row.Satisfaction = 100
			}
		}
	}
	made := build(w.book(1), report.Evidence{})
	for _, l := range made.Service {
		if l.Key == "score" && (l.Verdict != report.Steady || l.Ended.Value != 2) {
			t.Errorf("got %q of %v scores", l.Verdict, l.Ended.Value)
		}
	}
}

func TestNoReportOfFiguresThatAreStillRead(t *testing.T) {
	t.Parallel()
	m := report.Maker{Book: fact.NewBook(), Zone: zone, Now: func() time.Time { return made }}
	if _, err := m.Make(t.Context(), report.Scope{Week: week}); triage.CodeOf(err) != triage.CodeUnavailable {
		t.Errorf("got %v, want that the figures are not there yet", err)
	}
}

func TestEffectsAreClaimedOnlyWhenSure(t *testing.T) {
	t.Parallel()
	made := build(quiet(8, 10).book(1), evidence())
	done := textOf(t, &made, report.SectionDone)
	for _, want := range []string{
		"措施“接口重试”见效，避免投诉30件（95% 区间 12 至 48）", "措施“培训”是否见效还不能断定", "措施“改价”之后投诉反而增加9件（95% 区间 3 至 12）",
		"整改措施本周完成1项，还在进行1项", "主动关怀累计避免投诉120件",
	} {
		if !strings.Contains(done, want) {
			t.Errorf("lacks %q:\n%s", want, done)
		}
	}
	if got := textOf(t, &made, report.SectionCampaigns); !strings.Contains(got, "建议停止“春节流量包”：每万名触达客户投诉31件（90% 区间 22 至 41），参照值8件。") ||
		strings.Contains(got, "积分") || strings.Contains(got, "参照值0") || !strings.Contains(got, "建议停止“推荐”：柜面推荐中有70%被拒绝") {
		t.Errorf("got %s", got)
	}
	if got := textOf(t, &made, report.SectionNext); !strings.Contains(got, "逾期的整改措施1项") || !strings.Contains(got, "未关闭的问题簇1个") {
		t.Errorf("got %s", got)
	}
}

func TestAReportKeepsAsJSON(t *testing.T) {
	t.Parallel()
	made := build(quiet(60, 20).book(2), evidence())
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	var read report.Report
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(read)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), string(again)); diff != "" {
		t.Errorf("a kept report reads differently (-want +got)\n%s", diff)
	}
}

func TestWeeks(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2026-W01", "2026-W53", "2020-W53", "2024-W52"} {
		w, err := report.ParseWeek(s)
		if err != nil {
			t.Fatal(err)
		}
		if from, to := w.Days(); w.String() != s || report.WeekOf(from) != w || report.WeekOf(to) == w || from.Time().Weekday() != time.Monday {
			t.Errorf("%s: got %s, %s to %s", s, w, from, to)
		}
	}
	for _, s := range []string{"", "2025-W53", "2026-W00", "2026-W54", "2026-10", "2026-W1", "2026-W10x", "2026-W-1"} {
		if w, err := report.ParseWeek(s); err == nil {
			t.Errorf("%q was read as %s", s, w)
		}
	}
	if got := report.LastWeek(made, zone); got != week {
		t.Errorf("got the last week %s, want %s", got, week)
	}
	if got := (report.Week{Year: 2026, Number: 1}).Add(-1).String(); got != "2025-W52" {
		t.Errorf("got %s before 2026-W01", got)
	}
}

func TestAnEmptyBook(t *testing.T) {
	t.Parallel()
	book := fact.NewBook()
	made := build(book, report.Evidence{})
	for _, s := range sentences(&made) {
		checkSentence(t, book, s)
	}
}

func BenchmarkBuildMillion(b *testing.B) {
	w := quiet(156, 916)
	book := w.book(1)
	if n := book.Total(fact.Filter{}).Cases; n < 1_000_000 {
		b.Fatalf("only %d rows", n)
	}
	for b.Loop() {
		build(book, evidence())
	}
}
