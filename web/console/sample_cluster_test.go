package console_test

import (
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

var shanghai = time.FixedZone("CST", 8*3600)

// sampleRule is who is affected by the cluster of the tests.
func sampleRule() *prevention.Rule {
	return &prevention.Rule{
		Conditions: []prevention.Condition{{
			Kind: "service", Key: "短信拦截", Attrs: map[string]string{"version": "3.2", "result": "blocked"}, From: noon.AddDate(0, 0, -9),
		}},
		Regions: []string{"大连", "沈阳"},
	}
}

// wrongFilter is the cluster the tests look at.
func wrongFilter() prevention.Cluster {
	return prevention.Cluster{
		ID: "K12", Title: "短信误拦截", Path: prevention.PathText, Stage: prevention.StageCandidate, Type: "system",
		Alarm: prevention.Alarm{
			At: noon.AddDate(0, 0, -2), Score: 6.4, PValue: 4e-7, Severity: prevention.SeverityCritical, Days: 2, Baseline: 0.4, Low: 0, High: 2,
			Complaints: 11, Customers: 9, Copies: 2,
		},
		Explanation: prevention.Explanation{
			Terms: []prevention.Term{
				{Text: "误拦截", Weight: 5.2, Coverage: 0.86}, {Text: "验证码", Weight: 4.1, Coverage: 0.73}, {Text: "收不到", Weight: 2.6, Coverage: 0.64}, {Text: "短信", Weight: 1.2, Coverage: 0.95},
			},
			Attributes: []prevention.Attribute{
				{Field: "region", Value: "大连", Share: 0.84, Lift: 12.3, PValue: 2e-9}, {Field: "product", Value: "安全卫士 3.2", Share: 0.61, Lift: 4.8, PValue: 3e-4},
			},
			Representatives: []triage.ComplaintID{"TS-20260301-0011", "TS-20260301-0020", "TS-20260301-0026"},
			Neighbours: []prevention.Neighbour{
				{Cluster: "K3", Title: "验证码短信延迟", Similarity: 0.62, LastAt: noon.AddDate(0, -11, 0), Solution: "S-17 回退拦截规则并补发短信"},
			},
		},
		Estimate:   prevention.Estimate{Affected: 480, Low: 380, High: 560, Basis: prevention.BasisExposure},
		Complaints: 26, Customers: 22, Copies: 2, FirstAt: noon.AddDate(0, 0, -5), LastAt: noon.Add(-70 * time.Minute), Escalations: 1,
		Rule: sampleRule(), CreatedAt: noon.AddDate(0, 0, -2), Version: 3,
	}
}

func newBureau(f *company) *bureau {
	b := &bureau{
		company: f, members: map[prevention.ClusterID][]prevention.Member{}, silenced: map[prevention.ClusterID]time.Time{},
		found: prevention.Cohort{
			Reasons: []prevention.Evidence{
				{Field: "service", Value: "短信拦截", With: 19, Known: 20, Share: 0.31, Lift: 3.1, PValue: 3e-8},
				{Field: "service.version", Value: "3.2", With: 18, Known: 20, Share: 0.022, Lift: 41, PValue: 1e-22},
				{Field: "region", Value: "大连、沈阳", With: 19, Known: 22, Share: 0.12, Lift: 7.2, PValue: 4e-12},
			},
			Matched: 501, Explained: 18, Known: 20, Excluded: prevention.Excluded{Complained: 18, Told: 3, OptedOut: 7, Contacted: 15},
		},
	}
	for i := range 458 {
		b.found.Customers = append(b.found.Customers, prevention.Candidate{
			Customer: triage.CustomerID("C7" + time.Unix(int64(i), 0).UTC().Format("0405")), Score: 0.97 - float64(i)*0.001, Exposed: noon.Add(-time.Duration(i) * time.Hour),
		})
	}
	k := wrongFilter()
	b.clusters = append(b.clusters, k)
	for _, id := range k.Explanation.Representatives {
		b.members["K12"] = append(b.members["K12"], prevention.Member{Complaint: id, Customer: "C30007", At: noon.Add(-70 * time.Minute)})
	}
	for i := range 60 {
		b.members["K12"] = append(b.members["K12"], prevention.Member{Complaint: triage.ComplaintID("TS-20260228-00" + time.Unix(int64(i), 0).UTC().Format("05")), At: noon.AddDate(0, 0, -1), Copy: i == 3, Pinned: i == 4})
	}
	b.clusters = append(b.clusters, moreClusters()...)
	b.actions = []prevention.Action{
		{ID: 1, Cluster: "K12", Title: "回退拦截规则", Department: "网络部", Owner: "quality", DueAt: noon.Add(-time.Hour), CreatedBy: "demo"},
		{ID: 2, Cluster: "K12", Title: "补发验证码", Department: "计费中心", DueAt: noon.Add(20 * time.Hour), DoneAt: noon.Add(-time.Hour)},
	}
	b.notes = []prevention.Note{{Cluster: "K12", By: "demo", At: noon.Add(-3 * time.Hour), Text: "厂商确认 3.2 版本规则过严，联系人 13812345678"}}
	b.told = []prevention.Announcement{{ID: 1, Cluster: "K12", Kind: prevention.AnnounceRaised, At: noon.AddDate(0, 0, -2), SentAt: noon.AddDate(0, 0, -2), Receiver: "质量群"}}
	b.trail = append(b.trail, triage.AuditEntry{At: noon.Add(-4 * time.Hour), Actor: "demo", Action: "cluster.assign", Object: "cluster:K12", Detail: `{"owner":"quality"}`})
	return b
}

// moreClusters are the neighbours on the board.
func moreClusters() []prevention.Cluster {
	var all []prevention.Cluster
	for i, r := range []struct {
		title, owner, field, value string
		stage                      prevention.Stage
		severity                   prevention.Severity
		customers, days, ago       int
		baseline, p                float64
		affected                   int
	}{
		{"充值后余额未更新", "", "product", "畅享套餐 98", prevention.StageCandidate, prevention.SeverityAlert, 6, 1, 1, 0.7, 2e-4, 150},
		{"宽带装机预约反复改期", "demo", "region", "沈阳", prevention.StageConfirmed, prevention.SeverityAlert, 14, 7, 4, 3.1, 8e-6, 350},
		{"“周年礼”优惠券无法核销", "quality", "campaign", "周年礼", prevention.StageActing, prevention.SeverityCritical, 37, 3, 8, 1.2, 1e-15, 2210},
		{"营业厅排队系统故障", "quality", "channel", "counter", prevention.StageActing, prevention.SeverityAlert, 9, 2, 6, 0.9, 5e-6, 90},
		{"账单重复寄送", "demo", "", "", prevention.StageWatching, prevention.SeverityAlert, 11, 7, 15, 2.2, 1e-5, 270},
		{"路由器电源适配器缺失", "demo", "product", "路由器 R2", prevention.StageClosed, prevention.SeverityAlert, 8, 3, 24, 0.3, 1e-7, 60},
		{"春节祝福短信", "", "", "", prevention.StageDismissed, prevention.SeverityAlert, 5, 1, 12, 0.5, 1e-3, 0},
	} {
		k := prevention.Cluster{
			ID: prevention.ClusterID("K" + time.Unix(int64(4+i), 0).UTC().Format("5")), Title: r.title, Path: prevention.PathText, Stage: r.stage, Type: "service", Owner: r.owner,
			Alarm: prevention.Alarm{
				At: noon.AddDate(0, 0, -r.ago), PValue: r.p, Severity: r.severity, Days: r.days, Baseline: r.baseline, High: r.baseline + 2, Complaints: r.customers, Customers: r.customers - 1,
			},
			Complaints: r.customers + 3, Customers: r.customers, FirstAt: noon.AddDate(0, 0, -r.ago-3), LastAt: noon.AddDate(0, 0, -r.ago/2),
			Estimate: prevention.Estimate{Affected: r.affected, Low: r.affected * 8 / 10, High: r.affected * 13 / 10, Basis: prevention.BasisRule}, Version: 1,
		}
		if r.field != "" {
			k.Explanation.Attributes = []prevention.Attribute{{Field: r.field, Value: r.value, Share: 0.7, Lift: 6.1, PValue: 1e-5}}
		}
		all = append(all, k)
	}
	return all
}
