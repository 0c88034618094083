package console

import (
	"slices"

	judgement "github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// marketBlock is a table of a page of campaigns; path is where its files are.
func (l language) marketBlock(name, path string, rows [][]figure, keys ...string) (block, error) {
	title, err := l.text("mtable." + name)
	if err != nil {
		return block{}, err
	}
	head, err := l.headings(keys...)
	return block{
		Name: name, Title: title, Head: head, Rows: rows,
		CSV: address(path, "table", name, "as", "csv"), XLSX: address(path, "table", name, "as", "xlsx"), Picture: address(path, "table", name, "as", "svg"),
	}, err
}

// about chooses the complaints about a campaign.
func about(id string) fact.Filter { return fact.Filter{}.With(fact.Campaign, id) }

// sendCampaignBlock sends the table that an address names, noted in the trail
// under the object.
func (c *Console) sendCampaignBlock(v *visit, object string, blocks []block) error {
	q := v.r.URL.Query()
	i := slices.IndexFunc(blocks, func(b block) bool { return b.Name == q.Get("table") })
	if i < 0 {
		return triage.Errorf(triage.CodeNotFound, "no such table")
	}
	return c.sendBlock(v, &blocks[i], q.Get("as"), object, blocks[i].Name)
}

// because is the sentence behind a signal.
func (l language) because(v *judgement.Verdict) string {
	if l == english {
		return v.English()
	}
	return v.Chinese()
}
