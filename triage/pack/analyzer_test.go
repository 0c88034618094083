package pack_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

var (
	_ triage.Analyzer  = (*pack.Analyzer)(nil)
	_ triage.Catalogue = (*pack.Analyzer)(nil)
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// general is shared by the tests: it takes half a second to load.
var general = sync.OnceValues(func() (*pack.Analyzer, error) {
	return pack.NewAnalyzer(pack.Options{Pack: "general"})
})

func load(t testing.TB, o pack.Options) *pack.Analyzer {
	t.Helper()
	a, err := pack.NewAnalyzer(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func shared(t testing.TB) *pack.Analyzer {
	t.Helper()
	a, err := general()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// assess judges a text that came in at noon.
func assess(a *pack.Analyzer, text string) triage.Assessment {
	return a.Assess(&triage.Complaint{ID: "c1", At: noon, Text: text})
}

// sentences are of many kinds; what is made of them is in the golden file.
var sentences = []string{
	"手机用了三天就自动关机，充不进电，要求退货退款。",
	"外卖里吃出一只苍蝇，孩子吃完上吐下泻，现在在医院，你们必须给个说法！",
	"上个月莫名其妙多扣了我30元会员费，麻烦把钱退给我。",
	"客服态度极其恶劣，挂我电话三次，我要求当面道歉！！！",
	"快递显示已签收但我根本没收到，请尽快查一下到底送到哪里了。",
	"APP更新之后一直闪退，登录不上去，请尽快修复。",
	"说好的满300减50，结算的时候却不给用券，规则里根本没写，这不是欺骗消费者吗？",
	"房间隔音太差，床单上有头发，空调还漏水。",
	"银行卡被盗刷了8000元，请立即冻结账户！",
	"我已经打过五次电话了，每次都说会有人联系，到现在也没人管，再不解决我就去12315投诉！",
	"买的鞋子尺码不对，要求换货。",
	"根据《消费者权益保护法》第五十五条，商家存在欺诈行为，我已保留录音和聊天记录，要求退一赔三。",
	"不管你们怎么解释我都不接受，这笔多扣的月费必须退，不然我天天打电话，绝不罢休。",
	"建议把营业时间延长一点。",
	"😡😡😡",
}

func TestGolden(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	for _, text := range sentences {
		a := assess(shared(t), text)
		b, err := json.Marshal([]any{a.Type, a.Demand, a.Urgency.Level, a.Style, text})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(b, '\n'))
	}
	testkit.Golden(t, "general.jsonl", []byte(lines.String()))
}

// hostile are texts that no customer writes on purpose.
var hostile = []string{
	"", " ", "\x00\xff", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "𠮷野家的飯難吃", "ＡＰＰ閃退１２３",
	strings.Repeat("退款", 50_000), strings.Repeat("a", 100_000), "断网\r\n\r\n断网",
}

func TestProperties(t *testing.T) {
	t.Parallel()
	for _, o := range []pack.Options{
		{Pack: "general"}, {Pack: "telecom"}, {Pack: "citizen"},
		{Pack: "general", WordsOnly: true}, {Pack: "telecom", WordsOnly: true}, {Pack: "citizen", WordsOnly: true},
	} {
		name := o.Pack
		if o.WordsOnly {
			name += ", words only"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := load(t, o)
			for _, text := range append(sentences, hostile...) {
				s := assess(a, text)
				checkAssessment(t, a, text, &s)
				if diff := cmp.Diff(s, assess(a, text)); diff != "" {
					t.Errorf("%.60q is judged otherwise the second time\n%s", text, diff)
				}
			}
		})
	}
}

// checkAssessment checks what holds for every text and every pack.
func checkAssessment(t *testing.T, a *pack.Analyzer, text string, s *triage.Assessment) {
	t.Helper()
	if s.Confidence < 0 || s.Confidence > 1 {
		t.Errorf("%.60q: confidence %v is outside 0..1", text, s.Confidence)
	}
	top := s.Confidence
	for _, alt := range s.Alternatives {
		if alt.Confidence > top || alt.Confidence < 0 || alt.Type == s.Type {
			t.Errorf("%.60q: alternative %v does not come after %s with %v", text, alt, s.Type, top)
		}
		top = alt.Confidence
	}
	for _, code := range []string{s.Type, s.Subtype} {
		if info, found := triage.FindType(a, code); code != "" && !found {
			t.Errorf("%.60q: %q is no type of the pack", text, code)
		} else if code == s.Type && (s.TypeName != info.Name || (found && s.Department == "")) {
			t.Errorf("%.60q: type %q is named %q, of department %q", text, code, s.TypeName, s.Department)
		}
	}
	if s.Subtype != "" && !strings.HasPrefix(s.Subtype, s.Type+".") {
		t.Errorf("%.60q: sub-type %q is not of type %q", text, s.Subtype, s.Type)
	}
	runes := []rune(text)
	for _, e := range s.Entities {
		if e.Start < 0 || e.Start >= e.End || e.End > len(runes) || string(runes[e.Start:e.End]) != e.Text {
			t.Errorf("%.60q: entity %v is not in its place", text, e)
		}
	}
	if b, err := json.Marshal(s); err != nil || strings.Contains(string(b), "null") {
		t.Errorf("%.60q: cannot be written as JSON without null: %s, %v", text, b, err)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	a := shared(t)
	want := make([]triage.Assessment, len(sentences))
	for i, text := range sentences {
		want[i] = assess(a, text)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, text := range sentences {
				if diff := cmp.Diff(want[i], assess(a, text)); diff != "" {
					t.Errorf("%s is judged otherwise among others\n%s", text, diff)
				}
			}
		})
	}
	wg.Wait()
}

func TestDepartmentAndClocks(t *testing.T) {
	t.Parallel()
	a := load(t, pack.Options{PackDir: "testdata/override", Pack: "telecom", WordsOnly: true})
	for name, test := range map[string]struct {
		text                     string
		subtype, department      string
		respond, verify, resolve time.Duration // hours
	}{
		"the limits of the pack":            {"多扣费，请退还", "", "账务部", 10, 20, 30},
		"a type sets its own":               {"断网了，请修", "fault.line", "维修部", 10, 20, 12},
		"a sub-type sets its own":           {"电视和机顶盒坏了，请修", "fault.tv", "电视部", 10, 5, 12},
		"urgency caps what it has":          {"断网了，线路漏电，有人触电受伤", "fault.line", "维修部", 1, 20, 12},
		"urgency caps a department's limit": {"机顶盒电视漏电，孩子触电受伤", "fault.tv", "电视部", 1, 5, 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := assess(a, test.text)
			if got.Subtype != test.subtype || got.Department != test.department {
				t.Errorf("got sub-type %q of %q, want %q of %q", got.Subtype, got.Department, test.subtype, test.department)
			}
			want := triage.SLA{
				RespondBy: noon.Add(test.respond * time.Hour), VerifyBy: noon.Add(test.verify * time.Hour), ResolveBy: noon.Add(test.resolve * time.Hour),
			}
			if diff := cmp.Diff(want, got.SLA); diff != "" {
				t.Errorf("urgency %s: other clocks (-want +got)\n%s", got.Urgency.Level, diff)
			}
		})
	}
}

