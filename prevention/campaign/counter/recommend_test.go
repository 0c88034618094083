package counter_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
)

// took is a capture of the campaign X so many days before noon.
func took(how campaign.Attitude, ago int, behaviour ...counter.Behaviour) counter.Capture {
	c := counter.Capture{Campaign: "X", Attitude: how, At: days(ago)}
	if len(behaviour) > 0 {
		c.Behaviour = behaviour[0]
	}
	return c
}

// complained is an ended complaint.
func complained(ago, ended int, angry bool) counter.Complaint {
	return counter.Complaint{ID: "c", At: days(ago), EndedAt: days(ended), Angry: angry}
}

func TestEveryReasonIsGiven(t *testing.T) {
	t.Parallel()
	type rule = triage.Eligibility
	for name, test := range map[string]struct {
		rule rule
		x    func(*triage.Campaign)
		who  func(*counter.Customer)
		want []counter.Code
	}{
		"nothing":                  {},
		"its last moment":          {x: func(c *triage.Campaign) { c.To = noon }},
		"over":                     {x: func(c *triage.Campaign) { c.To = noon.Add(-time.Millisecond) }, want: []counter.Code{counter.Ended}},
		"not begun":                {x: func(c *triage.Campaign) { c.From = days(-4) }, want: []counter.Code{counter.NotStarted}},
		"begins soon":              {x: func(c *triage.Campaign) { c.From = days(-3) }},
		"without dates":            {x: func(c *triage.Campaign) { c.From, c.To = time.Time{}, time.Time{} }},
		"the tier":                 {rule: rule{Tiers: []triage.Tier{triage.TierHigh, triage.TierVIP}}},
		"another tier":             {rule: rule{Tiers: []triage.Tier{triage.TierVIP}}, want: []counter.Code{counter.WrongTier}},
		"no tier is ordinary":      {rule: rule{Tiers: []triage.Tier{triage.TierOrdinary}}, who: func(c *counter.Customer) { c.Tier = "" }},
		"a city of the region":     {rule: rule{Regions: []string{"北京", "广东"}}},
		"another region":           {rule: rule{Regions: []string{"北京", ""}}, want: []counter.Code{counter.WrongRegion}},
		"no region known":          {rule: rule{Regions: []string{"北京"}}, who: func(c *counter.Customer) { c.Region = "" }, want: []counter.Code{counter.WrongRegion}},
		"two years are enough":     {rule: rule{MinMonths: 24, MaxMonths: 24}},
		"two years are too few":    {rule: rule{MinMonths: 25}, want: []counter.Code{counter.TooNew}},
		"two years are too many":   {rule: rule{MaxMonths: 23}, want: []counter.Code{counter.TooOld}},
		"since when is unknown":    {rule: rule{MinMonths: 1}, who: func(c *counter.Customer) { c.JoinedAt = time.Time{} }, want: []counter.Code{counter.TenureUnknown}},
		"a record of the kind":     {rule: rule{Needs: []triage.RecordOf{{Kind: "purchase"}, {Kind: "purchase", Key: "宽带"}}}},
		"no record":                {rule: rule{Needs: []triage.RecordOf{{Kind: "purchase", Key: "手机"}}}, want: []counter.Code{counter.MissingRecord}},
		"a record that excludes":   {rule: rule{Excludes: []triage.RecordOf{{Kind: "purchase"}}}, want: []counter.Code{counter.ExcludedRecord}},
		"joined":                   {who: func(c *counter.Customer) { c.Joined["X"] = true }, want: []counter.Code{counter.Joined}},
		"joined, and once more":    {rule: rule{Repeatable: true}, who: func(c *counter.Customer) { c.Joined["X"] = true }},
		"accepted at the counter":  {who: func(c *counter.Customer) { c.Captures = append(c.Captures, took(campaign.Accepted, 300)) }, want: []counter.Code{counter.Joined}},
		"hesitated":                {who: func(c *counter.Customer) { c.Captures = append(c.Captures, took(campaign.Hesitated, 1)) }},
		"refused":                  {who: func(c *counter.Customer) { c.Captures = append(c.Captures, took(campaign.Refused, 89)) }, want: []counter.Code{counter.Declined}},
		"annoyed":                  {who: func(c *counter.Customer) { c.Captures = append(c.Captures, took(campaign.Annoyed, 1)) }, want: []counter.Code{counter.Declined}},
		"refused long ago":         {who: func(c *counter.Customer) { c.Captures = append(c.Captures, took(campaign.Refused, 90)) }},
		"opted out":                {who: func(c *counter.Customer) { c.OptedOut = true }, want: []counter.Code{counter.IsOptedOut}},
		"an open complaint":        {who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{{At: days(400), Open: true}} }, want: []counter.Code{counter.OpenComplaint}},
		"a complaint":              {who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{complained(29, 28, false)} }, want: []counter.Code{counter.Complained}},
		"an old one that ended":    {who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{complained(200, 29, false)} }, want: []counter.Code{counter.Complained}},
		"an end in the future":     {who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{complained(31, -5, false)} }},
		"a complaint over":         {who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{complained(31, 30, false)} }},
		"an angry one":             {who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{complained(60, 59, true)} }, want: []counter.Code{counter.ComplainedHard}},
		"an angry one over":        {who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{complained(61, 60, true)} }},
		"its own quiet days":       {rule: rule{QuietDays: 7}, who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{complained(9, 8, false)} }},
		"its own, for longer":      {rule: rule{QuietDays: 90}, who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{complained(89, 88, false)} }, want: []counter.Code{counter.Complained}},
		"the angry are left alone": {rule: rule{QuietDays: 7}, who: func(c *counter.Customer) { c.Complaints = []counter.Complaint{complained(9, 8, true)} }, want: []counter.Code{counter.ComplainedHard}},
		"asked four times": {who: func(c *counter.Customer) {
			for i := range 4 {
				c.Captures = append(c.Captures, counter.Capture{Campaign: "Y", Attitude: campaign.Hesitated, At: days(i)})
			}
		}, want: []counter.Code{counter.AskedOften}},
		"came three times, asked thrice": {who: func(c *counter.Customer) {
			for i := range 6 {
				b := []counter.Behaviour{counter.CameForIt, counter.WasAsked}[i%2]
				c.Captures = append(c.Captures, counter.Capture{Campaign: "Y", Behaviour: b, At: days(i)})
			}
		}},
		"all at once": {
			rule: rule{Tiers: []triage.Tier{triage.TierVIP}, Regions: []string{"北京"}, MinMonths: 60},
			x:    func(c *triage.Campaign) { c.To = days(1) },
			who:  func(c *counter.Customer) { c.OptedOut, c.Joined["X"] = true, true },
			want: []counter.Code{counter.IsOptedOut, counter.Ended, counter.Joined, counter.WrongTier, counter.WrongRegion, counter.TooNew},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := offer("X", "春季返费", func(c *triage.Campaign) { c.Eligible = test.rule })
			if test.x != nil {
				test.x(&x)
			}
			w := newWorld(t, x)
			if test.who != nil {
				who := person()
				test.who(&who)
				w.people["k1"] = who
			}
			a := w.advice(t, "k1", "X")
			var got []counter.Code
			for _, why := range a.Why {
				got = append(got, why.Code)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("reasons (-want +got)\n%s", diff)
			}
			if a.Recommended() != (len(test.want) == 0) {
				t.Errorf("recommended: %t", a.Recommended())
			}
		})
	}
}

