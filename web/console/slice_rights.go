package console

// RightsDeps is what the pages of this slice need.
type RightsDeps struct{}

func (c *Console) rightsRoutes() []route {
	if c.d.Rights == nil {
		return nil
	}
	return nil
}

// rightsPages are the templates of this slice.
var rightsPages = []string{}

var rightsWords = map[string]phrase{}
