package console

// MarketingDeps is what the pages of campaigns: signals, score cards, ranking, attribution need.
type MarketingDeps struct{}

func (d *MarketingDeps) complete() bool { return true }

// marketingPages are the templates of these pages.
var marketingPages = []string{}

func (c *Console) marketingRoutes() []route {
	if c.d.Marketing == nil {
		return nil
	}
	return []route{}
}

// marketingWords are the words of these pages.
var marketingWords = map[string]phrase{}
