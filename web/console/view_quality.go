package console

// qualityView is one of the pages: the filter bar, key figures, and blocks of a
// picture with its figures.
type qualityView struct {
	Tabs    []clusterTab
	Presets []segment
	Bases   []segment
	Units   []segment
	From    string
	To      string
	Path    string
	Fields  []qualityField
	Hidden  []hiddenField
	Chips   []chip
	Clear   string
	// Range says the period in words, Compared what it is compared with.
	Range, Compared string
	Empty           bool   // no case at all is known
	Reading         bool   // … because the figures are still being read
	Latest          string // a period with cases, when this one has none
	Tiles           []qualityTile
	Open            bool // the page says which limits were kept: open cases are not in that
	Cross           *crossForm
	Blocks          []block
}

// segment is a link among several.
type segment struct {
	Href, Label string
	Active      bool
}

// chip is a condition that the bar has no field for, with the way out of it.
type chip struct{ Label, Href string }

type hiddenField struct{ Name, Value string }

// qualityField is a list of values of the filter bar.
type qualityField struct {
	Name, Label string
	Options     []option
}

// crossForm chooses the rows and columns of the table of two dimensions.
type crossForm struct {
	Rows, Cols []option
	Hidden     []hiddenField
}

// qualityTile is one key figure.
type qualityTile struct {
	Label, Tip string
	Main       figure
	Unit       string
	More       []figure
	Change     figure
}

// maxTableRows is how many rows of a table a page shows.
const maxTableRows = 60
