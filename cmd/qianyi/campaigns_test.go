package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// campaignFiles is a month of ordinary complaints, a campaign that exposures
// name, and four complaints about it: by name, by content, by somebody whom it
// did not reach, and before it reached them.
func campaignFiles(t *testing.T) (complaints, exposures string) {
	t.Helper()
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	var lines []string
	add := func(id, customer, text string, at time.Time) {
		line, err := json.Marshal(map[string]any{"id": id, "customer_id": customer, "at": at, "text": text})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	texts := []string{"宽带断网两天没人修", "客服态度很差", "手机信号不好", "多扣了流量费", "短信收不到"}
	for i := range 100 {
		add(fmt.Sprint("N", i), fmt.Sprint("K", i), texts[i%5], at.Add(time.Duration(i)*7*time.Hour))
	}
	late := at.Add(20 * 24 * time.Hour)
	add("A", "K1", "充五十送一百二，第二个月没有送", late)
	add("B", "K2", "送的话费没到账，当初承诺每月返还，现在说活动规则调整了", late)
	add("C", "K900", "送的话费没到账，当初承诺每月返还，现在说活动规则调整了", late)
	add("D", "K3", "送的话费没到账，当初承诺每月返还，现在说活动规则调整了", at.Add(24*time.Hour))
	var e strings.Builder
	e.WriteString("customer_id,kind,key,at,attrs\n")
	for i := range 10 {
		fmt.Fprintf(&e, "K%d,campaign,CMP-9,%s,\"{\"\"name\"\": \"\"充50送120话费返还\"\", \"\"rule\"\": \"\"old\"\"}\"\n", i, at.Add(5*24*time.Hour).Format(time.RFC3339))
	}
	e.WriteString("K1,payment,x,2026-03-01T00:00:00Z,\n")
	return file(t, "complaints.jsonl", strings.Join(lines, "\n")), file(t, "exposures.csv", e.String())
}

func TestCampaignsAttributeReplaysFiles(t *testing.T) {
	t.Parallel()
	complaints, exposures := campaignFiles(t)
	r := qianyi(t, "", "campaigns", "attribute", "--in", complaints, "--exposures", exposures, "--json").must(t, exitOK)
	var got []string
	var reach map[string]any
	for line := range strings.Lines(r.out) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q is no event: %v", line, err)
		}
		switch e["event"] {
		case "attribution":
			got = append(got, fmt.Sprint(e["id"], " ", e["campaign"], " ", e["basis"]))
			if len(e["evidence"].([]any)) == 0 || e["at"] == nil || e["exposed"] == nil {
				t.Errorf("incomplete: %s", line)
			}
		case "reach":
			reach = e
		}
	}
	if want := "A CMP-9 mention, B CMP-9 exposure"; strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if reach["name"] != "充50送120话费返还" || reach["customers"] != 10.0 || len(reach["days"].([]any)) != 2 {
		t.Errorf("reach: got %v", reach)
	}
}

func TestCampaignsAttributeBringsAStoreUpToDate(t *testing.T) {
	t.Parallel()
	complaints, exposures := campaignFiles(t)
	data := t.TempDir()
	qianyi(t, "", "import", "complaints", complaints, "--data", data).must(t, exitOK)
	qianyi(t, "", "import", "exposures", exposures, "--data", data).must(t, exitOK)
	r := qianyi(t, "", "campaigns", "attribute", "--data", data).must(t, exitOK)
	if want := "1 with new exposures; 104 complaints judged, 2 of them about a campaign"; !strings.Contains(r.err, want) {
		t.Errorf("stderr is %q, want %q in it", r.err, want)
	}
	r = qianyi(t, "", "campaigns", "attribute", "--data", data).must(t, exitOK)
	if want := "0 with new exposures; 0 complaints judged"; !strings.Contains(r.err, want) {
		t.Errorf("again: stderr is %q, want %q in it", r.err, want)
	}
	qianyi(t, "", "campaigns", "attribute", "--data", data, "--exposures", exposures).must(t, exitUsage)
}

// A month after the campaign began its customers complain in numbers: the
// replay says on which day the campaign should be adjusted.
func TestCampaignsAttributeTellsSignals(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	var complaints, exposures strings.Builder
	exposures.WriteString("customer_id,kind,key,at,attrs\n")
	for i := range 40 * 50 {
		day := at.Add(time.Duration(i/50) * 24 * time.Hour)
		fmt.Fprintf(&exposures, "K%d,campaign,CMP-9,%s,\"{\"\"name\"\": \"\"充50送120话费返还\"\"}\"\n", i, day.Format(time.RFC3339))
		if i%50 == 0 || i >= 30*50 && i%50 < 4 {
			text := "宽带断网两天没人修"
			if i%50 > 0 || i == 500 {
				text = "充五十送一百二，第二个月没有送"
			}
			fmt.Fprintf(&complaints, `{"id":"T%d","customer_id":"K%d","at":%q,"text":%q}`+"\n", i, i, day.Add(time.Hour).Format(time.RFC3339), text)
		}
	}
	r := qianyi(t, "", "campaigns", "attribute", "--json",
		"--in", file(t, "complaints.jsonl", complaints.String()), "--exposures", file(t, "exposures.csv", exposures.String())).must(t, exitOK)
	var got []string
	for line := range strings.Lines(r.out) {
		var e struct {
			Event, Campaign, Signal, Reason string
			At                              time.Time
			Sure                            bool
			Rate, Low, High                 float64
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q is no event: %v", line, err)
		}
		if e.Event != "signal" {
			continue
		}
		got = append(got, e.Signal)
		if day := int(e.At.Sub(at) / (24 * time.Hour)); e.Campaign != "CMP-9" || day < 29 || day > 34 && len(got) == 1 {
			t.Errorf("a signal on day %d, want one of days 30 to 34: %s", day, line)
		}
		if !e.Sure || e.Reason == "" || !(e.Low < e.Rate && e.Rate < e.High) {
			t.Errorf("incomplete: %s", line)
		}
	}
	if len(got) == 0 || got[0] == "go" {
		t.Errorf("got the signals %v, want adjust or stop first", got)
	}
}