// A complaint of the year 9999 is believable to Validate, and its clocks must
// not run into a year that JSON cannot write.
func TestClocksAtTheEndOfTime(t *testing.T) {
	t.Parallel()
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("", 14*3600), time.FixedZone("", -12*3600)} {
		for _, at := range []time.Time{
			time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(9999, 12, 30, 0, 0, 0, 0, zone), time.Date(9999, 12, 29, 8, 0, 0, 0, zone),
		} {
			s := shared(t).Assess(&triage.Complaint{ID: "c1", At: at, Text: "宽带断了"})
			for _, by := range []time.Time{s.SLA.RespondBy, s.SLA.VerifyBy, s.SLA.ResolveBy} {
				for _, reader := range []*time.Location{by.Location(), time.UTC, time.FixedZone("", 14*3600)} {
					if _, err := by.In(reader).MarshalJSON(); err != nil {
						t.Errorf("a complaint of %v has a clock that cannot be written: %v", at, err)
					}
				}
			}
		}
	}
	early := assess(shared(t), "宽带断了").SLA
	if !early.RespondBy.After(noon) || early.ResolveBy.Year() != 2026 {
		t.Errorf("got clocks %v, want ones soon after noon", early)
	}
}

// A general pack of a company's own types would be deaf to those that the
// shipped model does not know, if the model alone were asked.
func TestGeneralPackOfOtherTypes(t *testing.T) {
	t.Parallel()
	a := load(t, pack.Options{PackDir: "testdata/override", Pack: "general"})
	for text, want := range map[string]string{
		"楼上装修噪音太吵了":        "noise",
		"手机用了三天就自动关机，充不进电": "quality", // by the shipped model: none of the pack's words are in it
	} {
		if got := assess(a, text); got.Type != want || got.Subtype != "" {
			t.Errorf("%s: got %q, %q, want %s", text, got.Type, got.Subtype, want)
		}
	}
}

func TestKnownNames(t *testing.T) {
	t.Parallel()
	a := load(t, pack.Options{Pack: "telecom", WordsOnly: true, Products: []string{"星河卡"}, Campaigns: []string{"周年回馈"}})
	kinds := map[nlp.EntityKind]string{}
	for _, e := range assess(a, "参加周年回馈办了星河卡和全球通，结果没返话费").Entities {
		kinds[e.Kind] += e.Text
	}
	if kinds[nlp.EntityProduct] != "星河卡全球通" || kinds[nlp.EntityCampaign] != "周年回馈" {
		t.Errorf("found %v, want the names of options and pack", kinds)
	}
}

// The limits of a pack are counted in working time where there is a calendar.
func TestClocksOfAnOffice(t *testing.T) {
	t.Parallel()
	cal, err := calendar.New(calendar.Config{}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	a := load(t, pack.Options{Pack: "general", WordsOnly: true, Calendar: cal})
	friday := time.Date(2026, time.March, 6, 17, 0, 0, 0, time.UTC)
	for text, want := range map[string]triage.SLA{
		"发票抬头开错了": { // a day to answer, four hours to verify, three days to resolve
			RespondBy: time.Date(2026, 3, 9, 17, 0, 0, 0, time.UTC), VerifyBy: time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC),
			ResolveBy: time.Date(2026, 3, 11, 17, 0, 0, 0, time.UTC),
		},
		"热水器漏电，孩子触电受伤了": { // harm does not wait for Monday
			RespondBy: friday.Add(time.Hour), VerifyBy: friday.Add(2 * time.Hour), ResolveBy: friday.Add(24 * time.Hour),
		},
	} {
		got := a.Assess(&triage.Complaint{ID: "c1", At: friday, Text: text})
		if diff := cmp.Diff(want, got.SLA); diff != "" {
			t.Errorf("%s, urgency %s: other clocks (-want +got)\n%s", text, got.Urgency.Level, diff)
		}
	}
}
