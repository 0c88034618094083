// Package improve keeps improvement actions: what was found wrong, who changes
// it until when, and whether the complaints fell because of it.
//
// The effect is that on the rate of complaints within a scope, any filter of
// the figures, before and after, with what happened to all other complaints in
// the same weeks taken out: the difference in differences of the logarithms of
// weekly counts, an interrupted time series with a control series (J. Lopez
// Bernal, S. Cummins, A. Gasparrini, "The use of controls in interrupted time
// series studies of public health interventions", International Journal of
// Epidemiology 47, 2018).
package improve
