package console

// QualityDeps is what the pages of figures: volume, types, times, satisfaction, escalations, and the list of the cases behind any figure need.
type QualityDeps struct{}

func (d *QualityDeps) complete() bool { return true }

// qualityPages are the templates of these pages.
var qualityPages = []string{}

func (c *Console) qualityRoutes() []route {
	if c.d.Quality == nil {
		return nil
	}
	return []route{}
}

// qualityWords are the words of these pages.
var qualityWords = map[string]phrase{}
