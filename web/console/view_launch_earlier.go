package console

import (
	"net/url"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage"
)

// broughtView is a statement with the complaints that a similar one brought.
type broughtView struct {
	Statement string
	In        launch.Part
	Count     int
	Rows      []broughtRow
}

type broughtRow struct {
	Href, Text, At, Type   string
	Campaign, CampaignHref string
	Match                  string
}

// launchCampaignPath is the page of a campaign.
func launchCampaignPath(id string) string { return "/campaigns/" + url.PathEscape(id) }

// viewEarlier shows the complaints that the visitor may see, masked.
func (c *Console) viewEarlier(v *visit, all []launch.Earlier) ([]broughtView, error) {
	var list []broughtView
	for i := range all {
		e := broughtView{Statement: cut(all[i].Statement, lineRunes), In: all[i].In}
		for j := range all[i].Complaints {
			x := &all[i].Complaints[j]
			seen, err := c.visible(v, []triage.Case{x.Case})
			if err != nil {
				return nil, err
			}
			if len(seen) == 0 {
				continue
			}
			row := broughtRow{
				Href: casePath(x.Case.ID), Text: c.maskedLine(x.Case.Text), At: c.when(x.Case.At), Type: x.Case.Assessment.TypeName, Match: percent(x.Score),
			}
			if x.Campaign != "" {
				row.Campaign, row.CampaignHref = c.maskedLine(x.Campaign), launchCampaignPath(x.Campaign)
			}
			e.Rows = append(e.Rows, row)
		}
		if e.Count = len(e.Rows); e.Count > 0 {
			list = append(list, e)
		}
	}
	return list, nil
}
