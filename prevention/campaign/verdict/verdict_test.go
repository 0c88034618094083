package verdict_test

import (
	"math"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
)

// steady is a campaign that reaches so many customers a day, of whom a number
// complains every tenth day.
func steady(length, reached, complained int) verdict.History {
	h := verdict.History{First: 20_000, Days: make([]verdict.Day, length)}
	for d := range h.Days {
		h.Days[d].Reached = reached
		if d%10 == 9 {
			h.Days[d].Complained = complained
		}
	}
	return h
}

// alike is the prior of four past campaigns with one complaint in a thousand.
func alike() verdict.Prior {
	var past []verdict.Past
	for range 4 {
		past = append(past, verdict.Past{Count: verdict.Count{Complained: 5, AtRisk: 5000}, Likeness: 0.8})
	}
	return verdict.Fit(past, verdict.Count{})
}

func TestJudge(t *testing.T) {
	t.Parallel()
	late := steady(60, 100, 1)
	for d := 50; d < 60; d++ {
		late.Days[d].Complained = 1 + d%2
	}
	split := steady(60, 100, 1)
	part := make([]verdict.Day, 60)
	for d := range split.Days {
		if d%4 == 0 {
			split.Days[d].Complained++
			part[d] = verdict.Day{Reached: 20, Complained: 1}
		} else {
			part[d].Reached = 20
		}
	}
	split.Segments = []verdict.Segment{{Name: "rule=changed", Days: part}}
	for _, tt := range []struct {
		name   string
		change func(e *verdict.Evidence)
		signal verdict.Signal
		why    verdict.Why
		sure   bool
		says   string
	}{
		{"nothing wrong", func(*verdict.Evidence) {}, verdict.Go, verdict.WhyFine, true, "没有异常"},
		{"nobody reached", func(e *verdict.Evidence) { e.History = steady(10, 0, 3) }, verdict.Go, verdict.WhyUnknown, false, "没有触达记录"},
		{"three days old", func(e *verdict.Evidence) { e.History = steady(3, 20, 0) }, verdict.Go, verdict.WhyEarly, false, "还不能下结论"},
		{"no history at all", func(e *verdict.Evidence) { e.History = verdict.History{} }, verdict.Go, verdict.WhyUnknown, false, ""},
		{"worse of late", func(e *verdict.Evidence) { e.History = late }, verdict.Adjust, verdict.WhyChange, true, "此前的"},
		{"worse in one part", func(e *verdict.Evidence) { e.History = split }, verdict.Adjust, verdict.WhySegment, true, "规则：已变更"},
		{"above its like", func(e *verdict.Evidence) { e.History = steady(60, 100, 10) }, verdict.Adjust, verdict.WhyAbove, true, "同类活动"},
		{"far above", func(e *verdict.Evidence) { e.History = steady(60, 100, 60) }, verdict.Stop, verdict.WhyFar, true, "远超"},
		{"escalations", func(e *verdict.Evidence) { e.Escalated, e.Complaints = 12, 20 }, verdict.Stop, verdict.WhyEscalated, true, "12315"},
		{"two escalations", func(e *verdict.Evidence) { e.Escalated, e.Complaints = 2, 2 }, verdict.Go, verdict.WhyFine, true, ""},
		{"usual escalations", func(e *verdict.Evidence) { e.Escalated, e.Complaints, e.UsualEscalated = 12, 20, 0.4 }, verdict.Go, verdict.WhyFine, true, ""},
		{"unwelcome", func(e *verdict.Evidence) { e.Unwelcome, e.Contacts = 50, 55 }, verdict.Stop, verdict.WhyUnwelcome, true, "柜面"},
		{"half unwelcome", func(e *verdict.Evidence) { e.Unwelcome, e.Contacts = 50, 90 }, verdict.Go, verdict.WhyFine, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := verdict.Evidence{History: steady(60, 100, 1), Length: 90, Prior: alike(), Delay: verdict.Even()}
			tt.change(&e)
			v := verdict.Judge(e, verdict.DefaultLimits())
			if v.Signal != tt.signal || v.Why != tt.why || v.Sure != tt.sure {
				t.Errorf("got %s because of %s (sure %v), want %s because of %s (%v); %s", v.Signal, v.Why, v.Sure, tt.signal, tt.why, tt.sure, v.Chinese())
			}
			if !strings.Contains(v.Chinese(), tt.says) || v.English() == "" {
				t.Errorf("got %q, want %q in it", v.Chinese(), tt.says)
			}
		})
	}
}

