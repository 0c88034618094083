package console

// LibraryDeps is what the pages of this slice need.
type LibraryDeps struct{}

func (c *Console) libraryRoutes() []route {
	if c.d.Library == nil {
		return nil
	}
	return nil
}

// libraryPages are the templates of this slice.
var libraryPages = []string{}

var libraryWords = map[string]phrase{}
