package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
	"github.com/qianyi-dev/qianyi/triage/mailbox/mailboxtest"
)

// streamStaff are the people who read what the stream of complaints says.
var streamStaff = []struct{ name, role, department string }{
	{"mei", "marketing", ""}, {"dan", "agent", ""}, {"lin", "agent", frontDepartment}, {"qin", "quality", ""},
}

// streamJobs are the scheduled parts in the order in which each builds on those
// before.
var streamJobs = []string{"attribute", "reach", "figures", "signals", "improvements"}

// The campaigns: alteredCampaign got other rules eight days ago, calmCampaign
// runs as it should, pastCampaign is over.
const (
	alteredCampaign, alteredName = "CMP-A", "充50送120话费返还"
	calmCampaign, calmName       = "CMP-B", "半价流量月包"
	pastCampaign                 = "CMP-C"
)

// streamHouse is the company of the weeks before today.
func streamHouse(t *testing.T) *house {
	t.Helper()
	h := emptyHouse(t)
	w := newStreamWorld(h.now())
	importFile(t, h.data, "customers", w.customers.String())
	importFile(t, h.data, "campaigns", w.campaigns.String())
	importFile(t, h.data, "exposures", w.exposures.String())
	qianyi(t, "", "import", "complaints", file(t, "complaints.jsonl", w.complaints.String()), "--data", h.data, "--config", h.config).must(t, exitOK)
	h.serve(t)
	w.work(t, h.instance)
	return h
}

// emptyHouse is a company that has people and a mail server, and nothing else.
func emptyHouse(t *testing.T) *house {
	t.Helper()
	h := &house{data: filepath.Join(t.TempDir(), "data")}
	var err error
	if h.outgoing, err = channeltest.NewSMTP(channeltest.SMTPOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.outgoing.Close() })
	h.config = outreachConfig(t, func(c *config) {
		c.Pack = "telecom"
		c.Alerts.BaseURL = "http://" + surveyHost
		c.Channels = []channel.Config{{Name: "mail", SMTP: &channel.SMTPConfig{
			Host: h.outgoing.Host(), Port: h.outgoing.Port(), TLS: "none", From: "客户服务 <" + mailboxtest.User + ">",
		}}}
	})
	for _, u := range streamStaff {
		qianyi(t, userPassword+"\n", "user", "add", u.name, "--role", u.role, "--department", u.department, "--data", h.data).must(t, exitOK)
	}
	return h
}

// now is the time as people of the house write it.
func (h *house) now() time.Time {
	c := defaultConfig()
	return c.now()
}

// streamWorld is what is imported: complaints, and what customers had to do with.
type streamWorld struct {
	today                           time.Time
	n                               int
	complaints                      strings.Builder
	customers, campaigns, exposures strings.Builder
}

const (
	// streamWeeks of complaints come before today, and before the same day a year
	// ago.
	streamWeeks = 16
	// worseSince is how many days ago the rules of a campaign were changed.
	worseSince = 8
	// billsFixed is how many days ago bills were put right.
	billsFixed = 49
)

func newStreamWorld(now time.Time) *streamWorld {
	w := &streamWorld{today: time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())}
	for back := 364 + streamWeeks*7; back > 364; back-- {
		w.ordinary(back, 1)
	}
	for back := streamWeeks * 7; back > 0; back-- {
		w.ordinary(back, 5)
	}
	w.outage()
	w.advertise()
	w.customers.WriteString("customer_id,name,phone,email,region,tier,joined_at\n")
	for i := range 400 {
		fmt.Fprintf(&w.customers, "K%d,王小明,%s,%s,%s,%s,2020-01-01\n", i, phone(i), email(i), regions[i%len(regions)], []string{"ordinary", "high"}[i%2])
	}
	return w
}

var regions = []string{"沈阳", "大连", "鞍山"}

// subjects are what customers complain of on any day; the bills are last.
var subjects = []struct{ kind, product, text string }{
	{"network", "手机套餐", "小区里手机信号不好，打电话断断续续听不清"},
	{"usage", "家庭宽带", "宽带断网，光猫亮红灯，报修没有人上门"},
	{"service", "手机套餐", "客服态度很差，问题推来推去没有人管"},
	{"subscription", "视频会员", "没有同意就开通了视频会员包，要求取消"},
	{"handling", "手机套餐", "在营业厅办携号转网，跑了三次都办不下来"},
	{"fee", "手机套餐", "这个月多扣了流量费，要求退费"},
}

// at is a time of the day so many days ago.
func (w *streamWorld) at(back, hour int) time.Time {
	return w.today.AddDate(0, 0, -back).Add(time.Duration(hour) * time.Hour)
}

// ordinary is a day: the same subjects in turn, and bills that are wrong until
// they were put right.
func (w *streamWorld) ordinary(back, n int) {
	for i := range n {
		w.complain(back, 9+i, (back*5+i)%(len(subjects)-1), fmt.Sprint("N", w.n))
	}
	for i := range 2 {
		if back > billsFixed || back%6 == i {
			w.complain(back, 15+i, len(subjects)-1, fmt.Sprint("N", w.n))
		}
	}
}

// outage is what rose in the last whole week: broadband in one city.
func (w *streamWorld) outage() {
	monday := int(w.today.Weekday()+6)%7 + 7
	for i := range 28 {
		w.complaint(monday-i%7, 10, "usage", "沈阳", "家庭宽带", "整个小区宽带断网，光猫亮红灯，报修没有人上门", fmt.Sprint("N", w.n))
	}
}

