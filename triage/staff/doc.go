// Package staff compares the work of agents and of departments fairly: who has
// the harder cases is not punished for them, and who has few is not ranked by
// chance.
//
// What somebody's cases would have given in the hands of the colleagues is
// estimated from strata of type, urgency, tier, channel and month without the
// own cases (indirect standardisation). The ratio of observed to expected is
// drawn towards that of the typical colleague, the more the less is known of it,
// by as much as the colleagues really differ (empirical Bayes: R. DerSimonian,
// N. Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7,
// 1986; C. N. Morris, "Parametric Empirical Bayes Inference", JASA 78, 1983).
// There is no order of the best to the worst: somebody is better, as the house,
// or worse, and only where the 90 % interval says so (H. Goldstein, D. J.
// Spiegelhalter, "League Tables and Their Limitations", JRSS A 159, 1996).
package staff
