package console

import (
	"net/http"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// membersView is the page of all complaints of a cluster.
type membersView struct {
	clusterHead
	Rows          []memberRow
	Others        []option
	Page, Pages   int
	First, Next   string
	Export, Split string
}

func (c *Console) showMembers(v *visit) error {
	ctx := v.r.Context()
	view, err := c.d.Alarms.Desk.View(ctx, v.clusterID())
	if err != nil {
		return err
	}
	head, err := c.clusterHead(v, &view.Cluster, "members")
	if err != nil {
		return err
	}
	p := membersView{clusterHead: head, Export: head.Path + "/members.csv", Pages: max((len(view.Members)+pageRows-1)/pageRows, 1), Page: 1}
	if n, err := strconv.Atoi(v.r.URL.Query().Get("page")); err == nil {
		p.Page = min(max(n, 1), p.Pages)
	}
	if p.Page > 1 {
		p.First = head.Path + "/members"
	}
	if p.Page < p.Pages {
		p.Next = head.Path + "/members?page=" + count(p.Page+1)
	}
	start := (p.Page - 1) * pageRows
	part := view.Members[start:min(start+pageRows, len(view.Members))]
	if p.Rows, err = c.memberRows(v, part); err != nil {
		return err
	}
	if p.Others, err = c.otherClusters(ctx, v.lang, view.Cluster.ID); err != nil {
		return err
	}
	return c.render(v, http.StatusOK, "members", page{Title: "nav.clusters", Nav: "/clusters", Name: p.Card.ID + " " + p.Card.Title, View: p})
}

// memberRows reads the complaints; one that is no longer stored, or that is for
// another department, has its id and time alone.
func (c *Console) memberRows(v *visit, members []prevention.Member) ([]memberRow, error) {
	ids := make([]triage.ComplaintID, len(members))
	for i, m := range members {
		ids[i] = m.Complaint
	}
	cases, err := c.d.Alarms.Records.Cases(v.r.Context(), ids)
	if err != nil {
		return nil, err
	}
	if cases, err = c.visible(v, cases); err != nil {
		return nil, err
	}
	found := map[triage.ComplaintID]*triage.Case{}
	for i := range cases {
		found[cases[i].ID] = &cases[i]
	}
	rows := make([]memberRow, len(members))
	for i, m := range members {
		rows[i] = memberRow{Value: m.Complaint, Copy: m.Copy, Pinned: m.Pinned}
		if k := found[m.Complaint]; k != nil {
			rows[i].queueRow = c.queueRow(v.lang, k)
		} else {
			rows[i].queueRow = queueRow{ID: c.maskedLine(string(m.Complaint)), Href: casePath(m.Complaint), At: c.when(m.At), Customer: c.maskedLine(string(m.Customer))}
		}
	}
	return rows, nil
}

func (c *Console) exportMembers(v *visit) error {
	ctx := v.r.Context()
	view, err := c.d.Alarms.Desk.View(ctx, v.clusterID())
	if err != nil {
		return err
	}
	var table [][]string
	for start := 0; start < min(len(view.Members), maxExportRows); start += exportPage {
		rows, err := c.memberRows(v, view.Members[start:min(start+exportPage, len(view.Members))])
		if err != nil {
			return err
		}
		for _, r := range rows {
			table = append(table, []string{r.ID, r.At, v.lang.label("channel", r.Channel), r.Customer, r.Type, yes(r.Copy), yes(r.Pinned), r.Line})
		}
	}
	return c.sendTable(v, "cluster:"+string(view.Cluster.ID), memberColumns, table)
}

var memberColumns = []string{
	"field.id", "field.at", "field.channel", "field.customer", "field.type", "member.copy", "member.pinned", "field.text",
}

func yes(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func (c *Console) exportDays(v *visit) error {
	view, err := c.d.Alarms.Desk.View(v.r.Context(), v.clusterID())
	if err != nil {
		return err
	}
	var table [][]string
	for _, d := range view.Series {
		table = append(table, []string{
			d.Day.In(c.d.Zone).Format(dayFace), count(d.Customers), decimal(d.Expected), decimal(d.Low), decimal(d.High), count(d.Complaints),
		})
	}
	return c.sendTable(v, "cluster:"+string(view.Cluster.ID), dayColumns, table)
}

var dayColumns = []string{"day.day", "day.customers", "day.expected", "day.low", "day.high", "day.all"}
