package console

// LaunchDeps is what the check of a campaign before it starts need.
type LaunchDeps struct{}

func (d *LaunchDeps) complete() bool { return true }

// launchPages are the templates of these pages.
var launchPages = []string{}

func (c *Console) launchRoutes() []route {
	if c.d.Launch == nil {
		return nil
	}
	return []route{}
}

// launchWords are the words of these pages.
var launchWords = map[string]phrase{}
