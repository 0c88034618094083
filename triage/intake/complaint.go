package intake

import (
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// channels are the contract's channels and what sources call them.
var channels = map[string]triage.Channel{
	"hotline": triage.ChannelHotline, "热线": triage.ChannelHotline, "电话": triage.ChannelHotline, "客服热线": triage.ChannelHotline,
	"app": triage.ChannelApp, "手机客户端": triage.ChannelApp, "客户端": triage.ChannelApp,
	"counter": triage.ChannelCounter, "营业厅": triage.ChannelCounter, "柜台": triage.ChannelCounter, "门店": triage.ChannelCounter,
	"web": triage.ChannelWeb, "网站": triage.ChannelWeb, "官网": triage.ChannelWeb, "网上": triage.ChannelWeb,
	"email": triage.ChannelEmail, "邮件": triage.ChannelEmail, "电子邮件": triage.ChannelEmail, "邮箱": triage.ChannelEmail,
	"wechat": triage.ChannelWeChat, "微信": triage.ChannelWeChat, "公众号": triage.ChannelWeChat,
	"other": triage.ChannelOther, "其他": triage.ChannelOther, "其它": triage.ChannelOther,
}

var channelList = func() string {
	names := make([]string, len(triage.Channels))
	for i, c := range triage.Channels {
		names[i] = string(c)
	}
	return strings.Join(names, ", ")
}()

// complaintFields are the names that have a place of their own in a complaint.
var complaintFields = map[string]bool{
	"id": true, "text": true, "title": true, "customer_id": true, "channel": true, "at": true, "region": true, "product": true,
	"campaign": true, "order_id": true, "attrs": true, "type": true, "subtype": true, "resolution": true, "satisfaction": true,
	"closed_at": true,
}

// Complaint reads a complaint and validates it, so that an error of the domain
// (CodeInvalid, CodeTooLarge) also names file and line. The error is a
// *RowError.
func Complaint(r Row) (triage.Complaint, error) { return complaint(&r, "") }

// complaint gives a row without an id of its own the one given.
func complaint(r *Row, id string) (triage.Complaint, error) {
	f := &fields{row: r}
	c := triage.Complaint{
		ID:           triage.ComplaintID(f.code("id")),
		CustomerID:   triage.CustomerID(f.code("customer_id")),
		Channel:      choice(f, "channel", triage.ChannelOther, channels, channelList),
		At:           f.time("at"),
		Title:        f.verbatim("title"),
		Text:         f.verbatim("text"),
		Region:       f.text("region"),
		Product:      f.code("product"),
		Campaign:     f.code("campaign"),
		OrderID:      f.code("order_id"),
		Attrs:        f.object("attrs"),
		Type:         f.code("type"),
		Subtype:      f.code("subtype"),
		Resolution:   f.verbatim("resolution"),
		ClosedAt:     f.time("closed_at"),
		Satisfaction: f.number("satisfaction", 0, 100),
	}
	f.intact("id", "text")
	if c.Text == "" {
		f.intact("title")
	}
	if c.ID == "" {
		c.ID = triage.ComplaintID(id)
	}
	keepExtras(r, &c)
	if f.err == nil {
		f.err = c.Validate()
	}
	if err := f.result(); err != nil {
		return triage.Complaint{}, err
	}
	return c, nil
}

// keepExtras puts what the contract does not know into Attrs; what Attrs says
// already stays.
func keepExtras(r *Row, c *triage.Complaint) {
	for _, extra := range r.cells {
		if extra.kind == absent || extra.name == "" || complaintFields[extra.name] {
			continue
		}
		if _, said := c.Attrs[extra.name]; said {
			continue
		}
		if c.Attrs == nil {
			c.Attrs = map[string]any{}
		}
		c.Attrs[extra.name] = extra.attr()
	}
}
