package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
)

// counterLogState is the state of the list of captures as its address has it.
type counterLogState struct {
	Campaign, Attitude, Clerk, From, To, Cursor string
}

func readCounterLogState(q url.Values) counterLogState {
	return counterLogState{
		Campaign: q.Get("campaign"), Attitude: oneOf(q.Get("attitude"), campaign.Attitudes), Clerk: strings.TrimSpace(q.Get("clerk")),
		From: q.Get("from"), To: q.Get("to"), Cursor: q.Get("cursor"),
	}
}

func (s counterLogState) link(path string) string {
	return address(path, "campaign", s.Campaign, "attitude", s.Attitude, "clerk", s.Clerk, "from", s.From, "to", s.To, "cursor", s.Cursor)
}

// captureFilter narrows the log to what the user may see: a user of a department
// sees what was captured there.
func (c *Console) captureFilter(v *visit, s counterLogState) counter.Filter {
	f := counter.Filter{
		Campaign: s.Campaign, Attitude: campaign.Attitude(s.Attitude), Clerk: s.Clerk, Shop: v.user.Department, Cursor: s.Cursor, Limit: pageRows,
	}
	if t, err := time.ParseInLocation(dayFace, s.From, c.d.Zone); err == nil {
		f.From = t
	}
	if t, err := time.ParseInLocation(dayFace, s.To, c.d.Zone); err == nil {
		f.To = t.AddDate(0, 0, 1)
	}
	return f
}

// counterLogView is the list of captures.
type counterLogView struct {
	State                      counterLogState
	Campaigns                  []namedCampaign
	Attitudes                  []campaign.Attitude
	Rows                       []captureRow
	Clear, Export, First, Next string
}

// namedCampaign is a campaign to choose.
type namedCampaign struct {
	ID, Name string
	Chosen   bool
}

func (c *Console) showCounterLog(v *visit) error {
	s := readCounterLogState(v.r.URL.Query())
	names, err := c.d.Counter.Desk.Names(v.r.Context())
	if err != nil {
		return err
	}
	found, err := c.d.Counter.Desk.Log(v.r.Context(), c.captureFilter(v, s))
	if err != nil {
		return err
	}
	view := counterLogView{State: s, Attitudes: campaign.Attitudes}
	for id, name := range names {
		view.Campaigns = append(view.Campaigns, namedCampaign{id, c.maskedLine(cmp.Or(name, id)), id == s.Campaign})
	}
	slices.SortFunc(view.Campaigns, func(a, b namedCampaign) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	for i := range found.Captures {
		view.Rows = append(view.Rows, c.captureRow(v, &found.Captures[i], names))
	}
	if s.Cursor != "" {
		s.Cursor = ""
		view.First = s.link("/counter/log")
	}
	if s != (counterLogState{}) {
		view.Clear = "/counter/log"
	}
	view.Export = s.link("/counter/log/export.csv")
	if s.Cursor = found.Next; s.Cursor != "" {
		view.Next = s.link("/counter/log")
	}
	return c.render(v, http.StatusOK, "counterlog", page{Title: "counter.log", Nav: "/counter", View: view})
}

// captureColumns are keys of the catalogue, in the order of captureRecord.
var captureColumns = []string{
	"counter.id", "counter.at", "counter.campaign", "field.customer", "counter.attitude", "counter.behaviour", "counter.reasons", "counter.words",
	"counter.case", "counter.clerk", "counter.shop",
}

func (c *Console) captureRecord(l language, row *captureRow) []string {
	reasons := make([]string, len(row.Reasons))
	for i, r := range row.Reasons {
		reasons[i] = l.label("objection", string(r))
	}
	behaviour := ""
	if row.Behaviour != "" {
		behaviour = l.label("behaviour", string(row.Behaviour))
	}
	return []string{
		strconv.FormatInt(row.ID, 10), row.At, row.Name, row.Customer.ID, l.label("attitude", string(row.Attitude)), behaviour,
		strings.Join(reasons, l.comma()), row.Words, row.Case, row.Clerk, row.Shop,
	}
}

// exportCounterLog sends the list as CSV, masked.
func (c *Console) exportCounterLog(v *visit) error {
	f := c.captureFilter(v, readCounterLogState(v.r.URL.Query()))
	f.Cursor, f.Limit = "", exportPage
	names, err := c.d.Counter.Desk.Names(v.r.Context())
	if err != nil {
		return err
	}
	var rows [][]string
	for {
		found, err := c.d.Counter.Desk.Log(v.r.Context(), f)
		if err != nil {
			return err
		}
		for i := range found.Captures {
			row := c.captureRow(v, &found.Captures[i], names)
			rows = append(rows, c.captureRecord(v.lang, &row))
		}
		if f.Cursor = found.Next; f.Cursor == "" || len(rows) >= maxExportRows {
			return c.sendTable(v, "captures", captureColumns, rows[:min(len(rows), maxExportRows)])
		}
	}
}