func TestReasonsSayWhatTheyMean(t *testing.T) {
	t.Parallel()
	w := newWorld(t, offer("X", "返费", func(c *triage.Campaign) {
		c.Eligible = triage.Eligibility{Tiers: []triage.Tier{triage.TierVIP}, MinMonths: 36}
	}))
	who := person()
	who.Complaints = []counter.Complaint{complained(20, 10, false), complained(5, 4, true)}
	who.Captures = []counter.Capture{took(campaign.Annoyed, 30), took(campaign.Refused, 60)}
	w.people["k1"] = who
	want := []counter.Why{
		{Code: counter.ComplainedHard, At: days(4), Until: days(4).AddDate(0, 0, 60)},
		{Code: counter.Complained, At: days(10), Until: days(10).AddDate(0, 0, 30)},
		{Code: counter.Declined, At: days(30), Until: days(30).AddDate(0, 0, 90), Is: "annoyed"},
		{Code: counter.WrongTier, Want: []string{"vip"}, Is: "high"},
		{Code: counter.TooNew, N: 36, Until: noon.AddDate(1, 0, 0)},
	}
	if diff := cmp.Diff(want, w.advice(t, "k1", "X").Why); diff != "" {
		t.Errorf("reasons (-want +got)\n%s", diff)
	}
}

func TestSomebodyUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, offer("X", "返费"), offer("Y", "换机", func(c *triage.Campaign) { c.Eligible.Regions = []string{"北京"} }))
	if a := w.advice(t, "", "X"); !a.Recommended() {
		t.Errorf("a campaign for everybody: got %+v", a.Why)
	}
	if a := w.advice(t, "", "Y"); len(a.Why) != 1 || a.Why[0].Code != counter.Nobody {
		t.Errorf("a campaign with rules: got %+v", a.Why)
	}
	_, err := w.Recommend(t.Context(), counter.Question{Customer: "k404"})
	code(t, err, triage.CodeNotFound)
}

