// Package report makes the weekly report: what rose and fell, why, what was
// done and whether it worked, written in plain sentences.
//
// No sentence stands without figures. A [Sentence] is a template and the
// figures that fill it; a [Figure] knows the measure and the filters that it was
// counted by, so that it can be counted again and leads to its cases. The
// templates themselves hold no digits. A change is called a rise or a fall only
// when it is surely more than noise: see changesOf.
package report
