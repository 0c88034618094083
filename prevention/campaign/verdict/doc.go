// Package verdict says how a campaign is doing: how many of the customers it
// reached complain, against its own earlier days, customers in general and
// campaigns like it, and whether it should go on, be adjusted or stop.
//
// The model: a customer who is reached may complain about the campaign within
// the next 30 days; a [Delay] says how the complaints spread over them. On a
// day the campaign so has a number of customers at risk, and the customers who
// complain are Poisson with a rate per customer at risk. Rates of campaigns
// alike come from a common Gamma distribution, fitted to past ones, which is
// the conjugate prior: little data leaves a rate near those of its like (H.
// Robbins, "An empirical Bayes approach to statistics", 1956; A. Gelman et al.,
// "Bayesian Data Analysis", 3rd ed., 2.6).
//
// A signal may be looked at every day. What raises one are e-processes: under
// "nothing is wrong" the chance that one ever reaches 1/α is at most α, however
// often one looks (J. Ville 1939; A. Ramdas et al., "Game-theoretic statistics
// and safe anytime-valid inference", Statistical Science 38, 2023).
package verdict
