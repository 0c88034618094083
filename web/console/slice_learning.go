package console

// LearningDeps is what the pages of this slice need.
type LearningDeps struct{}

func (c *Console) learningRoutes() []route {
	if c.d.Learning == nil {
		return nil
	}
	return nil
}

// learningPages are the templates of this slice.
var learningPages = []string{}

var learningWords = map[string]phrase{}
