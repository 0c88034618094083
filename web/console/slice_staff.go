package console

// StaffDeps is what the cards of agents and departments, and improvement actions need.
type StaffDeps struct{}

func (d *StaffDeps) complete() bool { return true }

// staffPages are the templates of these pages.
var staffPages = []string{}

func (c *Console) staffRoutes() []route {
	if c.d.Staff == nil {
		return nil
	}
	return []route{}
}

// staffWords are the words of these pages.
var staffWords = map[string]phrase{}
