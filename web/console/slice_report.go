package console

// ReportsDeps is what the weekly report and the cost of silence need.
type ReportsDeps struct{}

func (d *ReportsDeps) complete() bool { return true }

// reportPages are the templates of these pages.
var reportPages = []string{}

func (c *Console) reportRoutes() []route {
	if c.d.Reports == nil {
		return nil
	}
	return []route{}
}

// reportWords are the words of these pages.
var reportWords = map[string]phrase{}