// A small campaign stays near its like, a large one near its own count.
// A campaign that is to be adjusted is not stopped by less evidence than any
// other; one that was stopped goes on being so for less.
func TestAnAlarmToAdjustMakesNoStopEasier(t *testing.T) {
	t.Parallel()
	judge := func(unwelcome int, was verdict.Signal) verdict.Signal {
		e := verdict.Evidence{History: steady(60, 100, 1), Delay: verdict.Even(), Prior: alike(), Unwelcome: unwelcome, Contacts: 40, Was: was}
		v := verdict.Judge(e, verdict.DefaultLimits())
		return v.Signal
	}
	between := 0
	for n := range 41 {
		fresh, adjusted, stopped := judge(n, verdict.Go), judge(n, verdict.Adjust), judge(n, verdict.Stop)
		if fresh != adjusted {
			t.Errorf("%d of 40 unwelcome: %s after go, %s after adjust", n, fresh, adjusted)
		}
		if fresh != stopped {
			between++
		}
	}
	if between == 0 {
		t.Error("a stop is taken back as easily as it is given")
	}
}

func TestSmallCountsShrink(t *testing.T) {
	t.Parallel()
	p := alike()
	small := p.Given(verdict.Count{Complained: 1, AtRisk: 20}).Rate()
	large := p.Given(verdict.Count{Complained: 40, AtRisk: 10_000}).Rate()
	if small.Value > 250 {
		t.Errorf("one of twenty: got %.0f per 10 000, want far less than 500", small.Value)
	}
	if math.Abs(large.Value-40) > 10 {
		t.Errorf("40 of 10 000: got %.0f per 10 000, want about 40", large.Value)
	}
	for _, r := range []verdict.Rate{small, large, p.Rate()} {
		if !(r.Low < r.Value && r.Value < r.High && r.Low > 0) {
			t.Errorf("got %+v, want a value within its interval", r)
		}
	}
	none := verdict.Fit(nil, verdict.Count{Complained: 30, AtRisk: 10_000})
	if got := none.Mean(); math.Abs(got-0.00305) > 1e-4 || none.Campaigns != 0 {
		t.Errorf("without past campaigns: got a mean of %v from %d, want the general rate", got, none.Campaigns)
	}
}

func TestLearnDelay(t *testing.T) {
	t.Parallel()
	var past []verdict.History
	for i := range 3 {
		h := verdict.History{Days: make([]verdict.Day, 80)}
		for d := 0; d < 60; d += 7 + i {
			h.Days[d].Reached = 1000
			h.Days[d+4].Complained = 30
		}
		past = append(past, h)
	}
	d := verdict.LearnDelay(past)
	if d[4] < 0.6 {
		t.Errorf("all complaints came on the fourth day after: got %.2f for it, want most", d[4])
	}
	if got := verdict.LearnDelay(nil); math.Abs(got[3]-verdict.Even()[3]) > 1e-12 {
		t.Errorf("from nothing: got %v, want the even delay", got)
	}
}

func TestLikeness(t *testing.T) {
	t.Parallel()
	a := triage.Campaign{Name: "充100送100", Channel: "短信", Department: "市场部", Rules: "次月返还"}
	for _, tt := range []struct {
		name      string
		other     triage.Campaign
		low, high float64
	}{
		{"itself", a, 0.99, 1},
		{"same kind", triage.Campaign{Name: "充200送200", Channel: "短信", Department: "市场部", Rules: "次月返还"}, 0.7, 0.99},
		{"another", triage.Campaign{Name: "宽带续约", Channel: "外呼", Department: "家客部", Rules: "老用户八折"}, 0, 0.05},
		{"nothing known", triage.Campaign{}, 0, 0},
	} {
		if got := verdict.Likeness(&a, &tt.other); got < tt.low || got > tt.high {
			t.Errorf("%s: got %.2f, want %.2f to %.2f", tt.name, got, tt.low, tt.high)
		}
	}
}

func TestSegmentsHaveNames(t *testing.T) {
	t.Parallel()
	for segment, want := range map[string]string{
		"rule=changed": "规则：已变更", "joined=true": "已参加：是", "channel=小程序": "渠道：小程序", "gift=杯子": "gift=杯子", "plain": "plain", "": "",
	} {
		if got := verdict.SegmentName(segment); got != want {
			t.Errorf("%q is %q, want %q", segment, got, want)
		}
	}
}