func (w *streamWorld) complain(back, hour, subject int, customer string) {
	s := subjects[subject]
	w.complaint(back, hour, s.kind, regions[w.n%len(regions)], s.product, s.text, customer)
}

// complaint writes one: those of the last days are open, one of seven took longer
// than it may, and half of the others have a score.
func (w *streamWorld) complaint(back, hour int, kind, region, product, text, customer string) {
	at := w.at(back, hour)
	line := map[string]any{
		"id": fmt.Sprintf("Z%04d", w.n), "customer_id": customer, "channel": []string{"hotline", "app", "counter"}[w.n%3], "at": at,
		"region": region, "product": product, "text": text,
	}
	if kind != "" {
		line["type"] = kind
	}
	took := 7 * time.Hour
	if w.n%7 == 0 {
		took = 12 * 24 * time.Hour
	}
	if end := at.Add(took); end.Before(w.today) && (back > 14 || w.n%3 > 0) {
		line["closed_at"], line["resolution"] = end, "核实后已处理并回复客户"
		if w.n%2 == 0 {
			line["satisfaction"] = []int{95, 80, 40}[w.n/2%3]
		}
	}
	w.n++
	b, err := json.Marshal(line)
	if err != nil {
		panic(err) // strings, numbers and times always have a JSON form
	}
	w.complaints.Write(append(b, '\n'))
}

// advertise runs the campaigns.
func (w *streamWorld) advertise() {
	w.campaigns.WriteString("id,name,from,to,channel,rules,copy,department,owner,eligible\n")
	w.exposures.WriteString("customer_id,kind,key,at,attrs\n")
	w.campaign(alteredCampaign, alteredName, 40, -30, "每月返还话费，自次月起分十二个月到账", "充50送120，话费分月返还", `"{""tiers"":[""vip""]}"`)
	w.campaign(calmCampaign, calmName, 60, -20, "订购即享首月半价，次月起恢复原价，可随时退订", "流量月包首月半价，次月原价，随时可退", "")
	w.campaign(pastCampaign, "老用户宽带提速", 110, 60, "在网满两年的用户免费提速", "老用户宽带免费提速", "")
	w.reach(alteredCampaign, alteredName, 40, 1, 60)
	w.reach(calmCampaign, calmName, 60, 1, 40)
	w.reach(pastCampaign, "老用户宽带提速", 110, 60, 30)
	for _, back := range []int{33, 27, 21, 14, 10} {
		w.complaint(back, 18, "", "沈阳", "", "充五十送一百二，第一个月的返还晚到了", reached(alteredCampaign, back+1, back))
	}
	for back := worseSince - 1; back > 0; back-- {
		for i := range 5 {
			text := "送的话费没到账，当初承诺每月返还，现在说活动规则调整了"
			if i%2 == 0 {
				text = "充五十送一百二，第二个月没有送，说活动规则变了"
			}
			w.complaint(back, 10+i, "", "大连", "", text, reached(alteredCampaign, back+1, i))
		}
	}
	for _, back := range []int{50, 30, 9} {
		w.complaint(back, 18, "", "鞍山", "", "半价流量月包订了以后第二个月没有提醒就恢复原价", reached(calmCampaign, back+1, back))
	}
}

// campaign writes a campaign that runs from so many days ago to so many.
func (w *streamWorld) campaign(id, name string, from, to int, rules, text, eligible string) {
	fmt.Fprintf(&w.campaigns, "%s,%s,%s,%s,sms,%s,%s,市场部,mei,%s\n", id, name, w.at(from, 0).Format(time.RFC3339), w.at(to, 0).Format(time.RFC3339),
		rules, text, eligible)
}

// reached is one of the customers whom a campaign reached on a day.
func reached(campaign string, back, i int) string { return fmt.Sprintf("%s-%d-%d", campaign, back, i) }

// reach lets a campaign write to so many customers a day.
func (w *streamWorld) reach(id, name string, from, to, each int) {
	for back := from; back >= to; back-- {
		rule := "old"
		if back <= worseSince && id == alteredCampaign {
			rule = "new"
		}
		for i := range each {
			fmt.Fprintf(&w.exposures, "%s,campaign,%s,%s,\"{\"\"name\"\":\"\"%s\"\",\"\"rule\"\":\"\"%s\"\"}\"\n",
				reached(id, back, i), id, w.at(back, 8).Format(time.RFC3339), name, rule)
		}
	}
}

// work is what the people did today: some open cases have owners, and some went
// to another department.
func (w *streamWorld) work(t *testing.T, s *instance) {
	t.Helper()
	var open struct {
		Items []struct{ ID string }
	}
	s.get(t, "/complaints?status=received&limit=12", &open)
	if len(open.Items) < 12 {
		t.Fatalf("%d cases are open, want 12 at least", len(open.Items))
	}
	for i, c := range open.Items {
		owner := []string{"dan", "lin"}[i%2]
		s.as(t, "author", "POST", "/complaints/"+c.ID+"/assign", map[string]any{"owner": owner}, http.StatusOK, nil)
		if i%3 > 0 {
			continue
		}
		s.as(t, "author", "POST", "/complaints/"+c.ID+"/hand-over", map[string]any{
			"department": otherDepartment, "task": "核实线路", "due": w.at(-2, 12).Format(time.DateTime),
			"facts": map[string]string{"checked": "账号正常", "promised": "两天内答复", "product": "家庭宽带", "contact": "来电号码", "demand": "尽快处理"},
		}, http.StatusOK, nil)
	}
}
