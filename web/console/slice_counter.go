package console

// CounterDeps is what the page at the counter: what may be recommended to a customer, and how it was taken need.
type CounterDeps struct{}

func (d *CounterDeps) complete() bool { return true }

// counterPages are the templates of these pages.
var counterPages = []string{}

func (c *Console) counterRoutes() []route {
	if c.d.Counter == nil {
		return nil
	}
	return []route{}
}

// counterWords are the words of these pages.
var counterWords = map[string]phrase{}
