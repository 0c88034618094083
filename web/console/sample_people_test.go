package console_test

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// newParlour is a company with five customers: one of two records with a long
// history, an opted-out one, and one whose words are hostile.
func newParlour(now func() time.Time) *parlour {
	day := 24 * time.Hour
	return &parlour{
		now: now,
		records: []customer.Record{
			{
				Customer: triage.Customer{
					ID: "C10086", Name: "张伟民", Phone: "13812345678", Email: "zhangwm@example.com", Region: "广东深圳", Tier: triage.TierHigh, Industry: "制造业",
					JoinedAt: noon.AddDate(-3, 0, 0),
				},
				Person: "C10086",
				Care: customer.Care{
					Manager: "agent", TierBy: "demo", TierReason: "年消费超过 5 万元", TierAt: noon.Add(-90 * day),
					ContactedAt: noon.Add(-40 * day), DueAt: time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC),
				},
			},
			{Customer: triage.Customer{ID: "WX-7781", Name: "张伟民", Email: "zhangwm@example.com", Region: "广东深圳"}, Person: "C10086", Link: customer.Link{Into: "C10086", By: "demo", At: noon.Add(-9 * day)}},
			{Customer: triage.Customer{ID: "C20001", Name: "李秀英", Phone: "13912340001", Region: "辽宁沈阳", Tier: triage.TierVIP, OptedOut: true}, Person: "C20001", Care: customer.Care{DueAt: noon.Add(20 * day)}},
			{Customer: triage.Customer{ID: "C20002", Name: "王强", Phone: "13912340002", Region: "辽宁沈阳"}, Person: "C20002", Care: customer.Care{DueAt: noon.Add(4 * day)}},
			{Customer: triage.Customer{ID: `<b>13912340009</b>`, Name: `<script>alert(1)</script>`, Region: `=cmd|'/c calc'!A0`, Industry: `"><img src=x>`, Tier: triage.TierPotential}, Person: `<b>13912340009</b>`, Care: customer.Care{DueAt: noon.Add(30 * day)}},
		},
		files: map[triage.CustomerID]customer.File{
			"C10086": {
				Cases: []triage.Case{overcharged(), {
					Complaint: triage.Complaint{ID: "TS-20260112-0031", CustomerID: "WX-7781", At: noon.Add(-48 * day), Text: "月租多扣，电话13812345678", Type: "billing", Satisfaction: new(62.0)},
					Status:    triage.StatusClosed,
				}},
				Exposures: []triage.Exposure{
					{CustomerID: "C10086", Kind: "payment", Key: "银联在线", At: noon.Add(-day), Attrs: map[string]any{"status": "failed", "amount": 100, "phone": "13812345678"}},
					{CustomerID: "WX-7781", Kind: "campaign", Key: "SPRING26", At: noon.Add(-20 * day), Attrs: map[string]any{"channel": "wechat"}},
				},
				Campaigns: []triage.Campaign{{ID: "SPRING26", Name: "春季充值返话费"}},
				Told:      []customer.Told{{Customer: "C10086", Cause: "cluster:K12", Channel: "短信", State: "delivered", At: noon.Add(-6 * day)}, {Customer: "C10086", Cause: "rule:R4:9f", Channel: "短信", State: "sent", At: noon.Add(-7 * day)}},
				Scores: []customer.Score{
					{Survey: 7, Case: "TS-20260112-0031", Customer: "WX-7781", Score: 62, Reasons: []string{"slow", "attitude"}, Text: "等了两周，打13812345678没人接", At: noon.Add(-40 * day), By: "customer"},
					{Survey: 3, Case: "TS-20251101-0002", Customer: "C10086", Score: 95, At: noon.Add(-110 * day), By: "agent"},
				},
				Figures: customer.Figures{Complaints: 4, Open: 1, Satisfaction: new(78.5), Scored: 2},
			},
		},
		twins:    []customer.Candidate{{Record: customer.Record{Customer: triage.Customer{ID: "C20002", Name: "张伟民", Region: "广东深圳"}, Person: "C20002"}, Basis: customer.ByPhone, Strength: customer.Strong}},
		contacts: []customer.Contact{{ID: 1, Customer: "C10086", At: noon.Add(-40 * day), People: "agent、张先生", Channel: triage.ChannelHotline, Content: "说明退费进度，回电13812345678", Feedback: "同意再等两天", By: "agent"}},
		tasks: []customer.Task{
			{
				ID: 1, Kind: customer.TaskLowScore, Customer: "C10086", Case: "TS-20260112-0031", Owner: "demo", Department: "计费中心", Title: "低分跟进：62 分",
				CreatedAt: noon.Add(-30 * time.Hour), DueAt: noon.Add(2 * day), PlanDueAt: noon.Add(-6 * time.Hour), Version: 3,
			},
			{ID: 2, Kind: customer.TaskCallBack, Customer: "C20002", Case: "TS-20260203-0102", Owner: "agent", Title: "回访：满意度", CreatedAt: noon.Add(-day), DueAt: noon.Add(day), Version: 1},
			{ID: 3, Kind: customer.TaskMatch, Case: "TS-20260301-0011", Department: "客服中心", Title: "确认客户：TS-20260301-0011", CreatedAt: noon.Add(-time.Hour), DueAt: noon.Add(2 * day), Candidates: []triage.CustomerID{"C20001", "C20002"}, Version: 1},
			{ID: 4, Kind: customer.TaskContact, Customer: "C20001", Owner: "demo", Title: "<i>联系</i>13812345678", CreatedAt: noon.Add(-3 * day), DueAt: noon.Add(-day), DoneAt: noon.Add(-2 * day), Outcome: "客户满意", Version: 2},
		},
		surveys: []survey.Survey{
			{
				ID: 7, Case: "TS-20260112-0031", Customer: "WX-7781", State: survey.StateAnswered, AnsweredAt: noon.Add(-40 * day), Via: survey.ViaLink, By: "customer", Channel: "短信", NewIssue: true,
				Answer: survey.Answer{Score: 62, Reasons: []survey.Reason{survey.ReasonSlow, survey.ReasonAttitude}, Text: "等了两周，打13812345678没人接 <script>alert(1)</script>"},
			},
			{ID: 3, Case: "TS-20251101-0002", Customer: "C10086", State: survey.StateAnswered, AnsweredAt: noon.Add(-80 * day), Answer: survey.Answer{Score: 95, Text: "=1+1"}, Via: survey.ViaCall, By: "agent"},
		},
		figures: survey.Figures{
			Asked: 40, Answered: 20, Rate: 0.5, Mean: new(81.25), Bands: [5]int{1, 0, 1, 3, 15}, Low: 5,
			Reasons: map[survey.Reason]int{survey.ReasonSlow: 4, survey.ReasonAttitude: 1},
		},
	}
}
