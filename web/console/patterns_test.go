package console

// Routes are the patterns of all routes, for tests that try every one.
func Routes(c *Console) []string {
	var all []string
	for _, r := range c.table() {
		all = append(all, r.pattern)
	}
	return all
}
