package console

import (
	"html/template"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

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
	Cross           *crossForm
	Blocks          []qualityBlock
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

// qualityBlock is a table, with its picture where it has one.
type qualityBlock struct {
	Name, Title, Note string
	Chart             template.HTML
	Head              []string
	Rows              [][]figure
	Left              int // rows that are in the export only
	// The addresses of the table as CSV and XLSX and of the picture.
	CSV, XLSX, Picture string
}

// maxTableRows is how many rows of a table a page shows.
const maxTableRows = 60

// figure is one cell: what it says, in full when the pointer rests on it, and
// the cases behind it.
type figure struct {
	Text, Title, Href string
	// Full is Text as a file has it, when that is longer.
	Full string
	// Tone is good, bad, clear, flat or "".
	Tone  string
	Words bool // no number
}

func words(text string) figure { return figure{Text: text, Words: true} }

// compact writes a number from 100 000 on in units of ten thousand; Title has
// it in full then.
func (l language) compact(n int) (text, full string) {
	full = strconv.Itoa(n)
	switch {
	case n < 100_000:
		return full, ""
	case l == english:
		return decimal(float64(n)/1000) + " k", full
	}
	return decimal(float64(n)/10_000) + " 万", full
}

// casesPath is the list of the cases that a filter chooses.
func casesPath(f fact.Filter) string { return "/figures/cases?" + f.Query().Encode() }

// percent1 writes a share with one decimal.
func percent1(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + "%" }

// signed writes a number with its sign.
func signed(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if zero := strconv.FormatFloat(0, 'f', decimals, 64); text == zero || text == "-"+zero {
		return zero
	}
	if x > 0 {
		return "+" + text
	}
	return text
}
