package console

// PeopleDeps is what the pages of this slice need.
type PeopleDeps struct{}

func (c *Console) peopleRoutes() []route {
	if c.d.People == nil {
		return nil
	}
	return nil
}

// peoplePages are the templates of this slice.
var peoplePages = []string{}

var peopleWords = map[string]phrase{}
