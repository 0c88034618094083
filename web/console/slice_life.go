package console

// LifeDeps is what the pages of this slice need.
type LifeDeps struct{}

func (c *Console) lifeRoutes() []route {
	if c.d.Life == nil {
		return nil
	}
	return nil
}

// lifePages are the templates of this slice.
var lifePages = []string{}

var lifeWords = map[string]phrase{}