func TestTheBestFitComesFirst(t *testing.T) {
	t.Parallel()
	rate := 12.0
	w := newWorld(t,
		offer("A", "国际漫游包"), offer("B", "春季充值返话费"), offer("C", "校园套餐"), offer("D", "全家共享流量"),
		offer("E", "高价值专享", func(c *triage.Campaign) { c.Eligible.Tiers = []triage.Tier{triage.TierHigh} }),
		offer("F", "秋季充值返话费", func(c *triage.Campaign) { c.From, c.To = days(200), days(100) }),
		offer("G", "校园套餐升级", func(c *triage.Campaign) { c.From, c.To = days(200), days(90) }),
		offer("H", "下周开始", func(c *triage.Campaign) { c.From = days(-2) }),
		offer("I", "没有登记", func(c *triage.Campaign) { c.Version = 0 }))
	w.campaigns[8].Version = 0
	w.standings["D"] = counter.Standing{Signal: counter.SignalAdjust, Reason: "规则变更", Rate: &rate}
	who := person()
	who.Captures = []counter.Capture{{Campaign: "F", Attitude: campaign.Accepted, At: days(150)}, {Campaign: "G", Attitude: campaign.Refused, At: days(150)}}
	w.people["k1"] = who
	a, err := w.Recommend(t.Context(), counter.Question{Customer: "k1"})
	check(t, err)
	var order []string
	fits := map[string]counter.Fit{}
	for _, x := range a.Advice {
		order = append(order, x.Campaign.ID)
		x.Fit.Score = 0
		fits[x.Campaign.ID] = x.Fit
	}
	if want := []string{"B", "E", "A", "D", "C", "H", "G", "F"}; !slices.Equal(order, want) {
		t.Errorf("got the order %v, want %v", order, want)
	}
	want := map[string]counter.Fit{
		"A": {}, "B": {Liked: "秋季充值返话费"}, "C": {Disliked: "校园套餐升级"}, "D": {}, "E": {ForTier: true}, "F": {}, "G": {}, "H": {},
	}
	if diff := cmp.Diff(want, fits); diff != "" {
		t.Errorf("grounds (-want +got)\n%s", diff)
	}
}

func TestStandings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, offer("X", "返费", func(c *triage.Campaign) { c.Eligible.Needs = []triage.RecordOf{{Kind: "roaming"}} }))
	who := person()
	who.Has[triage.RecordOf{Kind: "roaming"}] = true
	w.people["k1"] = who
	w.standings["X"] = counter.Standing{Signal: counter.SignalStop, Reason: "投诉为基线的 6 倍"}
	stopped := func(want bool) {
		t.Helper()
		a := w.advice(t, "k1", "X")
		if got := len(a.Why) == 1 && a.Why[0].Code == counter.Stopped && a.Why[0].Text == "投诉为基线的 6 倍"; got != want {
			t.Errorf("stopped: got %+v, want %t", a.Why, want)
		}
	}
	stopped(true)
	if want := []string{"roaming"}; !slices.Equal(w.kinds, want) {
		t.Errorf("asked for records of %v, want %v", w.kinds, want)
	}
	delete(w.standings, "X")
	stopped(true) // for half a minute the board is as it was
	if w.reads != 1 {
		t.Errorf("the register was read %d times, want once", w.reads)
	}
	w.failing = true
	w.clock.Advance(time.Minute)
	stopped(true) // what is not known now is what was known
	w.failing = false
	w.clock.Advance(time.Minute)
	stopped(false)
}

func TestAnotherChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, offer("X", "返费", func(c *triage.Campaign) { c.Channel = "短信" }), offer("Y", "换机", func(c *triage.Campaign) { c.Channel = "营业厅、短信" }))
	a, err := w.Recommend(t.Context(), counter.Question{Customer: "k1", Channel: "营业厅", At: days(2)})
	check(t, err)
	if !a.At.Equal(days(2)) || a.Advice[0].Campaign.ID != "Y" || !a.Advice[0].Recommended() {
		t.Errorf("got %+v", a.Advice[0])
	}
	if why := a.Advice[1].Why; len(why) != 1 || why[0].Code != counter.OtherChannel {
		t.Errorf("got %+v", why)
	}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	p := counter.DefaultPolicy()
	check(t, p.Validate())
	for _, change := range []func(*counter.Policy){
		func(p *counter.Policy) { p.QuietDays = -1 }, func(p *counter.Policy) { p.AngryDays = 29 }, func(p *counter.Policy) { p.SoonDays = 9999 },
	} {
		p := counter.DefaultPolicy()
		change(&p)
		_, err := counter.New(counter.Deps{Policy: p})
		code(t, err, triage.CodeInvalid)
	}
}
